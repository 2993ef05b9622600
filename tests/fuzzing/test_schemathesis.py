"""Schemathesis asks a served Admit One for everything the document tells of, rightly, wrongly and in long sequences."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from admitone.wire.routes import ROUTES
from tests.callers import App, Person
from tests.databases import Databases
from tests.running import Nursery, program
from tests.world import PASSWORD

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
PHASES = ("examples", "coverage", "fuzzing", "stateful")
LEAST_CASES = 3_000
TOKENS = 12  # each is good for one session
APPROVED = 6  # each is good for one user access token
LISTS = 16  # some of which are deleted on the way
FEW = 4  # operations that chance may keep from succeeding even once; that all can, their examples show

# What is right where only one answer is: made up, every call would end at the first check.
SETTINGS = """
seed = 20261122

[auth.openapi]
api_key = {{ api_key = "{key}" }}
session = {{ api_key = "{session}" }}
guest_session = {{ api_key = "{guest}" }}
read_token = {{ bearer = "{read_token}" }}
user_token = {{ bearer = "{access_token}" }}

[dictionaries]
films = {{ values = [550, 278, 11] }}
series = {{ values = [1396, 1399] }}
lists = {{ values = {lists} }}
guests = {{ values = ["{guest}"] }}
usernames = {{ values = ["mira"] }}
passwords = {{ values = ["{password}"] }}
tokens = {{ values = {tokens} }}
access = {{ values = ["{ended}"] }}

[parameters]
"path.movie_id" = {{ dictionary = "films", probability = 0.8 }}
"path.series_id" = {{ dictionary = "series", probability = 0.8 }}
"path.list_id" = {{ dictionary = "lists", probability = 0.8 }}
"path.guest_session_id" = {{ dictionary = "guests", probability = 0.8 }}
"query.movie_id" = {{ dictionary = "films", probability = 0.8 }}
"query.username" = {{ dictionary = "usernames", probability = 0.9 }}
"query.request_token" = {{ dictionary = "tokens", probability = 0.7 }}
"query.password" = {{ dictionary = "passwords", probability = 0.9 }}
"query.media_id" = {{ dictionary = "films", probability = 0.8 }}
"body.items[*].media_id" = {{ dictionary = "films", probability = 0.8 }}
"body.media_id" = {{ dictionary = "films", probability = 0.8 }}
"body.username" = {{ dictionary = "usernames", probability = 0.9 }}
"body.request_token" = {{ dictionary = "tokens", probability = 0.7 }}
"body.access_token" = {{ dictionary = "access", probability = 0.7 }}
"body.password" = {{ dictionary = "passwords", probability = 0.9 }}

[generation]
database = "none"
no-shrink = true

[phases.coverage]
unexpected-methods = []

[phases.fuzzing.generation]
max-examples = 8

[phases.stateful.generation]
max-examples = 20
"""


@pytest.mark.timeout(300)
def test_no_answer_is_outside_the_document(databases: Databases, nursery: Nursery, tmp_path: Path) -> None:
    with program(nursery, tmp_path, databases.empty()) as admitone:
        admitone.add_account("mira")
        server = admitone.serve()
        app = App(admitone, server, admitone.add_app("Fuzz", "mira"))
        guest = app.call("GET", "/3/authentication/guest_session/new").json()["guest_session_id"]
        tokens = [app.token() for _ in range(TOKENS)]
        assert {app.login(token).status_code for token in tokens} == {200}
        mira = Person(admitone, server)
        mira.sign_in()
        tokens += [app.approved_access(mira) for _ in range(APPROVED)]
        # One is kept, the other may be ended.
        access = {"read_token": app.read_token, "access_token": app.access_token(mira), "ended": app.access_token(mira)}
        right = {**access, "key": app.key, "session": app.session(), "guest": guest, "password": PASSWORD}
        lists = [filled(app, access["access_token"], public=bool(number % 2)) for number in range(LISTS)]
        settings = SETTINGS.format(**right, tokens=json.dumps(tokens), lists=lists)
        report = schemathesis(f"{server.url}/openapi.json", tmp_path, settings)
        log = server.err.read_text()
    assert [line for line in log.splitlines() if '"level":"error"' in line] == []
    assert report["failures"] == report["errors"] == []
    assert {name: phase["status"] for name, phase in report["phases"].items()} == dict.fromkeys(PHASES, "success")
    assert report["operations"]["tested"] == len(ROUTES)
    assert report["test_cases"]["generated"] >= LEAST_CASES
    rates = report["valid_rates"].values()
    reached = sum(any(each["accepted"] for each in phases.values()) for phases in rates)
    assert reached >= len(ROUTES) - FEW, "what is refused at the first check tests only that check"


def filled(app: App, token: str, *, public: bool) -> int:
    """A list with two titles on it."""
    made = app.fourth("POST", "/list", {"name": "Noir", "iso_639_1": "en", "public": public}, token)
    items = [{"media_type": "movie", "media_id": 550}, {"media_type": "tv", "media_id": 1396}]
    number: int = made.json()["id"]
    assert app.fourth("POST", f"/list/{number}/items", {"items": items}, token).json()["success"]
    return number


def schemathesis(address: str, folder: Path, settings: str) -> Any:
    """Run it with these settings; what it reports. Fails with what it found."""
    config, report = folder / "schemathesis.toml", folder / "report.json"
    config.write_text(settings, encoding="utf-8")
    tool = str(Path(sys.executable).parent / "schemathesis")
    command = [tool, "--config-file", str(config), "run", address]
    flags = ["--checks", ",".join(CHECKS), "--report", "json", "--report-json-path", str(report), "--no-color"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    ran = subprocess.run([*command, *flags], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(report.read_text(encoding="utf-8"))
