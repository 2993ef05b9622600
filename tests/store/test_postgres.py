"""The PostgreSQL engine: what it tries again and what it never does, whatever becomes of its connections."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from admitone.basics.clock import ManualClock
from admitone.model.faults import Fault, Refused
from admitone.store import titles
from admitone.store.engine import open_store, postgres
from admitone.store.engine.postgres import PostgresStore, PostgresTx
from admitone.store.engine.tx import Tx
from tests.store.aside import fault_of
from tests.store.proxy import Cut, Proxy
from tests.store.tally import add, adding, count, counting


def connection_of(tx: Tx) -> Any:
    assert isinstance(tx, PostgresTx)
    return tx._connection


async def execute(tx: Tx, sql: str) -> Any:
    """Run a statement that no module has."""
    return await connection_of(tx).fetchval(sql)


@pytest.fixture
async def server(postgres_url: str) -> AsyncIterator[Any]:
    """A connection of somebody else's, with all rights."""
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


class Killer:
    """Ends the connection under a flow, the first time that it is asked."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.asked = 0

    async def kill(self, tx: Tx) -> None:
        self.asked += 1
        if self.asked == 1:
            gone = asyncio.Event()
            connection_of(tx)._con.add_termination_listener(lambda _: gone.set())
            await self._server.fetchval("SELECT pg_terminate_backend($1)", connection_of(tx).get_server_pid())
            await gone.wait()


@pytest.fixture
def killer(server: Any) -> Killer:
    return Killer(server)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try as often as ever, without the pauses."""
    monkeypatch.setattr(postgres, "PAUSES_S", [0.0] * len(postgres.PAUSES_S))


async def test_a_read_is_on_one_snapshot_and_a_write_is_durable(postgres_store: PostgresStore) -> None:
    async def says(tx: Tx) -> list[str]:
        names = ("transaction_isolation", "transaction_read_only", "synchronous_commit")
        return [await execute(tx, f"SHOW {name}") for name in names]

    assert await postgres_store.read(says) == ["repeatable read", "on", "on"]
    assert await postgres_store.glance(says) == ["read committed", "off", "on"]
    assert await postgres_store.write(says) == ["read committed", "off", "on"]


@pytest.mark.parametrize("way", ["read", "glance"])
async def test_a_read_whose_connection_dies_is_run_again(
    postgres_store: PostgresStore, killer: Killer, way: str
) -> None:
    await postgres_store.write(add)

    async def flow(tx: Tx) -> int:
        await killer.kill(tx)
        return await count(tx)

    assert await getattr(postgres_store, way)(flow) == 1
    assert killer.asked == 2


@pytest.mark.parametrize("early", [True, False], ids=["between two statements", "after the last statement"])
async def test_a_write_whose_connection_dies_before_its_commit_is_run_again(
    postgres_store: PostgresStore, killer: Killer, early: bool
) -> None:
    async def flow(tx: Tx) -> int:
        await add(tx)
        await killer.kill(tx)
        if early:
            await add(tx, "other")
        return await count(tx) if early else 1

    assert await postgres_store.write(flow) == 1
    assert killer.asked == 2
    assert await postgres_store.read(count) == 1
    assert await postgres_store.read(counting("other")) == int(early)


async def test_a_write_that_meets_a_former_primary_is_run_again_elsewhere(postgres_store: PostgresStore) -> None:
    asked = []

    async def flow(tx: Tx) -> int:
        asked.append(connection_of(tx).get_server_pid())
        if len(asked) == 1:
            # What a server says that takes no writes any more.
            await execute(tx, "SET TRANSACTION READ ONLY")
        return await add(tx)

    assert await postgres_store.write(flow) == 1
    assert len(set(asked)) == 2


async def test_a_write_that_waits_long_for_another_is_told_to_come_back(
    postgres_store: PostgresStore, server: Any
) -> None:
    await postgres_store.write(add)

    async def flow(tx: Tx) -> int:
        await execute(tx, "SET LOCAL lock_timeout TO '10ms'")
        return await add(tx)

    async with server.transaction():
        await server.execute("SELECT 1 FROM limits FOR UPDATE")
        assert await fault_of(postgres_store.write(flow)) is Fault.STORE_BUSY
    assert await postgres_store.write(flow) == 2


async def test_every_connection_gives_up_what_does_not_answer(postgres_store: PostgresStore) -> None:
    async def says(tx: Tx) -> list[str]:
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        return [await execute(tx, f"SHOW {name}") for name in names]

    assert await postgres_store.write(says) == ["35s", "10s", "1min"]


@pytest.mark.parametrize("cut", Cut, ids=lambda cut: cut.value)
async def test_a_write_that_is_cut_at_its_commit_is_never_run_again(
    postgres_url: str, clock: ManualClock, cut: Cut
) -> None:
    runs = []

    async def flow(tx: Tx) -> None:
        runs.append(await add(tx))
        proxy.cut = cut

    with tempfile.TemporaryDirectory() as folder:
        async with Proxy(postgres_url, Path(folder)) as proxy:
            store = await open_store(proxy.url, clock)
            assert await fault_of(store.write(flow)) is Fault.OUTCOME_UNKNOWN
            assert (runs, proxy.commits) == ([1], 1)

            proxy.cut = None
            assert await store.read(count) == (1 if cut is Cut.AFTER else 0)
            assert await store.write(adding("other")) == 1
            await store.aclose()


@pytest.mark.parametrize("cut", Cut, ids=lambda cut: cut.value)
async def test_a_read_that_is_cut_at_its_commit_has_read_already(
    postgres_url: str, clock: ManualClock, cut: Cut
) -> None:
    async def flow(tx: Tx) -> int:
        proxy.cut = cut
        return await count(tx)

    with tempfile.TemporaryDirectory() as folder:
        async with Proxy(postgres_url, Path(folder)) as proxy:
            store = await open_store(proxy.url, clock)
            assert await store.read(flow) == 0
            proxy.cut = None
            assert await asyncio.gather(*(store.write(add) for _ in range(20))) != []
            assert await store.read(count) == 20
            await store.aclose()


async def test_of_two_flows_that_wait_for_each_other_one_is_run_again(postgres_store: PostgresStore) -> None:
    both = asyncio.Barrier(2)
    runs = []

    async def flow(tx: Tx, first: str, second: str) -> None:
        runs.append(first)
        await add(tx, first)
        if len(runs) <= 2:
            await both.wait()
        await add(tx, second)

    await asyncio.gather(
        postgres_store.write(lambda tx: flow(tx, "a", "b")), postgres_store.write(lambda tx: flow(tx, "b", "a"))
    )
    assert len(runs) == 3
    assert [await postgres_store.read(counting(name)) for name in "ab"] == [2, 2]


@pytest.mark.parametrize("code", ["40001", "40P01"])
async def test_what_the_server_wants_run_again_is_run_again(postgres_store: PostgresStore, code: str) -> None:
    runs = []

    async def flow(tx: Tx) -> int:
        runs.append(await add(tx))
        if len(runs) == 1:
            await execute(tx, f"DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '{code}'; END $$")
        return await count(tx)

    assert await postgres_store.write(flow) == 1
    assert runs == [1, 1]


@pytest.mark.usefixtures("impatient")
async def test_what_collides_every_time_is_given_up_as_busy(postgres_store: PostgresStore) -> None:
    runs = []

    async def flow(tx: Tx) -> None:
        runs.append(await add(tx))
        await execute(tx, "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")

    assert await fault_of(postgres_store.write(flow)) is Fault.STORE_BUSY
    assert runs == [1] * len(postgres.PAUSES_S)
    assert await postgres_store.read(count) == 0


async def test_a_migration_under_our_feet_goes_unnoticed(postgres_store: PostgresStore, server: Any) -> None:
    async def flow(tx: Tx) -> Any:
        return await tx.one(titles.EXISTS, media_type="movie", media_id=1)

    assert await postgres_store.read(flow) is None
    await server.execute("ALTER TABLE titles ALTER COLUMN id TYPE numeric")
    assert await asyncio.gather(*(postgres_store.read(flow) for _ in range(20))) == [None] * 20


async def test_whoever_gets_no_connection_in_time_hears_that_the_store_is_busy(
    postgres_store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_S", 0.2)
    all_in, go = asyncio.Barrier(postgres.CONNECTIONS + 1), asyncio.Event()

    async def flow(tx: Tx) -> int:
        await all_in.wait()
        await go.wait()
        return await add(tx)

    callers = [asyncio.create_task(postgres_store.write(flow)) for _ in range(postgres.CONNECTIONS)]
    await asyncio.wait_for(all_in.wait(), timeout=30)
    fault = await asyncio.wait_for(fault_of(postgres_store.write(add)), timeout=10)
    go.set()
    assert sorted(await asyncio.gather(*callers)) == list(range(1, postgres.CONNECTIONS + 1))
    assert fault is Fault.STORE_BUSY
    assert await postgres_store.write(add) == postgres.CONNECTIONS + 1


async def test_a_caller_that_goes_away_leaves_no_lock_behind(postgres_store: PostgresStore, server: Any) -> None:
    locked = asyncio.Event()

    async def flow(tx: Tx) -> None:
        await add(tx)
        locked.set()
        await asyncio.Event().wait()

    caller = asyncio.create_task(postgres_store.write(flow))
    await locked.wait()
    caller.cancel()
    assert await asyncio.wait_for(postgres_store.write(add), timeout=10) == 1
    with pytest.raises(asyncio.CancelledError):
        await caller
    left = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
    assert await server.fetchval(left) == 0


async def test_a_statement_that_takes_too_long_is_given_up_once(
    postgres_url: str, clock: ManualClock, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "STATEMENT_S", 0.2)
    store = await open_store(postgres_url, clock)
    await store.write(add)
    runs = []

    async def flow(tx: Tx) -> None:
        runs.append(await count(tx))
        await add(tx)

    async with server.transaction():
        await server.execute("LOCK TABLE limits IN EXCLUSIVE MODE")
        assert await fault_of(store.write(flow)) is Fault.STORE_BUSY
    assert runs == [1]
    assert await store.write(add) == 2
    await store.aclose()


async def test_a_flow_that_hides_a_failed_statement_is_a_bug(postgres_store: PostgresStore) -> None:
    async def flow(tx: Tx) -> None:
        await add(tx)
        with pytest.raises(asyncpg.PostgresError):
            await execute(tx, "SELECT 1 / 0")

    with pytest.raises(RuntimeError, match="after a failed statement"):
        await postgres_store.write(flow)
    assert await postgres_store.write(add) == 1


async def test_a_glance_is_one_round_trip_and_its_failures_cost_no_connection(
    postgres_store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def flow(tx: Tx) -> None:
        pids.append(connection_of(tx).get_server_pid())
        await count(tx)
        raise Refused(Fault.LOGIN_WRONG)

    async def never(*_arguments: Any) -> str:
        raise AssertionError("nothing is begun and nothing committed")

    pids: list[int] = []
    monkeypatch.setattr(asyncpg.Connection, "execute", never)
    for _ in range(20):
        assert await fault_of(postgres_store.glance(flow)) is Fault.LOGIN_WRONG
    assert await postgres_store.glance(count) == 0
    assert len(set(pids)) <= 2


async def test_a_refused_flow_costs_no_connection(postgres_store: PostgresStore) -> None:
    async def flow(tx: Tx) -> None:
        pids.append(connection_of(tx).get_server_pid())
        raise Refused(Fault.LOGIN_WRONG)

    pids: list[int] = []
    for _ in range(20):
        assert await fault_of(postgres_store.write(flow)) is Fault.LOGIN_WRONG
    assert len(set(pids)) <= 2


@pytest.mark.parametrize("address", ["postgresql://nobody@/nothing?host=/nowhere", "postgresql://127.0.0.1:1/x"])
async def test_a_server_that_is_not_there_is_told_at_once(clock: ManualClock, address: str) -> None:
    assert await fault_of(open_store(address, clock)) is Fault.STORE_DOWN
