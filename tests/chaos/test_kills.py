"""The server is killed at random moments: what it had answered is there afterwards, no token yields two sessions."""

import asyncio
import os
import random
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import asyncpg
import httpx
import pytest

from admitone.store.engine.address import is_sqlite, sqlite_path
from tests.callers import App, Person
from tests.chaos.conftest import Installed
from tests.running import Admitone, Server

KILLS = int(os.environ.get("ADMITONE_KILLS", "100"))
LONGEST_LIFE = 12  # answers before the kill is on its way
LONGEST_FALL_S = 0.015  # from then to the kill
FILMS = (11, 278, 550, 597)


@dataclass
class Known:
    """What the server has answered, and what it may have done without getting to say so."""

    approved: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    sessions: list[str] = field(default_factory=list)
    ratings: dict[int, set[float | None]] = field(default_factory=lambda: {film: {None} for film in FILMS})
    answered: int = 0


class Round:
    """One life of a server: two clients keep it busy until it is killed."""

    def __init__(self, admitone: Admitone, server: Server, app: App, person: Person, known: Known) -> None:
        self.admitone, self.server, self.app, self.person, self.known = admitone, server, app, person, known
        self.counting = threading.Lock()

    def live(self, chance: random.Random, rater: str) -> None:
        self.last = self.known.answered + chance.randint(1, LONGEST_LIFE)
        self.killer = threading.Timer(chance.uniform(0.0, LONGEST_FALL_S), self.server.kill)
        threads = [
            threading.Thread(target=self.until_it_dies, args=(self.sign_in_once,)),
            threading.Thread(target=self.until_it_dies, args=(lambda: self.rate_once(rater, chance),)),
        ]
        for thread in threads:
            thread.start()
        for thread in (*threads, self.killer):
            thread.join()

    def until_it_dies(self, step: Callable[[], None]) -> None:
        try:
            while True:
                step()
                with self.counting:
                    self.known.answered += 1
                    if self.known.answered == self.last:
                        self.killer.start()
        except httpx.TransportError:
            return

    def sign_in_once(self) -> None:
        token = self.app.token()
        self.known.doubtful.add(token)
        approved = self.person.approve(token)
        assert approved.status_code == 303, approved.text
        self.known.approved.add(token)
        exchanged = self.app.exchange(token)
        assert exchanged.status_code == 200, exchanged.text
        self.known.spent.add(token)
        self.known.sessions.append(exchanged.json()["session_id"])

    def rate_once(self, session: str, chance: random.Random) -> None:
        film, value = chance.choice(FILMS), chance.randint(1, 20) / 2
        # Until it is answered both the old and the new may be there.
        self.known.ratings[film].add(value)
        assert self.app.rate(session, film, value).status_code == 201
        self.known.ratings[film] = {value}

    def check(self, rater: str) -> None:
        """Compare what is there with what was answered."""
        known, app = self.known, self.app
        for session in known.sessions[-20:]:
            assert app.account(session).json().get("username") == "mira"
        rated = app.rated(rater)
        for film, values in known.ratings.items():
            assert rated.get(film) in values
            known.ratings[film] = {rated.get(film)}
        for token in known.spent:
            assert app.exchange(token).status_code == 401
        for token in known.approved - known.spent:
            # Approved and answered; whether its exchange happened, nobody heard.
            assert app.exchange(token).status_code in {200, 401}
            assert app.exchange(token).status_code == 401
        for token in known.doubtful - known.approved:
            app.exchange(token)
        known.spent.clear()
        known.approved.clear()
        known.doubtful.clear()


@pytest.mark.timeout(900)
def test_what_was_answered_survives_any_kill(installed: Installed) -> None:
    admitone, chance, known = installed.admitone, random.Random(20261122), Known()
    server = admitone.serve()
    app, person = App(admitone, server, installed.app), Person(admitone, server)
    person.sign_in()
    rater = app.session()
    for _ in range(KILLS):
        Round(admitone, server, app, person, known).live(chance, rater)
        server = admitone.serve()
        cookies = person.http.cookies
        app, person = App(admitone, server, installed.app), Person(admitone, server)
        person.http.cookies.update(cookies)
        Round(admitone, server, app, person, known).check(rater)
    assert known.answered > KILLS
    print(f"{KILLS} kills, {known.answered} answered, {len(known.sessions)} sessions")
    server.stop()
    assert doubled(admitone.database) == 0
    assert is_whole(admitone.database)


def doubled(database: str) -> int:
    """How many request tokens have more than one session."""
    statement = (
        "SELECT count(*) FROM (SELECT token_digest FROM sessions GROUP BY token_digest HAVING count(*) > 1) AS d"
    )
    return int(ask(database, statement))


def is_whole(database: str) -> bool:
    """Whether the database says of itself that nothing in it is broken."""
    return not is_sqlite(database) or ask(database, "PRAGMA integrity_check") == "ok"


def ask(database: str, statement: str) -> str:
    """The only value that a statement yields."""
    if is_sqlite(database):
        connection = sqlite3.connect(sqlite_path(database))
        try:
            return str(connection.execute(statement).fetchone()[0])
        finally:
            connection.close()

    async def fetch() -> str:
        connection = await asyncpg.connect(database)
        try:
            return str(await connection.fetchval(statement))
        finally:
            await connection.close()

    return asyncio.run(fetch())
