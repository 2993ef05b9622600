"""Every step of the schema is taken in a database with rows in it, while others read and write there."""

import asyncio
import hashlib
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg
import pytest

from admitone.model.faults import Refused
from admitone.store.engine import look, migrate
from admitone.store.engine.address import sqlite_path
from tests.databases import Databases, PostgresDatabases

engine = sys.modules[migrate.__module__]
STEPS = sorted(each.revision for each in engine._scripts().walk_revisions())
PEOPLE, FILMS = 50, 40
LONG_AGO, NOW = 1_000, 1_800_000_000_000

# What every program since the first has said to the database.
ACCOUNT = """INSERT INTO accounts (object_id, username, username_key, name, iso_639_1, iso_3166_1, include_adult,
    gravatar_hash, made_at) VALUES ('{0}', '{0}', '{0}', '', 'en', 'US', 0, '', 1)"""
APP = """INSERT INTO apps (public_id, name, name_key, website, kind, owner_id, first_party, accepted, made_at)
    VALUES ('a', 'a', 'a', '', 'website', 1, 0, 1, 1)"""
SESSION = """INSERT INTO sessions (digest, app_id, account_id, token_digest, network, made_at, used_at)
    VALUES ({0}, 1, {1}, {0}, '', 1, 1)"""
TOKEN = """INSERT INTO request_tokens (digest, app_id, state, network, made_at, expires_at)
    VALUES ({0}, 1, 'pending', '', 1, 2)"""
RATE = """INSERT INTO ratings
    (account_id, media_type, media_id, season, episode, halves, rated_at, halves_before, app_id)
    VALUES ({0}, 'movie', {1}, 0, 0, {2}, 1, 0, 1)
    ON CONFLICT (account_id, media_type, media_id, season, episode) DO UPDATE SET halves = excluded.halves"""
PAGE = """SELECT media_id, halves FROM ratings WHERE account_id = {0} AND media_type = 'movie'
    ORDER BY rated_at DESC, media_id DESC LIMIT 20"""
COUNT = "SELECT (SELECT count(*) FROM request_tokens), (SELECT count(*) FROM ratings), (SELECT count(*) FROM sessions)"

STATE = """SELECT indisvalid, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indexrelid = 'ix_ratings_page'::regclass"""


class Connection(Protocol):
    """Somebody who reads and writes, a statement a transaction."""

    async def rows(self, sql: str) -> list[Any]:
        """Say something; the rows that come back."""


class OnPostgres:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def rows(self, sql: str) -> list[Any]:
        return [tuple(row) for row in await self._connection.fetch(sql)]


class OnSqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def rows(self, sql: str) -> list[Any]:
        return await asyncio.to_thread(lambda: self._connection.execute(sql).fetchall())


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    if url.startswith("sqlite"):
        path = sqlite_path(url)
        connection = sqlite3.connect(path, isolation_level=None, timeout=60, check_same_thread=False)
        try:
            yield OnSqlite(connection)
        finally:
            connection.close()
    else:
        theirs = await asyncpg.connect(url, command_timeout=60)
        try:
            yield OnPostgres(theirs)
        finally:
            await theirs.close()


def digest(url: str, name: str) -> str:
    text = hashlib.sha256(name.encode()).hexdigest()
    return f"x'{text}'" if url.startswith("sqlite") else f"'\\x{text}'::bytea"


async def populate(url: str) -> None:
    async with connected(url) as connection:
        for person in range(1, PEOPLE + 1):
            await connection.rows(ACCOUNT.format(f"p{person}"))
        await connection.rows(APP)
        for person in range(1, PEOPLE + 1):
            await connection.rows(SESSION.format(digest(url, f"session {person}"), person))
            await connection.rows(TOKEN.format(digest(url, f"token {person}")))
            for film in range(1, FILMS + 1):
                await connection.rows(RATE.format(person, film, film % 20 + 1))


class Traffic:
    """Readers and writers, until it is over; what was answered is counted, what was refused ends it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._over, self._enough = asyncio.Event(), asyncio.Event()
        self.answered = self._wanted = 0
        self.tokens = 0

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._go(self._write))
            tasks.create_task(self._go(self._rate))
            tasks.create_task(self._go(self._read))
            try:
                await self.more()
                yield
                await self.more()
            finally:
                self._over.set()

    async def more(self) -> None:
        """Wait until everybody has had several answers more."""
        self._wanted = self.answered + 30
        self._enough.clear()
        await self._enough.wait()

    async def _go(self, act: Callable[[Connection, int], Coroutine[Any, Any, None]]) -> None:
        try:
            async with connected(self._url) as connection:
                number = 0
                while not self._over.is_set():
                    await act(connection, number)
                    number += 1
                    self.answered += 1
                    if self.answered >= self._wanted:
                        self._enough.set()
        finally:
            self._over.set()
            self._enough.set()

    async def _write(self, connection: Connection, _number: int) -> None:
        await connection.rows(TOKEN.format(digest(self._url, f"new {self.tokens}")))
        self.tokens += 1

    async def _rate(self, connection: Connection, number: int) -> None:
        await connection.rows(RATE.format(number % PEOPLE + 1, number % FILMS + 1, number % 20 + 1))

    async def _read(self, connection: Connection, number: int) -> None:
        assert len(await connection.rows(PAGE.format(number % PEOPLE + 1))) == 20


async def test_every_step_is_taken_while_others_read_and_write(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await asyncio.to_thread(databases.empty)
    monkeypatch.setattr(engine, "newest", lambda: STEPS[0])
    await migrate(url)
    await populate(url)
    traffic = Traffic(url)
    async with traffic.going_on():
        for step in STEPS[1:]:
            monkeypatch.setattr(engine, "newest", lambda step=step: step)
            assert (await migrate(url)).after == step
            await traffic.more()
    async with connected(url) as connection:
        (counted,) = await connection.rows(COUNT)
    assert tuple(counted) == (PEOPLE + traffic.tokens, PEOPLE * FILMS, PEOPLE)


async def test_a_step_lets_callers_by_while_somebody_holds_its_table(
    postgres_databases: PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await asyncio.to_thread(postgres_databases.empty)
    monkeypatch.setattr(engine, "STEP_LOCK_S", 0.05)
    monkeypatch.setattr(engine, "STEP_PAUSE_S", 0.0)
    monkeypatch.setattr(engine, "newest", lambda: "0006")
    await migrate(url)
    monkeypatch.setattr(engine, "newest", lambda: "0007")  # it adds columns to ratings
    holder = await asyncpg.connect(url)
    try:
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute("LOCK TABLE ratings IN ACCESS SHARE MODE")
        with monkeypatch.context() as patch:
            patch.setattr(engine, "STEP_TRIES", 2)
            with pytest.raises(Refused) as refused:
                await migrate(url)
        assert "lock timeout" in refused.value.detail
        assert (await look(url)).before == "0006"
        migrating = asyncio.create_task(migrate(url))
        for _ in range(5):  # nobody who comes later waits for longer than the step waits for the lock
            async with asyncio.timeout(10), connected(url) as another:
                assert await another.rows("SELECT count(*) FROM ratings") == [(0,)]
        assert not migrating.done()
        await transaction.commit()
        assert await migrating == ("0006", "0007")
    finally:
        await holder.close()


async def migrated_to(step: str, databases: PostgresDatabases, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database, with the schema as it was after a step."""
    url = await asyncio.to_thread(databases.empty)
    with monkeypatch.context() as patch:
        patch.setattr(engine, "newest", lambda: step)
        await migrate(url)
    return url


async def test_an_index_that_was_left_half_made_is_made_anew(
    postgres_databases: PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await migrated_to("0011", postgres_databases, monkeypatch)
    async with connected(url) as connection:
        await connection.rows("CREATE INDEX ix_ratings_page ON ratings (halves)")
        await connection.rows("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_ratings_page'::regclass")
        await migrate(url)
        ((valid, made),) = await connection.rows(STATE)
    assert valid
    assert "rated_at, media_id, season, episode, halves" in made


async def test_of_many_programs_one_takes_the_steps_and_all_others_find_them_taken(
    postgres_databases: PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await migrated_to("0009", postgres_databases, monkeypatch)
    found = await asyncio.gather(*(migrate(url) for _ in range(4)))
    assert sorted(before or "" for before, _ in found) == ["0009", *[engine.newest()] * 3]
