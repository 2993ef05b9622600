"""A disk runs full under a server: that is what callers hear, reading goes on, and room is all it takes to resume."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.callers import App, Person
from tests.chaos.conftest import ANY_FILM
from tests.chaos.disks import Disk, Limit, SmallDisk, kinds, small_disk
from tests.chaos.ledger import Ledger
from tests.chaos.own_postgres import OwnPostgres
from tests.databases import SqliteDatabases
from tests.running import Admitone, Nursery, program, until

MOST_CALLS = 3000
LINES_AT_ONCE = 256  # the log waits for no more before it writes them
OFFLINE = (503, 9)


class Cramped(NamedTuple):
    """The program on a database whose disk can be filled."""

    admitone: Admitone
    disk: Disk


@pytest.fixture(params=kinds())
def cramped(
    request: pytest.FixtureRequest, nursery: Nursery, tmp_path: Path, sqlite_databases: SqliteDatabases
) -> Iterator[Cramped]:
    engine, _, kind = request.param.partition(" ")
    template = sqlite_databases.fresh().removeprefix("sqlite:///")
    if kind == "at a limit":
        with program(nursery, tmp_path, f"sqlite:///{template}", **ANY_FILM) as admitone:
            yield Cramped(admitone, Limit(Path(f"{template}-wal")))
    elif engine == "sqlite":
        with small_disk(4) as place:
            shutil.copy(template, place / "admitone.db")
            with program(nursery, tmp_path, f"sqlite:///{place}/admitone.db", **ANY_FILM) as admitone:
                yield Cramped(admitone, SmallDisk(place))
    else:
        own: OwnPostgres = request.getfixturevalue("own_postgres")
        with small_disk(32) as place:
            (files := place / "files").mkdir()
            database = own.fresh_at(files)
            with program(nursery, tmp_path, database, **ANY_FILM) as admitone:
                yield Cramped(admitone, SmallDisk(place))
            own.forget(database)


def test_a_full_disk_is_told_and_nothing_is_half_done_and_room_is_all_it_takes(cramped: Cramped) -> None:
    admitone, disk = cramped
    admitone.add_account("mira")
    server = admitone.serve()
    app, person = App(admitone, server, admitone.add_app("CineShelf", "mira")), Person(admitone, server)
    person.sign_in()
    ledger = Ledger(admitone)
    session = exchanged(app, person, ledger)
    pending = made(app, ledger)
    assert pending

    disk.fill(server)
    refused = next(answer for answer in asking(app, ledger) if answer.status_code != 200)
    assert code(refused) == OFFLINE
    assert refused.json()["success"] is False
    assert app.account(session).json()["username"] == "mira"
    assert person.get(f"/authenticate/{pending}").status_code == 200
    for film in range(1, 20):
        ledger.ratings[film] = {None, 17}
        answer = app.rate(session, film, 8.5)
        assert code(answer) in (OFFLINE, (201, 1))
        ledger.ratings[film] = {None, 17} if answer.status_code == 503 else {17}

    disk.free(server)
    approved = exchanged(app, person, ledger)
    assert app.rate(approved, 100, 8.5).status_code == 201
    ledger.ratings[100] = {17}
    ledger.check()
    assert '"status":500' not in server.err.read_text()
    assert server.stop() == 0
    ledger.check()


def asking(app: App, ledger: Ledger) -> Iterator[httpx.Response]:
    """Ask for one request token after the other: what was there of room is used up in the end."""
    for _ in range(MOST_CALLS):
        answer = app.call("GET", "/3/authentication/token/new")
        if answer.status_code == 200:
            ledger.made(answer.json()["request_token"])
        yield answer


def made(app: App, ledger: Ledger) -> str:
    """A request token."""
    token = app.token()
    ledger.made(token)
    return token


def exchanged(app: App, person: Person, ledger: Ledger) -> str:
    """A session of a person who approved it on the page."""
    token = made(app, ledger)
    assert person.approve(token).status_code == 303
    session = str(app.exchange(token).json()["session_id"])
    ledger.began(session, token)
    return session


def code(answer: httpx.Response) -> tuple[int, Any]:
    """The status and the code of an answer."""
    return answer.status_code, answer.json()["status_code"]


def test_a_log_that_cannot_be_written_ends_no_request(admitone: Admitone) -> None:
    server = admitone.serve()
    app, person = App(admitone, server, admitone.add_app("CineShelf", "mira")), Person(admitone, server)
    disk = Limit(server.err)
    disk.fill(server)
    size = server.err.stat().st_size
    answers = [app.call("GET", "/3/authentication"), person.get("/signin"), person.get("/no-such-page")]
    assert [answer.status_code for answer in answers] == [200, 200, 404]
    for _ in range(LINES_AT_ONCE):
        app.call("GET", "/3/authentication")
    assert server.err.stat().st_size == size

    disk.free(server)
    person.get("/signin")
    until(lambda: '"route":"/signin"' in server.err.read_text() or None, "line in the log")
