"""The SQLite engine: group commit, and what becomes of flows when another holds the lock."""

import asyncio
import gc
import sqlite3
import sys
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from admitone.basics.clock import ManualClock
from admitone.model.faults import Fault, Refused
from admitone.store.engine import open_store, sqlite, wal
from admitone.store.engine.address import sqlite_path
from admitone.store.engine.sqlite import SqliteStore
from admitone.store.engine.tx import Tx
from tests.house.tree import ROOT
from tests.store.aside import fault_of
from tests.store.tally import add, adding, count, counting
from tests.world import START


class Gate:
    """Holds back the commits of a store until it is opened, and tells what its writer said meanwhile."""

    def __init__(self, store: SqliteStore) -> None:
        self._opened = threading.Event()
        self._store = store
        self.said: list[str] = []
        store._committer.submit(self._opened.wait, 30)
        store._writer.set_trace_callback(self.said.append)

    def open(self) -> None:
        self._opened.set()

    def times(self, word: str) -> int:
        return sum(statement.startswith(word) for statement in self.said)


@pytest.fixture
def gate(sqlite_store: SqliteStore) -> Iterator[Gate]:
    gate = Gate(sqlite_store)
    yield gate
    gate.open()


async def turns() -> None:
    """Let the loop go round until everything that can run has run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def waiting(*flows: Coroutine[Any, Any, Any]) -> list[asyncio.Task[Any]]:
    """Callers, each as far as it gets."""
    tasks = [asyncio.create_task(flow) for flow in flows]
    await turns()
    return tasks


def files(url: str) -> set[str]:
    """The files of a database, by the ends of their names."""
    path = sqlite_path(url)
    return {each.name.removeprefix(path.name) for each in path.parent.glob(f"{path.name}*")}


async def refused(tx: Tx) -> None:
    await add(tx)
    raise Refused(Fault.LOGIN_WRONG)


def test_a_commit_is_on_the_disk_and_foreign_keys_hold(sqlite_store: SqliteStore) -> None:
    def says(connection: sqlite3.Connection, pragma: str) -> Any:
        return connection.execute(f"PRAGMA {pragma}").fetchone()[0]

    full = 2
    for connection in (sqlite_store._writer, sqlite_store._reader):
        assert says(connection, "synchronous") == full
        assert says(connection, "journal_mode") == "wal"
        assert says(connection, "foreign_keys") == 1
    assert says(sqlite_store._reader, "query_only") == 1
    assert says(sqlite_store._writer, "busy_timeout") == 0


async def test_what_waits_for_a_commit_shares_the_next_one(sqlite_store: SqliteStore, gate: Gate) -> None:
    first = await waiting(sqlite_store.write(add))
    others = await waiting(*(sqlite_store.write(add) for _ in range(64)))
    gate.open()
    assert await asyncio.gather(*first, *others) == list(range(1, 66))
    assert (gate.times("BEGIN"), gate.times("COMMIT"), gate.times("SAVEPOINT")) == (2, 2, 0)


async def test_a_batch_has_a_largest_size(sqlite_store: SqliteStore, gate: Gate) -> None:
    callers = await waiting(*(sqlite_store.write(add) for _ in range(sqlite.LARGEST_BATCH + 1)))
    gate.open()
    assert await asyncio.gather(*callers) == list(range(1, sqlite.LARGEST_BATCH + 2))
    assert gate.times("COMMIT") == 2


async def test_nobody_hears_an_answer_before_the_commit_is_done(sqlite_store: SqliteStore, gate: Gate) -> None:
    callers = await waiting(sqlite_store.write(add), fault_of(sqlite_store.write(refused)))
    assert [caller.done() for caller in callers] == [False, False]
    assert await sqlite_store.read(count) == 0
    gate.open()
    assert await asyncio.gather(*callers) == [1, Fault.LOGIN_WRONG]
    assert await sqlite_store.read(count) == 1


async def test_one_refused_flow_of_a_batch_is_undone_alone(sqlite_store: SqliteStore, gate: Gate) -> None:
    first, *others = await waiting(
        sqlite_store.write(add), fault_of(sqlite_store.write(refused)), sqlite_store.write(add)
    )
    gate.open()
    assert await asyncio.gather(first, *others) == [1, Fault.LOGIN_WRONG, 2]
    assert gate.times("COMMIT") == 1
    assert await sqlite_store.read(count) == 2


def test_who_waits_for_the_lock_leaves_the_processor_to_who_has_it() -> None:
    """uvloop counts in whole milliseconds: what it rounds to none is no pause, and the wait a busy loop."""
    assert round(sqlite.LOCK_RETRY_S * 1000) > 0


class Watched:
    """A store that moves its log after 8 rows: what its writer says, and how long the log is."""

    def __init__(self, store: SqliteStore, file: Path) -> None:
        self.said: list[str] = []
        self._store = store
        self._file = file
        store._writer.set_trace_callback(self.said.append)

    async def size_when_moved(self) -> int:
        """Wait until the log is in the file."""
        assert self._store._log._moving
        await asyncio.wait([self._store._log._moving])
        if self._store._writing:
            await self._store._writing
        return self._file.with_name(f"{self._file.name}-wal").stat().st_size


@pytest.fixture
def watched(sqlite_store: SqliteStore, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Watched:
    monkeypatch.setattr(wal, "MOST_CHANGED", 8)
    return Watched(sqlite_store, sqlite_path(sqlite_url))


async def test_the_log_of_notes_is_moved_into_the_file_beside_the_loop(
    sqlite_store: SqliteStore, watched: Watched
) -> None:
    sizes = []
    for _ in range(20):
        for _ in range(8):
            await sqlite_store.note(add)
        sizes.append(await watched.size_when_moved())
    assert sizes[-1] == sizes[4], "it begins again from its beginning"
    assert not watched.said, "nothing came meanwhile"
    assert sqlite_store._noter.execute("PRAGMA wal_autocheckpoint").fetchone()[0] == 0, "no note does it on the loop"


async def test_commits_go_on_while_the_log_is_moved_and_move_what_they_added(
    sqlite_store: SqliteStore, watched: Watched
) -> None:
    sizes = []
    for _ in range(20):
        disk = threading.Event()
        sqlite_store._log._thread.submit(disk.wait, 30)
        for _ in range(20):
            await sqlite_store.write(add)
        disk.set()
        sizes.append(await watched.size_when_moved())
    assert watched.said.count("COMMIT") == 400
    assert watched.said.count("ROLLBACK") == 20, "nobody writes while the rest is moved"
    assert sizes[-1] == sizes[4], "it begins again from its beginning"


async def test_nobody_who_waited_beside_a_refused_flow_is_left_to_the_collector_of_garbage(
    sqlite_store: SqliteStore, gate: Gate
) -> None:
    def held() -> int:
        return sum(isinstance(each, sqlite._Waiting) for each in gc.get_objects())

    gc.collect()
    gc.disable()
    others = held()  # what an earlier test keeps that failed
    try:
        callers = await waiting(sqlite_store.write(add), fault_of(sqlite_store.write(refused)))
        assert held() == others + 2
        gate.open()
        await asyncio.gather(*callers)
        assert await sqlite_store.write(add) == 2  # so that what the writer has in hand is this
        assert held() <= others + 1
    finally:
        gc.enable()


async def test_who_is_refused_without_having_changed_anything_costs_the_others_nothing(
    sqlite_store: SqliteStore, gate: Gate
) -> None:
    async def refused_at_once(tx: Tx) -> None:
        await count(tx)
        raise Refused(Fault.LOGIN_WRONG)

    callers = await waiting(
        sqlite_store.write(add), fault_of(sqlite_store.write(refused_at_once)), sqlite_store.write(add)
    )
    gate.open()
    assert await asyncio.gather(*callers) == [1, Fault.LOGIN_WRONG, 2]
    assert (gate.times("BEGIN"), gate.times("SAVEPOINT"), gate.times("ROLLBACK")) == (1, 0, 0)


async def test_after_a_batch_that_went_twice_each_flow_has_a_savepoint_for_a_while(
    sqlite_store: SqliteStore, gate: Gate
) -> None:
    def said() -> tuple[int, int, int]:
        return gate.times("BEGIN"), gate.times("SAVEPOINT"), gate.times("COMMIT")

    gate.open()
    for number in range(sqlite.WARY_BATCHES + 1):
        kept, fault = await asyncio.gather(sqlite_store.write(add), fault_of(sqlite_store.write(refused)))
        assert (kept, fault) == (number + 1, Fault.LOGIN_WRONG)
        assert said() == (2 + number, 2 + 2 * number, 1 + number)
    wary = sqlite.WARY_BATCHES
    assert said() == (2 + wary, 2 + 2 * wary, 1 + wary)
    await sqlite_store.write(add)
    assert said() == (3 + wary, 2 + 2 * wary, 2 + wary)
    assert await sqlite_store.read(count) == 2 + wary


async def test_notes_of_one_turn_are_one_transaction_that_waits_for_no_disk(sqlite_store: SqliteStore) -> None:
    said: list[str] = []
    sqlite_store._noter.set_trace_callback(said.append)
    assert sqlite_store._noter.execute("PRAGMA synchronous").fetchone() == (1,)
    said.clear()
    assert await asyncio.gather(*(sqlite_store.note(add) for _ in range(20))) == list(range(1, 21))
    assert [each for each in said if not each.startswith("INSERT")] == ["BEGIN IMMEDIATE", "COMMIT"]
    assert sqlite_store._writing is None


async def test_a_note_that_must_be_undone_alone_or_finds_somebody_writing_goes_along_with_the_next_batch(
    sqlite_store: SqliteStore, gate: Gate
) -> None:
    writing = await waiting(sqlite_store.write(add))
    notes = await waiting(
        sqlite_store.note(add), fault_of(sqlite_store.note(refused)), *(sqlite_store.note(add) for _ in range(3))
    )
    assert not any(note.done() for note in notes)
    gate.open()
    assert await asyncio.gather(*writing, *notes) == [1, 2, Fault.LOGIN_WRONG, 3, 4, 5]
    assert gate.times("COMMIT") == 2
    kept, fault = await asyncio.gather(sqlite_store.note(add), fault_of(sqlite_store.note(refused)))
    assert (kept, fault) == (6, Fault.LOGIN_WRONG)
    assert await sqlite_store.read(count) == 6


async def test_a_note_that_cannot_even_begin_is_for_the_writer_to_tell_of(sqlite_store: SqliteStore) -> None:
    class Broken:
        def execute(self, _: str) -> None:
            raise sqlite3.DatabaseError

    noter, sqlite_store._noter = sqlite_store._noter, Broken()  # type: ignore[assignment]
    async with asyncio.timeout(5):
        assert sorted(await asyncio.gather(sqlite_store.note(add), sqlite_store.note(add))) == [1, 2]
    sqlite_store._noter = noter
    assert await sqlite_store.note(add) == 3


async def test_a_batch_of_refused_flows_is_not_committed(sqlite_store: SqliteStore, gate: Gate) -> None:
    gate.open()
    faults = await asyncio.gather(*(fault_of(sqlite_store.write(refused)) for _ in range(3)))
    assert faults == [Fault.LOGIN_WRONG] * 3
    assert (gate.times("COMMIT"), gate.times("ROLLBACK TO"), gate.said[-1]) == (0, 3, "ROLLBACK")


async def test_a_flow_whose_caller_left_before_its_turn_never_runs(sqlite_store: SqliteStore, gate: Gate) -> None:
    driven, *_ = await waiting(sqlite_store.write(adding("driven")))
    queued, *_ = await waiting(sqlite_store.write(adding("queued")))
    driven.cancel()
    queued.cancel()
    await turns()
    gate.open()
    await sqlite_store.write(add)
    assert await sqlite_store.read(counting("driven")) == 1
    assert await sqlite_store.read(counting("queued")) == 0


async def test_the_instant_of_a_flow_is_when_it_is_driven(
    sqlite_store: SqliteStore, gate: Gate, clock: ManualClock
) -> None:
    async def now(tx: Tx) -> int:
        return tx.now

    first = await waiting(sqlite_store.write(now))
    second = await waiting(sqlite_store.write(now))
    clock.advance(5)
    gate.open()
    assert await asyncio.gather(*first, *second) == [START, START + 5]


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_a_flow_that_waits_for_something_foreign_is_a_bug_that_hurts_nobody(
    sqlite_store: SqliteStore, kind: str
) -> None:
    left = []

    async def foreign(tx: Tx) -> None:
        try:
            if kind == "write":
                await add(tx)
            await asyncio.sleep(0)
        finally:
            left.append(kind)

    good = asyncio.create_task(sqlite_store.write(adding("good")))
    with pytest.raises(RuntimeError, match="waited for something other"):
        await (sqlite_store.read(foreign) if kind == "read" else sqlite_store.write(foreign))
    assert set(left) == {kind}
    assert await good == 1
    assert await sqlite_store.read(count) == 0
    assert await sqlite_store.write(add) == 1


async def test_a_write_waits_while_another_program_holds_the_lock(sqlite_store: SqliteStore, sqlite_url: str) -> None:
    other = sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    callers = [asyncio.create_task(sqlite_store.write(add)) for _ in range(3)]
    done, _ = await asyncio.wait(callers, timeout=0.05)
    assert not done
    assert await sqlite_store.read(count) == 0
    other.execute("ROLLBACK")
    other.close()
    assert await asyncio.gather(*callers) == [1, 2, 3]


async def test_whoever_cannot_write_in_time_hears_that_the_store_is_busy(
    sqlite_store: SqliteStore, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "LOCK_PATIENCE_S", 0.05)
    other = sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answers = await asyncio.wait_for(
        asyncio.gather(*(sqlite_store.write(add) for _ in range(3)), return_exceptions=True), timeout=5
    )
    other.execute("ROLLBACK")
    other.close()

    for answer in answers:
        assert isinstance(answer, Refused)
        assert (answer.fault, answer.retry_after) == (Fault.STORE_BUSY, 1)
    assert await sqlite_store.write(add) == 1


async def test_two_programs_write_to_one_file(sqlite_store: SqliteStore, sqlite_url: str) -> None:
    times = 150
    command = (sys.executable, "-m", "tests.store.neighbour", sqlite_url, "both", str(times))
    neighbour = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert neighbour.stdin
    assert neighbour.stdout
    assert await neighbour.stdout.readline() == b"ready\n"
    neighbour.stdin.write(b"go\n")
    for _ in range(times):
        await sqlite_store.write(adding("both"))
    assert await neighbour.wait() == 0
    assert await sqlite_store.read(counting("both")) == 2 * times


async def test_whatever_breaks_a_batch_the_next_one_works(sqlite_store: SqliteStore) -> None:
    class Broken(ManualClock):
        def now(self) -> int:
            raise ZeroDivisionError

    clock, sqlite_store._clock = sqlite_store._clock, Broken(0)
    answers = await asyncio.gather(sqlite_store.write(add), sqlite_store.write(add), return_exceptions=True)
    sqlite_store._clock = clock

    assert any(isinstance(answer, ZeroDivisionError) for answer in answers)
    assert await sqlite_store.write(add) == 1


async def test_closing_leaves_one_file_and_nothing_beside_it(sqlite_url: str, clock: ManualClock) -> None:
    store = await open_store(sqlite_url, clock)
    await store.write(add)
    assert files(sqlite_url) == {"", "-shm", "-wal"}
    await store.aclose()
    assert files(sqlite_url) == {""}
