"""What the tests of the store share: a store on each engine, and other programs that work on the same database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from admitone.basics.clock import ManualClock
from admitone.store.engine import open_store
from admitone.store.engine.postgres import PostgresStore
from admitone.store.engine.sqlite import SqliteStore
from admitone.store.engine.tx import Flow, Store, T
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.store.crowd import Crowd
from tests.world import World

Elsewhere = Callable[[Flow[Any]], Any]


async def written_at(url: str, flow: Flow[T]) -> T:
    """What a write flow returns in a store opened only for it."""
    store = await open_store(url, ManualClock(0))
    try:
        return await store.write(flow)
    finally:
        await store.aclose()


@pytest.fixture
async def store(database_url: str, clock: ManualClock) -> AsyncIterator[Store]:
    """A store on a fresh database of either engine."""
    store = await open_store(database_url, clock)
    yield store
    await store.aclose()


@pytest.fixture
def elsewhere(database_url: str) -> Elsewhere:
    """Writes to the same database in another thread and store, while this one stands still."""

    def write(flow: Flow[Any]) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, written_at(database_url, flow)).result(timeout=30)

    return write


@pytest.fixture
def sqlite_url(sqlite_databases: SqliteDatabases) -> str:
    return sqlite_databases.fresh()


@pytest.fixture
async def sqlite_store(sqlite_url: str, clock: ManualClock) -> AsyncIterator[SqliteStore]:
    """A store in an SQLite file, for what only SQLite can suffer."""
    store = await open_store(sqlite_url, clock)
    assert isinstance(store, SqliteStore)
    yield store
    await store.aclose()


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> str:
    return postgres_databases.fresh()


@pytest.fixture
async def postgres_store(postgres_url: str, clock: ManualClock) -> AsyncIterator[PostgresStore]:
    """A store in a PostgreSQL database, for what only PostgreSQL can suffer."""
    store = await open_store(postgres_url, clock)
    assert isinstance(store, PostgresStore)
    yield store
    await store.aclose()


@pytest.fixture
def crowd(
    database_url: str, tmp_path: Path, clock: ManualClock, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Crowd]:
    """Programs beside the one in which the world was made."""
    # All of them together must leave room on the server for whatever else is tested at the same time.
    monkeypatch.setattr("admitone.store.engine.postgres.CONNECTIONS", 4)
    crowd = Crowd(database_url, tmp_path / "keys.json", clock)
    yield crowd
    crowd.close()
