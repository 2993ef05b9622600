"""What the tests of the proxy share: a sandbox, and a proxy that leads to it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.databases import SqliteDatabases
from tests.running import Admitone, Nursery, Running, program, until


class Led(NamedTuple):
    """A sandbox with what it told programs, and the variables that lead there."""

    admitone: Admitone
    ready: dict[str, Any]
    proxy: Running
    variables: dict[str, str]


def written(path: Path, process: Running) -> str:
    """What a process writes into a file when it is ready."""

    def look() -> str | None:
        assert process.status() is None, process.err.read_text()
        return path.read_text() if path.exists() else None

    return until(look, path.name)


@pytest.fixture(scope="module")
def led(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Led]:
    with program(nursery, tmp_path_factory.mktemp("led") / "here", sqlite_databases.empty()) as admitone:
        sandbox = admitone.start("sandbox", "--port", "0", "--ready-file", "ready.json")
        ready = json.loads(written(admitone.folder / "ready.json", sandbox))
        admitone.secrets |= {ready[name] for name in ("api_key", "read_token", "password")}
        flags = ("--sandbox", ready["base_url"], "--env-file", "led.env", "--folder", "trust")
        proxy = admitone.start("proxy", *flags)
        lines = written(admitone.folder / "led.env", proxy).splitlines()
        yield Led(admitone, ready, proxy, dict(line.split("=", 1) for line in lines))
