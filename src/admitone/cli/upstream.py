"""This file opens what a sandbox reads its catalogue from, as `admitone sandbox` was told: TMDB, or a recording."""

from pathlib import Path
from typing import TYPE_CHECKING

from admitone.cli import frame
from admitone.sandbox.upstream.keeping import Source
from admitone.sandbox.upstream.tape import Player, Recorder, TapeError

if TYPE_CHECKING:
    from admitone.sandbox.upstream.source import Upstream

NEEDS_HTTPX = "--upstream needs httpx, which is not installed: pip install 'admitone[upstream]'"
ONE_OF_THEM = "--replay asks nobody: leave --upstream and --record away."
BOTH = "--upstream and --upstream-token-file come together."
RECORDS_WHAT = "--record needs an --upstream to record."


def opened_source(
    upstream: str | None, token_file: Path | None, record: Path | None, replay: Path | None
) -> Source | None:
    """What was asked for, None for nothing; ends the program with a sentence when it cannot be."""
    if replay is not None:
        if upstream or token_file or record:
            frame.stop(ONE_OF_THEM, frame.UNUSABLE)
        return _played(replay)
    if (upstream is None) != (token_file is None):
        frame.stop(BOTH, frame.UNUSABLE)
    if upstream is None or token_file is None:
        if record is not None:
            frame.stop(RECORDS_WHAT, frame.UNUSABLE)
        return None
    return _asked(upstream, token_file, record)


def _played(folder: Path) -> Player:
    try:
        return Player(folder)
    except TapeError as error:
        frame.stop(f"--replay: {error}.", frame.UNUSABLE)


def _asked(upstream: str, token_file: Path, record: Path | None) -> "Upstream":
    try:
        from admitone.sandbox.upstream.source import Upstream
    except ImportError:
        frame.stop(NEEDS_HTTPX, frame.UNUSABLE)
    try:
        token = token_file.read_text(encoding="utf-8").strip()
        recorder = Recorder(record, (token,)) if record else None
        return Upstream(upstream, token, recorder=recorder)
    except (OSError, UnicodeDecodeError) as error:
        frame.stop(f"--upstream-token-file and --record: {error}.", frame.UNUSABLE)
    except ValueError as error:
        frame.stop(f"--upstream: {error}.", frame.UNUSABLE)
