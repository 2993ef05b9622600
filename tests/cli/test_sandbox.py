"""`admitone sandbox`: what it prints works when pasted, what it writes for programs is whole, what it keeps lasts."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.callers import App, Person
from tests.running import Admitone, Credentials, Running, Server, until

PASTE = "ready to paste:\n"


class Sandbox:
    """A sandbox, what it printed and what it wrote for programs."""

    def __init__(self, admitone: Admitone, *flags: str, keep: bool = True) -> None:
        self.admitone = admitone
        self.ready_file = admitone.folder / "ready.json"
        self.ready_file.unlink(missing_ok=True)
        kept = ("--database", admitone.database) if keep else ()
        arguments = ("sandbox", "--port", "0", "--ready-file", "ready.json", *kept, *flags)
        process = admitone.start(*arguments)
        self.ready: dict[str, Any] = until(lambda: _read(self.ready_file, process), "ready file")
        self.printed = until(lambda: _whole(process), "printed steps")
        origin = self.ready["base_url"]
        self.server = Server(**vars(process), origin=origin, port=int(origin.rpartition(":")[2]))
        credentials = Credentials("", self.ready["api_key"], self.ready["read_token"])
        admitone.secrets |= {*credentials[1:], self.ready["password"]}
        self.app = App(admitone, self.server, credentials)
        self.person = Person(admitone, self.server)

    def session(self) -> str:
        return self.app.session(self.ready["username"], self.ready["password"])


def _read(ready_file: Path, process: Running) -> dict[str, Any] | None:
    """What is in the file, at the first sight of it."""
    if ready_file.exists():
        ready: dict[str, Any] = json.loads(ready_file.read_text())
        return ready
    assert process.status() is None, process.err.read_text()
    return None


def _whole(process: Running) -> str | None:
    """Everything that a sandbox prints, once it is all there."""
    text = process.out.read_text()
    return text if "Stop with Ctrl-C" in text else None


def test_the_ready_file_holds_what_an_app_needs_to_begin(admitone: Admitone) -> None:
    sandbox = Sandbox(admitone)
    ready = sandbox.ready

    names = ["base_url", "site_url", "control_url", "api_key", "read_token", "username", "password", "world"]
    assert list(ready) == names
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", ready["base_url"])
    assert httpx.get(f"{ready['control_url']}/health").json()["ready"] is True
    bearer = {"Authorization": f"Bearer {ready['read_token']}"}
    assert httpx.get(f"{ready['base_url']}/3/authentication", headers=bearer).json()["success"] is True
    assert sandbox.app.account(sandbox.session()).json()["username"] == ready["username"]
    assert sandbox.app.rated(sandbox.session()) == {}


def test_the_ready_file_appears_whole_and_leaves_nothing_beside_it(admitone: Admitone) -> None:
    Sandbox(admitone)

    beside = [path.name for path in admitone.folder.iterdir() if path.name.startswith("ready")]
    assert beside == ["ready.json"]


def test_a_database_that_is_kept_works_again_with_fresh_credentials(admitone: Admitone) -> None:
    first = Sandbox(admitone)
    session = first.session()
    first.app.rate(session, 550, 8.5)
    assert first.server.stop() == 0
    second = Sandbox(admitone)

    assert second.ready["api_key"] != first.ready["api_key"]
    assert first.app.key == first.ready["api_key"]
    assert second.app.call("GET", "/3/authentication", api_key=first.app.key).status_code == 401
    assert second.app.account(session).json()["username"] == second.ready["username"]
    assert second.app.rated(second.session()) == {550: 8.5}


def test_a_sandbox_that_keeps_nothing_leaves_nothing(admitone: Admitone, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    admitone.environment["TMPDIR"] = str(place)
    sandbox = Sandbox(admitone, keep=False)
    assert list(place.iterdir()) != []

    assert sandbox.server.stop() == 0
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(("seed", "unknown"), [("sample", 404), ("none", 201)])
def test_the_seed_decides_which_films_there_are(admitone: Admitone, seed: str, unknown: int) -> None:
    sandbox = Sandbox(admitone, "--seed", seed)
    session = sandbox.session()

    assert sandbox.app.rate(session, 550, 8.5).status_code == 201
    assert sandbox.app.rate(session, 10, 8.5).status_code == unknown


def test_a_sandbox_listens_on_this_machine_only(alone: Admitone) -> None:
    printed = alone.run("sandbox", "--host", "0.0.0.0", status=2)

    assert "this machine only" in printed.err


def test_a_sandbox_does_not_take_settings_that_would_make_it_something_else(admitone: Admitone) -> None:
    admitone.environment |= {"ADMITONE_PUBLIC_URL": "https://admit.example", "ADMITONE_HOST": "0.0.0.0"}
    sandbox = Sandbox(admitone)

    assert sandbox.ready["base_url"].startswith("http://127.0.0.1:")
    assert sandbox.session()


def test_the_link_that_waits_can_be_approved_by_the_person_who_is_named(admitone: Admitone) -> None:
    sandbox = Sandbox(admitone)
    [link] = re.findall(r"^ +(\S+/authenticate/[0-9a-f]{40})$", sandbox.printed, re.MULTILINE)
    path = link.removeprefix(sandbox.ready["site_url"])
    asked = sandbox.person.get(path)
    page = sandbox.person.get(asked.headers["location"])
    signed_in = sandbox.person.press(page, username=sandbox.ready["username"], password=sandbox.ready["password"])
    assert signed_in.headers["location"] == path

    assert sandbox.person.approve(path.rpartition("/")[2]).headers["location"] == f"{path}/allow"
    assert sandbox.app.exchange(path.rpartition("/")[2]).status_code == 200


def test_the_three_steps_work_as_they_are_printed(admitone: Admitone) -> None:
    sandbox = Sandbox(admitone)
    steps = sandbox.printed.partition(PASTE)[2].partition("Stop with")[0]
    for name in ("bash", "curl"):
        assert shutil.which(name), f"the steps are for {name}, and it is not here: apt-get install {name}"
    pasted = subprocess.run(["bash"], input=steps, check=True, capture_output=True, text=True, timeout=60)

    assert pasted.stderr == ""
    link, approved, account, rating, rated = pasted.stdout.splitlines()
    admitone.secrets.add(link.rpartition("/")[2])
    assert link.startswith(f"{sandbox.ready['site_url']}/authenticate/")
    assert json.loads(approved)["success"] is True
    assert json.loads(account)["username"] == sandbox.ready["username"]
    assert json.loads(rating)["status_code"] == 1
    assert [(row["id"], row["rating"]) for row in json.loads(rated)["results"]] == [(550, 8.5)]
