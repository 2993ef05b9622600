"""What the authors of clients test against TMDB holds against us, with both databases."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.published.player import PASSED
from tests.clients.published.suites import STAND_INS, TMDBSIMPLE, TMDBV3API, Suite
from tests.clients.served import Served

# Ruby Sparks and Star Wars, Breaking Bad; on the lists Scarface and 12 Years a Slave.
MARKED = (("movie", 103332), ("movie", 11), ("tv", 1396))
ON_A_LIST = (*[111] * 10, 76203)


def live_a_little(served: Served) -> int:
    """Do what the suites expect an account to have done; the number of a list with a film in it."""
    for mark in ("favorite", "watchlist"):
        for media_type, media_id in MARKED:
            served.does("POST", f"/account/0/{mark}", {"media_type": media_type, "media_id": media_id, mark: True})
    list_id: object = None
    for film in ON_A_LIST:
        list_id = served.does("POST", "/list", {"name": f"With {film}"})["list_id"]
        served.does("POST", f"/list/{list_id}/add_item", {"media_id": film})
    return int(str(list_id))


def lay_out(suite: Suite, folder: Path, list_id: int) -> Path:
    """Copy the suite, fill in what names an account's own things, put our stand-in beside it."""
    tests = folder / "tests"
    shutil.copytree(suite.published, tests)
    for name, lines in suite.filled_in.items():
        text = (tests / name).read_text(encoding="utf-8")
        for theirs, ours in lines.items():
            assert text.count(theirs) == 1, f"{theirs} is in {name} {text.count(theirs)} times"
            text = text.replace(theirs, ours.format(list_id))
        (tests / name).write_text(text, encoding="utf-8")
    shutil.copyfile(STAND_INS / f"{suite.client}.py", tests / suite.stand_in)
    return tests


def play(tests: Path, served: Served) -> dict[str, str]:
    """Run them all; how each ended."""
    package = (tests / "__init__.py").exists()
    environment = {
        "PATH": os.environ["PATH"],
        "TMDB_API_KEY": served.key,
        "TMDB_SESSION_ID": served.session,
        "TMDB_USERNAME": served.username,
        "TMDB_PASSWORD": served.password,
    }
    top = tests.parent if package else tests
    run = subprocess.run(
        [sys.executable, Path(__file__).parent / "player.py", served.origin, top, tests],
        env=environment,
        cwd=tests.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    outcomes: dict[str, str] = json.loads(run.stdout.splitlines()[-1])
    return {name.removeprefix("tests."): outcome for name, outcome in outcomes.items()}


@pytest.mark.parametrize("suite", [TMDBSIMPLE, TMDBV3API], ids=lambda suite: suite.client)
def test_a_published_suite_passes_but_for_what_we_do_not_serve(suite: Suite, served: Served, tmp_path: Path) -> None:
    outcomes = play(lay_out(suite, tmp_path, live_a_little(served)), served)
    assert len(outcomes) == suite.size
    failed = {name: outcome for name, outcome in outcomes.items() if outcome != PASSED}
    print(f"{suite.client}: {len(outcomes)} tests, {len(outcomes) - len(failed)} passed, {len(failed)} left out")
    wrong = "\n".join(f"{name}: {outcome}" for name, outcome in failed.items() if suite.reason(name) is None)
    assert not wrong, wrong
    served_by_now = [name for name in outcomes if name not in failed and suite.reason(name)]
    assert not served_by_now, "these pass: take them from the list of what is left out"
