"""The machine's clock was set back while the server was down: what had expired stays expired."""

import time
from datetime import UTC, datetime

import pytest

from tests import vault
from tests.callers import App, Person
from tests.running import Admitone, Credentials

HOUR_MS = 60 * 60 * 1000


@pytest.fixture
def credentials(admitone: Admitone) -> Credentials:
    return admitone.add_app("CineShelf", "mira")


def set_back(admitone: Admitone, hours: int) -> int:
    """Let the database remember a time that the machine has not reached: to it, its clock was set back."""
    instant = time.time_ns() // 1_000_000 + hours * HOUR_MS
    vault.change(
        admitone.database,
        f"INSERT INTO events (at, kind, network, detail) VALUES ({instant}, 'signed out', '', '')",
    )
    return instant


@pytest.mark.holds("F13")
def test_request_tokens_do_not_come_to_life_again(admitone: Admitone, credentials: Credentials) -> None:
    server = admitone.serve()
    app, person = App(admitone, server, credentials), Person(admitone, server)
    person.sign_in()
    pending, approved, session = app.token(), app.token(), app.session()
    person.approve(approved)
    server.stop()
    instant = set_back(admitone, 2)

    server = admitone.serve()
    cookies = person.http.cookies
    app, person = App(admitone, server, credentials), Person(admitone, server)
    person.http.cookies.update(cookies)
    assert app.exchange(approved).json()["status_code"] == 17
    assert person.get(f"/authenticate/{pending}").status_code == 404
    assert app.login(pending).json()["status_code"] == 33
    assert app.account(session).json()["username"] == "mira"

    expires = app.call("GET", "/3/authentication/token/new").json()["expires_at"]
    told = datetime.strptime(expires, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC).timestamp() * 1000
    assert told >= instant + HOUR_MS - 1000
    assert app.session()


def test_visits_do_not_come_to_life_again(admitone: Admitone, credentials: Credentials) -> None:
    server = admitone.serve()
    person = Person(admitone, server)
    person.sign_in()
    server.stop()
    set_back(admitone, 13)

    server = admitone.serve()
    cookies = person.http.cookies
    app, person = App(admitone, server, credentials), Person(admitone, server)
    person.http.cookies.update(cookies)
    assert person.get(f"/authenticate/{app.token()}").headers["location"].startswith("/signin")


def test_credentials_that_were_replaced_do_not_come_to_life_again(admitone: Admitone, credentials: Credentials) -> None:
    new = admitone.keep(admitone.run("app", "rotate", credentials.app, "--json").json)
    app = App(admitone, admitone.serve(), credentials)
    assert app.call("GET", "/3/authentication").status_code == 200
    set_back(admitone, 25)

    server = admitone.serve()
    assert App(admitone, server, credentials).call("GET", "/3/authentication").json()["status_code"] == 7
    assert App(admitone, server, new).call("GET", "/3/authentication").status_code == 200


def test_commands_know_the_time_as_well(admitone: Admitone, credentials: Credentials) -> None:
    app = App(admitone, admitone.serve(env={"ADMITONE_SWEEP_MINUTES": "0"}), credentials)
    app.token()
    set_back(admitone, 26)

    assert admitone.run("sweep", "--json").json["request_tokens"] == 1
