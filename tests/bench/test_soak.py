"""Holds that a soak plays every story without an error, tells of memory and waits, and leaves nothing behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.soak import verdict
from tests.house.tree import ROOT

pytestmark = pytest.mark.timeout(300)
KINDS = {"R1", "R2", "R3", "W1", "W2", "decision", "login", "page", "refused", "revoke", "session"}


def test_a_soak_of_two_short_minutes(tmp_path: Path) -> None:
    kept = tmp_path / "soak.json"
    command = [
        sys.executable,
        "-m",
        "bench.soak",
        "--minutes",
        "0.05",
        "--minute",
        "1.5",
        "--rate",
        "30",
        "--json",
        str(kept),
    ]
    environment = {"TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(kept.read_text())
    assert found["errors"] == 0
    assert set(found["kinds"]) == KINDS
    assert [row["minute"] for row in found["rows"]] == [1, 2]
    assert all(row["answers"] and row["rss_mb"][0] >= row["own_mb"][0] > 0 for row in found["rows"])
    assert done.stdout.endswith("\n".join(verdict(found)) + "\n")
    assert list(tmp_path.glob("admitone-*")) == []
