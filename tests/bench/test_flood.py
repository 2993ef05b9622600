"""Holds that a flood is told to its end: what was usual, what came, who was let in, and that nothing broke."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

pytestmark = pytest.mark.timeout(300)


def test_a_short_flood(tmp_path: Path) -> None:
    kept = tmp_path / "flood.json"
    command = [sys.executable, "-m", "bench.flood", "--seconds", "1", "--json", str(kept)]
    environment = {"TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "p99 of those let in" in done.stdout
    found = json.loads(kept.read_text())
    assert [row["errors"] for row in found["rows"]] == [[], [], [], []]
    usual, begins, flood, _ = (row["answered"] for row in found["rows"])
    assert usual > 0
    assert begins + flood > 0
    # How much could be asked is the machine's affair, on which others are at work.
    assert 0 < found["capacity"] <= found["most"]
    assert found["rows"][2]["asked"] > 0
