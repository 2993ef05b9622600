"""The PostgreSQL engine when the server itself goes away: one of these tests' own, which they may stop and kill."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from admitone.basics.clock import ManualClock
from admitone.model.faults import Fault
from admitone.store.engine import open_store, postgres
from admitone.store.engine.postgres import PostgresTx
from admitone.store.engine.tx import Tx
from tests.databases import PostgresDatabases
from tests.store.aside import fault_of
from tests.store.tally import add, count


@pytest.fixture(scope="module")
def own_databases(testrun_uid: str) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(f"own-{os.getpid()}-{testrun_uid}")
    yield databases
    databases.close()


def stop(databases: PostgresDatabases) -> None:
    """Shut the server down, whoever is connected."""
    server = databases._server.get_postmaster_info().process
    assert server
    server.send_signal(signal.SIGINT)
    server.wait(30)


async def test_a_restart_of_the_server_is_survived(
    own_databases: PostgresDatabases, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await open_store(await asyncio.to_thread(own_databases.fresh), clock)
    assert await asyncio.gather(*(store.write(add) for _ in range(postgres.CONNECTIONS))) != []

    await asyncio.to_thread(stop, own_databases)
    with monkeypatch.context() as impatient:
        impatient.setattr(postgres, "PAUSES_S", [0.0] * len(postgres.PAUSES_S))
        assert await fault_of(store.read(count)) is Fault.STORE_DOWN
        assert await fault_of(store.write(add)) is Fault.STORE_DOWN

    await asyncio.to_thread(own_databases._server.ensure_postgres_running)
    assert await store.write(add) == postgres.CONNECTIONS + 1
    assert await asyncio.gather(*(store.read(count) for _ in range(20))) == [postgres.CONNECTIONS + 1] * 20
    await store.aclose()


async def test_a_crash_of_the_server_in_the_middle_of_a_write_does_it_once(
    own_databases: PostgresDatabases, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PAUSES_S", [0.2] * 100)  # recovery takes as long as it takes
    store = await open_store(await asyncio.to_thread(own_databases.fresh), clock)
    runs = []

    async def flow(tx: Tx) -> int:
        assert isinstance(tx, PostgresTx)
        runs.append(await add(tx))
        if len(runs) == 1:
            os.kill(tx._connection.get_server_pid(), signal.SIGKILL)
        return await count(tx)

    assert await store.write(flow) == 1
    assert runs == [1, 1]
    assert await store.read(count) == 1
    await store.aclose()
