"""A replica answers what may be a moment old; whatever becomes of it, the main database answers in its place."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from typing import NamedTuple

import pytest

from admitone.basics.clock import ManualClock
from admitone.model.faults import Fault, Refused
from admitone.store.engine import open_follower, open_store
from admitone.store.engine.follower import Follower
from admitone.store.engine.postgres import PostgresTx
from admitone.store.engine.tx import Glances, Store, Tx
from tests.databases import PostgresDatabases
from tests.store.aside import fault_of
from tests.store.replica.standby import Standby
from tests.store.tally import add, count


@pytest.fixture(scope="module")
def main_databases(testrun_uid: str) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(f"main-{os.getpid()}-{testrun_uid}")
    yield databases
    databases.close()


@pytest.fixture(scope="module")
def standby(main_databases: PostgresDatabases) -> Iterator[Standby]:
    standby = Standby(main_databases)
    yield standby
    standby.close()


class Pair(NamedTuple):
    """A database that takes writes, and what reads from its replica where it can."""

    main: Store
    follower: Glances
    replica: str


@pytest.fixture
async def pair(
    main_databases: PostgresDatabases, standby: Standby, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Pair]:
    # A replica is looked for again at once, so that nothing here has to wait for it.
    monkeypatch.setattr("admitone.store.engine.follower.REST_S", 0.0)
    url = await asyncio.to_thread(main_databases.fresh)
    main = await open_store(url, clock)
    follows = open_follower(standby.address(url), main, clock)
    yield Pair(main, follows, standby.address(url))
    await follows.aclose()
    await main.aclose()


@pytest.fixture
async def behind(pair: Pair, standby: Standby) -> AsyncIterator[Pair]:
    """A count of one on both, and of two on the main database only."""
    await pair.main.write(add)
    await standby.caught_up()
    await standby.hold_up()
    await pair.main.write(add)
    yield pair
    await standby.go_on()


async def test_a_replica_answers_and_may_be_a_moment_old(behind: Pair) -> None:
    assert await behind.follower.glance(count) == 1
    assert await behind.main.glance(count) == 2


async def test_a_replica_that_is_stopped_is_missed_by_nobody(pair: Pair, standby: Standby) -> None:
    await pair.main.write(add)
    await standby.caught_up()
    assert await pair.follower.glance(count) == 1
    standby.stop()
    try:
        await pair.main.write(add)
        assert await asyncio.gather(*(pair.follower.glance(count) for _ in range(20))) == [2] * 20
    finally:
        standby.start()
    await standby.caught_up()
    await standby.hold_up()
    try:
        await pair.main.write(add)
        assert await pair.follower.glance(count) == 2
    finally:
        await standby.go_on()


async def test_a_replica_that_was_never_there_is_missed_by_nobody(pair: Pair, clock: ManualClock) -> None:
    await pair.main.write(add)
    absent = open_follower("postgresql://postgres@/none?host=/nowhere", pair.main, clock)
    assert await absent.glance(count) == 1
    await absent.aclose()


async def test_a_replica_that_stands_still_is_waited_for_once(
    pair: Pair, standby: Standby, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admitone.store.engine.postgres.REPLICA_STATEMENT_S", 0.2)
    monkeypatch.setattr("admitone.store.engine.follower.REST_S", 3600.0)
    await pair.main.write(add)
    await standby.caught_up()
    assert await pair.follower.glance(count) == 1
    standby.send(signal.SIGSTOP)
    try:
        await pair.main.write(add)
        assert await pair.follower.glance(count) == 2
        assert await pair.follower.glance(count) == 2
    finally:
        standby.send(signal.SIGCONT)


async def test_a_refusal_of_the_flow_s_own_is_no_reason_to_ask_again(behind: Pair) -> None:
    asked = []

    async def refusing(tx: Tx) -> int:
        asked.append(await count(tx))
        raise Refused(Fault.TITLE_UNKNOWN)

    assert await fault_of(behind.follower.glance(refusing)) is Fault.TITLE_UNKNOWN
    assert asked == [1]


async def test_what_the_replica_cannot_answer_the_main_database_does(behind: Pair, standby: Standby) -> None:
    # The table is on the main database only: a migration that has not arrived yet.
    async def looking(tx: Tx) -> int:
        assert isinstance(tx, PostgresTx)
        return int(await tx._connection.fetchval("SELECT count(*) FROM arrived"))

    async def making(tx: Tx) -> None:
        assert isinstance(tx, PostgresTx)
        await tx._connection.execute("CREATE TABLE arrived (id integer)")

    await behind.main.write(making)
    assert await behind.follower.glance(looking) == 0


async def test_a_replica_is_no_database_to_serve_from(pair: Pair, clock: ManualClock) -> None:
    assert await fault_of(open_store(pair.replica, clock)) is Fault.STORE_DOWN


async def test_after_a_rest_one_tries_the_replica_for_all(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    class Main:
        async def glance(self, _flow: object) -> str:
            return "main"

    class Silent:
        asked = 0
        answers = False

        async def glance(self, _flow: object) -> str:
            self.asked += 1
            await asyncio.sleep(0)
            if not self.answers:
                raise Refused(Fault.STORE_DOWN)
            return "replica"

    follower, replica = Follower("", Main(), clock), Silent()  # type: ignore[arg-type]
    follower._replica = replica  # type: ignore[assignment]

    async def who(_tx: Tx) -> str:
        raise AssertionError("nobody asks here")

    async def twenty() -> list[str]:
        return await asyncio.gather(*(follower.glance(who) for _ in range(20)))

    assert await twenty() == ["main"] * 20
    assert replica.asked == 1
    replica.answers, follower._rested_at = True, 0.0  # the rest is over
    assert await twenty() == ["replica", *["main"] * 19]
    assert await twenty() == ["replica"] * 20
