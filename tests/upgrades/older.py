"""The program as it was before the newest step of the schema: its code, from the repository's own history."""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.house.tree import ROOT
from tests.running import Nursery

STEPS = "src/admitone/store/migrations/versions"


def before(newest: str) -> tuple[str, str]:
    """The latest commit whose newest step is older than this one, and that step."""
    for commit in _commits():
        steps = [name[:4] for name in _git("ls-tree", "--name-only", f"{commit}:{STEPS}").decode().split()]
        there = max(number for number in steps if number.isdigit())
        if there < newest:
            return commit, there
    raise AssertionError(f"no commit before step {newest}: the whole history is needed, not a shallow clone")


def _commits() -> Iterator[str]:
    """From the newest to the oldest, each that changed the steps, and what each found there."""
    yield "HEAD"
    for line in _git("log", "--format=%H %P", "--", STEPS).decode().splitlines():
        yield from line.split()[:2]


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


class OlderNursery(Nursery):
    """Where processes of the program come from as it was at a commit."""

    def __init__(self, commit: str, folder: Path) -> None:
        with tarfile.open(fileobj=io.BytesIO(_git("archive", commit, "src"))) as packed:
            packed.extractall(folder, filter="data")
        self._source = folder / "src"
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, arguments: list[str], folder: Path, environment: Mapping[str, str], streams: list[Path]) -> int:
        """See `Nursery`."""
        own = {**os.environ, **environment, "PYTHONPATH": str(self._source)}
        program = [sys.executable, "-m", "admitone", *arguments]
        with streams[0].open() as source, streams[1].open("w") as out, streams[2].open("w") as err:
            child = subprocess.Popen(program, cwd=folder, env=own, stdin=source, stdout=out, stderr=err)
        self._children[child.pid] = child
        return child.pid

    def status(self, pid: int) -> int | None:
        """See `Nursery`."""
        return self._children[pid].poll()
