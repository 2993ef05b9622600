"""Holds that the tools which guard the other laws really do: each is shown something that it must refuse."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.house.tree import ROOT, files

BIN = Path(sys.executable).parent


def run(*command: str | Path, cwd: Path = ROOT, said: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, input=said, capture_output=True, text=True, check=False)


BROKEN = {
    "Imports go down the stairs, and siblings do not see each other": {
        "admitone/flows/ratings.py": "from admitone.wire import door",
        "admitone/wire/door.py": "",
    },
    "Only the store knows SQL and its drivers": {"admitone/flows/ratings.py": "import sqlalchemy"},
    "Who asks no upstream needs no client of HTTP": {
        "admitone/app/__init__.py": "import admitone.sandbox.upstream.source",
    },
    "The client stands alone": {"admitone_client/calls.py": "import admitone.model"},
}
ROOMS = ("app", "basics", "cli", "flows", "model", "pages", "sandbox", "settings", "store", "testing", "wire")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house that keeps every contract."""
    for package in ["admitone", "admitone_client", *(f"admitone/{room}" for room in ROOMS)]:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "admitone/store/engine.py").write_text("import alembic, asyncpg, sqlalchemy, sqlite3")
    (tmp_path / "admitone/cli/upstream.py").write_text("import admitone.sandbox.upstream.source")
    (tmp_path / "admitone/sandbox/upstream").mkdir()
    (tmp_path / "admitone/sandbox/upstream/__init__.py").touch()
    for asking in ("sandbox/upstream/source.py", "testing/redirecting_httpx.py"):
        (tmp_path / "admitone" / asking).write_text("import httpx")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    return tmp_path


def test_import_linter_lets_a_good_house_be(house: Path) -> None:
    assert "4 kept, 0 broken" in run(BIN / "lint-imports", "--no-cache", cwd=house).stdout


@pytest.mark.parametrize("contract", BROKEN)
def test_import_linter_refuses(house: Path, contract: str) -> None:
    for name, content in BROKEN[contract].items():
        (house / name).write_text(content)

    said = run(BIN / "lint-imports", "--no-cache", cwd=house).stdout

    assert f"{contract} BROKEN" in said
    assert "3 kept, 1 broken" in said


def test_import_linter_wants_every_room_on_the_stairs(house: Path) -> None:
    (house / "admitone/attic.py").touch()
    said = run(BIN / "lint-imports", "--no-cache", cwd=house).stdout
    assert "admitone.attic" in said
    assert "3 kept, 1 broken" in said


AFTER_LAW_5 = '''"""Breaks law 5 in every way."""

import os
import random
import secrets
import time
import uuid
from datetime import UTC, datetime
from time import time_ns

MADE = [datetime.now(UTC), datetime.utcnow(), time.time(), time_ns(), random.random(), secrets.token_hex(20)]
MADE += [os.environ["HOME"], os.getenv("HOME"), os.urandom(20), uuid.uuid4()]
'''


def ruff(rule: str, path: str, content: str) -> list[str]:
    command = ("check", "--no-cache", "--select", rule, "--output-format", "concise", "--stdin-filename", path, "-")
    return [line for line in run(BIN / "ruff", *command, said=content).stdout.splitlines() if f": {rule} " in line]


def test_ruff_refuses_other_clocks_other_chance_and_other_settings() -> None:
    found = {line.split("`")[1] for line in ruff("TID251", "src/admitone/flows/sessions.py", AFTER_LAW_5)}
    times = {"datetime.datetime.now", "datetime.datetime.utcnow", "time.time", "time.time_ns"}
    assert found == times | {"random", "secrets", "os.urandom", "uuid.uuid4", "os.environ", "os.getenv"}


@pytest.mark.parametrize("path", ["basics/clock.py", "basics/entropy.py", "settings.py"])
def test_ruff_lets_the_one_place_do_it(path: str) -> None:
    assert ruff("TID251", f"src/admitone/{path}", AFTER_LAW_5) == []


HIDDEN = '"""Hides an import."""\n\n\ndef f() -> None:\n    """Hide it."""\n    import sqlite3\n'


def test_ruff_refuses_an_import_hidden_in_a_function() -> None:
    assert len(ruff("PLC0415", "src/admitone/flows/sessions.py", HIDDEN)) == 1
    assert ruff("PLC0415", "src/admitone/cli/serve.py", HIDDEN) == []


def test_mypy_is_strict(tmp_path: Path) -> None:
    (tmp_path / "loose.py").write_text('"""Is loose."""\n\n\ndef f(x):\n    return x\n')
    done = run(
        BIN / "mypy", "--cache-dir", "/dev/null", "--config-file", ROOT / "pyproject.toml", tmp_path / "loose.py"
    )
    assert "no-untyped-def" in done.stdout


def test_the_wheel_holds_everything_that_lies_in_the_package(tmp_path: Path) -> None:
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    ours = {path.relative_to("src").as_posix() for path in files() if path.is_relative_to("src/admitone")}
    assert ours - held == set()
    assert {name.rpartition("/")[2] for name in held if ".dist-info/licenses/" in name} == {"LICENSE", "NOTICE"}


def locked(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    pins = (Requirement(line.removesuffix(" \\")) for line in lines if line[0].isalnum())
    return {pin.name: next(iter(pin.specifier)).version for pin in pins}


def test_the_locks_hold_what_the_project_asks_for_and_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    client = tomllib.loads((ROOT / "client" / "pyproject.toml").read_text())
    server, dev = locked("server"), locked("dev")
    wanted = {"server": (server, project["project"]["dependencies"])}
    wanted["dev"] = (dev, project["dependency-groups"]["dev"] + client["project"]["dependencies"])
    for name, (lock, lines) in wanted.items():
        for requirement in map(Requirement, lines):
            assert lock[requirement.name] in requirement.specifier, f"{name}: {requirement}: run make lock"
    assert server.items() <= dev.items()
    assert locked("bootstrap") == {"uv": dev["uv"]}
