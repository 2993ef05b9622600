"""This file records what an upstream answered, without any secret, and plays it again where there is no upstream."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec

from admitone.model.faults import Fault, Refused
from admitone.sandbox.upstream.asking import Ask
from admitone.sandbox.upstream.keeping import Found

HIDDEN: Final = "[hidden]"
# What has the shape of a key, a token or a session; no text of the catalogue looks like that.
_SHAPES: Final = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]{32,}|eyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?)(?![0-9A-Za-z])")
_DIGITS: Final = 10
_LONGEST_NAME: Final = 60


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    path: str
    query: dict[str, str]


class _Answered(msgspec.Struct, forbid_unknown_fields=True):
    status: int
    body: Any
    etag: str = ""
    cache_control: str = ""


class _Take(msgspec.Struct, forbid_unknown_fields=True):
    asked: _Asked
    answered: _Answered


class TapeError(Exception):
    """A recording cannot be used; the sentence says which and why."""


class Recorder:
    """Writes one file for each question, so that a change of one answer is a change of one file."""

    def __init__(self, folder: Path, secrets: tuple[str, ...]) -> None:
        """`secrets` are written nowhere, whatever they look like. Raises OSError."""
        self._folder = folder
        self._secrets = secrets
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, ask: Ask, found: Found) -> None:
        """Record an answer, in place of an earlier one. Raises OSError."""
        asked = _Asked(ask.path, dict(ask.query))
        answered = _Answered(found.status, msgspec.json.decode(found.body), found.etag, found.cache_control)
        take = msgspec.to_builtins(_Take(asked, answered))
        text = self._clean(json.dumps(take, indent=1, ensure_ascii=False))
        path = self._folder / _file_name(ask)
        half = path.with_suffix(".half")
        half.write_text(f"{text}\n", encoding="utf-8")
        half.replace(path)

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _SHAPES.sub(HIDDEN, text)


class Player:
    """An upstream made of recordings: it asks nobody."""

    def __init__(self, folder: Path) -> None:
        """Read all that was recorded. Raises TapeError."""
        self._found: dict[Ask, Found] = {}
        for path in sorted(folder.glob("*.json")):
            try:
                take = msgspec.json.decode(path.read_bytes(), type=_Take)
            except (OSError, msgspec.DecodeError) as error:
                raise TapeError(f"{path} is no recording: {error}") from error
            ask = Ask(take.asked.path, tuple(sorted(take.asked.query.items())))
            told = take.answered
            self._found[ask] = Found(told.status, msgspec.json.encode(told.body), told.etag, told.cache_control)
        if not self._found:
            raise TapeError(f"{folder} holds no recordings; make some with --record")

    async def find(self, ask: Ask) -> Found:
        """What was recorded. Raises Refused(NOT_RECORDED)."""
        try:
            return self._found[ask]
        except KeyError:
            raise Refused(Fault.NOT_RECORDED, detail=ask.target) from None

    async def aclose(self) -> None:
        """Nothing is open."""


def _file_name(ask: Ask) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", ask.path.removeprefix("/3/").lower()).strip("-")[:_LONGEST_NAME]
    return f"{words}.{sha256(ask.target.encode()).hexdigest()[:_DIGITS]}.json"
