"""What people do with apps written in JavaScript, by clients as npm has them, with both databases."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.clients.served import Served

HERE = Path(__file__).parent
STORIES = {"lorenzopant.test.mjs": 6, "moviedb.test.mjs": 8}


def test_every_story_is_told() -> None:
    told = {path.name: path.read_text(encoding="utf-8").count('\ntest("') for path in HERE.glob("*.test.mjs")}
    assert told == STORIES


@pytest.mark.parametrize("stories", STORIES)
def test_the_stories_of_a_client_end_well(stories: str, served: Served) -> None:
    assert (HERE / "node_modules").is_dir(), "scripts/node installs the clients; make test runs it"
    facts = {
        "ORIGIN": served.origin,
        "KEY": served.key,
        "READ_TOKEN": served.read_token,
        "USERNAME": served.username,
        "PASSWORD": served.password,
        "APPROVED": served.approved(),
    }
    run = subprocess.run(
        ["node", "--test", "--test-reporter=tap", stories],
        cwd=HERE,
        env={"PATH": os.environ["PATH"], **{f"SERVED_{name}": value for name, value in facts.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    print(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.findall(r"^# pass (\d+)$", run.stdout, re.MULTILINE) == [str(STORIES[stories])]
