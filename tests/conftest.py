"""The fixtures that every room of tests shares: a database on each engine, a house on it, and a small world in it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from admitone.basics.clock import ManualClock
from admitone.flows.house import House
from tests.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.no_skips import pytest_make_collect_report, pytest_runtest_makereport
from tests.running import Nursery
from tests.world import START, World, open_house, populate

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(testrun_uid: str) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(testrun_uid)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where real `admitone` processes come from."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Both engines, always: no test is excused for one of them."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    return databases


@pytest.fixture
def database_url(databases: Databases) -> str:
    """The address of a fresh database with the newest schema."""
    return databases.fresh()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
async def house(
    database_url: str, clock: ManualClock, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[House]:
    """An empty house on a fresh database."""
    house = await open_house(database_url, tmp_path / "keys.json", clock, request.node.nodeid)
    yield house
    await house.aclose()


@pytest.fixture
async def world(house: House, clock: ManualClock) -> World:
    """The same house with two people, two apps and a few titles in it."""
    return await populate(house, clock)
