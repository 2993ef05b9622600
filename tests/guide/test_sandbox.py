"""Runs what docs/sandbox.md shows, as its readers would: its files, its commands, its seed."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import typer.main

from admitone.cli.commands import command_line
from admitone.sandbox.shapes import Seed
from admitone.testing.local import LocalSandbox
from tests.examples.node import furnished, passed
from tests.house import tree

GUIDE = tree.text(Path("docs/sandbox.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"\A(?:#|//) ([\w.-]+)\n")
BLOCKS = BLOCK.findall(GUIDE)
FILES = {found[1]: (language, text) for language, text in BLOCKS if (found := NAMED.match(text))}
# A page as pytest-playwright gives it, with the browser of these tests.
PAGE = """
import pytest
from playwright.sync_api import sync_playwright
from tests import chromium


@pytest.fixture
def page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=list(chromium.FLAGS))
        yield browser.new_page()
        browser.close()
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[LocalSandbox]:
    sandbox = LocalSandbox()
    yield sandbox
    sandbox.stop()


def written(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(FILES[name][1], encoding="utf-8")


def by_pytest(folder: Path) -> str:
    """Run pytest as a reader has it, who uses none of our other plugins; what it printed."""
    without = [
        flag
        for name in ("cacheprovider", "asyncio", "randomly", "schemathesis", "xdist")
        for flag in ("-p", f"no:{name}")
    ]
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", ".", "-q", *without]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_file_of_the_guide_is_run_by_a_test_of_this_file() -> None:
    shown = set(FILES)
    assert shown == {
        "my_app.py",
        "test_my_app.py",
        "my-app.test.mjs",
        "worlds.sh",
        "seed.toml",
        "test_fixed_host.py",
        "test_browser.py",
    }
    assert [text for language, text in BLOCKS if language in ("python", "js", "toml") and not NAMED.match(text)] == []


def test_the_tests_in_python_are_green(tmp_path: Path) -> None:
    written(tmp_path, "my_app.py", "test_my_app.py", "test_fixed_host.py", "test_browser.py")
    (tmp_path / "conftest.py").write_text(f"import sys\nsys.path.append({str(tree.ROOT)!r})\n{PAGE}")
    assert "5 passed" in by_pytest(tmp_path)


def test_the_tests_in_javascript_are_green(tmp_path: Path) -> None:
    written(furnished(tmp_path), "my-app.test.mjs")
    assert passed(tmp_path, "my-app.test.mjs") == 2


def test_the_calls_by_hand_do_what_they_say(sandbox: LocalSandbox) -> None:
    calls = FILES["worlds.sh"][1].replace("http://127.0.0.1:8000", sandbox.url)
    done = subprocess.run(["bash", "-eu"], input=calls, capture_output=True, text=True, check=True, timeout=60)
    approved, _clock, session = map(msgspec.json.decode, done.stdout.splitlines())
    assert (approved["state"], session["success"]) == ("approved", True)


def test_the_seed_makes_a_world(sandbox: LocalSandbox) -> None:
    text = FILES["seed.toml"][1].encode()
    msgspec.toml.decode(text, type=Seed)
    world = sandbox.world(seed=msgspec.toml.decode(text))
    assert ([person.username for person in world.people], world.app().name) == (["ana"], "CineShelf")
    assert world.clock.now.year == 2027
    world.delete()


def commands() -> list[list[str]]:
    """Every command line of ours in the guide, in blocks and between words."""
    lines = [line.strip().removeprefix("- run: ") for _, text in BLOCKS for line in text.splitlines()]
    lines += re.findall(r"`(admitone [a-z]+ [^`]+)`", BLOCK.sub("", GUIDE).replace("\n", " "))
    return [line.removesuffix(" &").split()[1:] for line in lines if re.match(r"admitone [a-z]", line)]


def test_every_command_exists_with_its_flags() -> None:
    known = getattr(typer.main.get_command(command_line()), "commands", {})
    assert len(commands()) > 5
    for name, *arguments in commands():
        # Parsed, not run: what is wrong with a flag is told here.
        known[name].make_context(name, list(arguments))


def test_workflows_run_what_is_shown_elsewhere() -> None:
    workflows = [text for language, text in BLOCKS if language == "yaml"]
    assert len(workflows) == 2
    for text in workflows:
        assert re.findall(r"^ *- (?:run|uses|if): \S", text, re.MULTILINE)
        assert "\t" not in text
