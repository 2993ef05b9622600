"""Holds that the bench runs and shows every row on both engines, and what each request asks of its database."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bench import cells, picture, table
from bench.peers import starting
from tests.house.tree import ROOT

# It starts servers one after another, on cores that all other tests want as well.
pytestmark = pytest.mark.timeout(400)

# Statements and transactions of each kind of request: one to recognise the caller, the others in what it is about.
ASKED = {
    "account (R1)": (1, 1),
    "account_states (R2)": (2, 2),
    "20 rated films (R3)": (3, 2),
    "token/new (W1)": (4, 2),
    "session/new": (4, 2),
    "rating (W2)": (4, 2),  # the title's votes move with a new rating, and what the app changed is written down
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bench kept what it measured, run in the form that only shows that it runs."""
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, "-m", "bench", "tiny", "--results", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (folder / "latest.txt").read_text()
    return folder


@pytest.fixture(scope="module")
def found(kept: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((kept / "latest.json").read_text())
    return document


def rows(found: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["name"], row["engine"]): row for row in found["rows"]}


@pytest.mark.parametrize("engine", ["SQLite", "PostgreSQL"])
@pytest.mark.parametrize("name", ASKED)
def test_every_row_is_printed(kept: Path, found: dict[str, Any], name: str, engine: str) -> None:
    row = rows(found)[name, engine]
    assert row["per_second"] > 0
    assert row["cpu_us"] > 0
    assert (row["statements"], row["transactions"]) == ASKED[name]
    printed = (kept / "latest.txt").read_text().splitlines()
    (line,) = (line for line in printed if line.startswith(f"{name:23} {engine} ") and " in " in line)
    assert f"{row['per_second']:,.0f}" in line
    assert "{} in {}".format(*ASKED[name]) in line


def test_the_floors_stand_beside(found: dict[str, Any]) -> None:
    floors = {row["name"] for row in found["rows"] if row["group"] == "floors" and row["per_second"] > 0}
    wanted = {cells.BARE, cells.COMMITS, cells.SAVEPOINTS, cells.HASHES, cells.PGBENCH_R1, cells.PGBENCH_W2}
    # nginx is the distribution's; without it the bench says so and goes on.
    assert floors >= wanted
    assert cells.NGINX in floors or any("nginx" in sentence for sentence in found["missing"])


def test_promises_are_told_with_what_is(found: dict[str, Any]) -> None:
    words = {row["words"] for row in found["targets"]}
    assert words >= {"R1, SQLite, of the bare server", "W2, PostgreSQL, of pgbench", "one worker idle, MB"}
    assert all(row["is"] > 0 for row in found["targets"])


def test_waits_at_a_steady_rate_are_told(found: dict[str, Any]) -> None:
    steady = {(row["name"], row["engine"]): row for row in found["rows"] if row["group"] == "steady"}
    assert {engine for name, engine in steady if name == "rating, 400/s"} == {"SQLite", "PostgreSQL"}
    assert all(0 < row["p50_ms"] <= row["p99_ms"] for row in steady.values() if row["per_second"])


def test_every_server_was_weighed(found: dict[str, Any]) -> None:
    assert {"Admit One, SQLite", "Admit One, PostgreSQL", "bare server"} <= set(found["memory_mb"])
    assert all(found["memory_mb"][name]["after"] > 0 for name in found["memory_mb"])


@pytest.mark.parametrize("folder", ["kept", "committed"])
def test_the_picture_shows_every_promise(kept: Path, folder: str) -> None:
    place = kept if folder == "kept" else ROOT / "bench/results"
    document = json.loads((place / "latest.json").read_text())
    drawn = (place / "latest.svg").read_text()
    assert drawn == picture.drawn(document) + "\n"
    texts = {element.text for element in ET.fromstring(drawn).iter() if element.tag.endswith("text")}
    assert texts >= {row["words"] for row in document["targets"]}


def test_the_kept_results_are_of_a_real_run() -> None:
    document = json.loads((ROOT / "bench/results/latest.json").read_text())
    assert document["form"]["name"] in {"quick", "full", "long"}
    assert set(rows(document)) >= {(name, engine) for name in ASKED for engine in ("SQLite", "PostgreSQL")}
    assert table.text(document) in (ROOT / "bench/results/latest.txt").read_text()


def test_every_peer_s_version_is_locked() -> None:
    versions = starting.versions()
    assert {"oidc-provider", "@stoplight/prism-cli", "json-server", "django", "fastapi", "authlib"} <= set(versions)
    assert all(version[0].isdigit() for version in versions.values())
