"""Holds that the bench runs and shows every row on both engines, and what each request asks of its database."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import table
from tests.house.tree import ROOT

# It starts four servers one after another, on cores that all other tests want as well.
pytestmark = pytest.mark.timeout(400)

# Statements and transactions of each kind of request: one to recognise the caller, the others in the write.
ASKED = {
    "account (R1)": (1, 1),
    "token/new (W1)": (4, 2),
    "session/new": (4, 2),
    "rating (W2)": (4, 2),  # the title's votes move with a new rating, and what the app changed is written down
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """What the bench printed and kept, run in the form that only shows that it runs."""
    kept = tmp_path_factory.mktemp("bench") / "found.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "tiny", "--json", kept], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(kept.read_text())


@pytest.mark.parametrize("engine", ["SQLite", "PostgreSQL"])
@pytest.mark.parametrize("name", ASKED)
def test_every_row_is_printed(found: tuple[str, dict[str, Any]], name: str, engine: str) -> None:
    printed, kept = found
    (row,) = (row for row in kept["rows"] if (row["name"], row["engine"]) == (name, engine))
    assert row["per_second"] > 0
    assert row["cpu_us"] > 0
    assert (row["statements"], row["transactions"]) == ASKED[name]
    (line,) = (line for line in printed.splitlines() if line.startswith(f"{name:16}{engine} "))
    assert f"{row['per_second']:,}" in line
    assert "{} in {}".format(*ASKED[name]) in line


def test_the_floors_are_printed_beside(found: tuple[str, dict[str, Any]]) -> None:
    printed, kept = found
    assert [row["name"] for row in kept["rows"][:2]] == ["bare server", "group commit"]
    assert all(row["per_second"] > 0 for row in kept["rows"])
    assert "of the group commit's requests a second" in printed


def test_the_kept_results_are_of_a_real_run() -> None:
    kept = json.loads(Path(ROOT / "bench/results/latest.json").read_text())
    assert kept["form"]["name"] in {"quick", "full"}
    assert {(row["name"], row["engine"]) for row in kept["rows"]} >= {
        (name, engine) for name in ASKED for engine in ("SQLite", "PostgreSQL")
    }
    assert table.text(kept)
