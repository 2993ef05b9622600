"""This file is the SQLite engine: reads inline on the event loop, writes by a split writer with group commit.

While a commit's fsync runs on the commit thread, flows that want to write wait. When it ends, all that wait are driven
one after another inside one transaction; then one COMMIT on the thread; only then do their answers go out. If a flow is
refused after it changed something, all is undone and each is driven once more, with a savepoint of its own.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Generic

from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from admitone.basics.clock import Clock
from admitone.basics.telling.metrics import BATCHES, COMMITS
from admitone.model.faults import Fault, Refused
from admitone.store.engine.statements import Compilations, Row, Statement
from admitone.store.engine.tx import Flow, T
from admitone.store.engine.wal import MOST_PAGES, Log

LARGEST_BATCH = 256
# A savepoint makes SQLite copy every page that is changed after it. Who makes a batch go twice may do so again: for so
# many batches after it, each flow has a savepoint at once.
WARY_BATCHES = 16
# Another process may hold the write lock; its own back-off would make SQLite sleep up to 100 ms at a time.
LOCK_RETRY_S = 0.001  # uvloop counts in these: half of it would be no pause at all
LOCK_PATIENCE_S = 10.0
READER_PATIENCE_S = 0.25
PAGE_CACHE_KIB = 16_384

LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
UNUSABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
}


class SqliteTx:
    """One flow's view of an open SQLite transaction; nothing in it ever waits."""

    __slots__ = ("_compiled", "_connection", "now")

    def __init__(self, connection: sqlite3.Connection, compiled: Compilations, now: int) -> None:
        """Wrap a connection on which a transaction is open."""
        self._connection = connection
        self._compiled = compiled
        self.now = now

    async def one(self, statement: Statement[Row], /, **values: Any) -> Row | None:
        """See `tx.Tx`."""
        sql, order = self._compiled[statement]
        # All rows are fetched because a statement that is not finished would keep the transaction from committing.
        rows = self._connection.execute(sql, order(values)).fetchall()
        return statement.make(rows[0]) if rows else None

    async def all(self, statement: Statement[Row], /, **values: Any) -> list[Row]:
        """See `tx.Tx`."""
        sql, order = self._compiled[statement]
        return [statement.make(row) for row in self._connection.execute(sql, order(values))]

    async def run(self, statement: Statement[Any], /, **values: Any) -> int:
        """See `tx.Tx`."""
        sql, order = self._compiled[statement]
        return self._connection.execute(sql, order(values)).rowcount

    async def many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]], /) -> None:
        """See `tx.Tx`."""
        sql, order = self._compiled[statement]
        self._connection.executemany(sql, map(order, rows))


class _Waiting(Generic[T]):
    """A flow in the queue of the writer, and where its caller waits."""

    __slots__ = ("answer", "flow", "result", "since")

    def __init__(self, flow: Flow[T], answer: "asyncio.Future[T]") -> None:
        self.flow = flow
        self.answer = answer
        self.since = time.monotonic()
        self.result: T | BaseException | None = None

    def release(self) -> None:
        """Tell the caller, and forget both: an error leads by its traceback to all who waited with it, and they to it.

        Such a circle only the collector of garbage undoes, and everybody waits for that.
        """
        answer, result = self.answer, self.result
        del self.answer, self.result
        if answer.done():  # its caller went away
            return
        if isinstance(result, BaseException):
            answer.set_exception(result)
        else:
            answer.set_result(result)  # type: ignore[arg-type]


@cache
def compiled() -> Compilations:
    """Every statement, compiled once for all stores of this process, and of those that are forked off it."""
    return Compilations(SQLiteDialect_pysqlite(paramstyle="qmark"))


class SqliteStore:
    """A store in one SQLite file. Belongs to the event loop that opened it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Open the file, which must have been migrated."""
        self._clock = clock
        self._compiled = compiled()
        self._writer = connect(path)
        self._reader = connect(path)
        self._reader.execute(f"PRAGMA busy_timeout={int(READER_PATIENCE_S * 1000)}")
        self._reader.execute("PRAGMA query_only=ON")
        # A commit on this one waits for no disk, and the loop for no commit: the write-ahead log makes it safe.
        self._noter = connect(path)
        self._noter.execute("PRAGMA synchronous=NORMAL")
        self._noter.execute("PRAGMA wal_autocheckpoint=0")
        self._writer.execute(f"PRAGMA wal_autocheckpoint={MOST_PAGES}")
        self._log = Log(connect(path), self._go_on_writing)
        self._queue: deque[_Waiting[Any]] = deque()
        self._notes: deque[_Waiting[Any]] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._wary = 0
        self._committer = ThreadPoolExecutor(1, thread_name_prefix="commit")

    async def read(self, flow: Flow[T]) -> T:
        """See `tx.Store`. Runs to its end before anything else does."""
        return self._read(flow, snapshot=True)

    async def glance(self, flow: Flow[T]) -> T:
        """See `tx.Store`. One statement to run where a snapshot takes three."""
        return self._read(flow, snapshot=False)

    def _read(self, flow: Flow[T], *, snapshot: bool) -> T:
        reader = self._reader
        try:
            if snapshot:
                reader.execute("BEGIN")
            try:
                return drive(flow(SqliteTx(reader, self._compiled, self._clock.now())))
            finally:
                if reader.in_transaction:  # an unreadable file has ended it already
                    reader.execute("COMMIT")
        except sqlite3.Error as error:
            if (refused := refusal(error)) is error:
                raise
            raise refused from error

    async def write(self, flow: Flow[T]) -> T:
        """See `tx.Store`. Waits for the fsync of its batch."""
        waiting = _Waiting(flow, asyncio.get_running_loop().create_future())
        self._write_soon(waiting)
        result: T = await waiting.answer
        return result

    async def join(self, flow: Flow[T]) -> T:
        """See `tx.Store`. All that is written goes together here."""
        return await self.write(flow)

    async def note(self, flow: Flow[T]) -> T:
        """See `tx.Store`. With all that come in one turn of the loop, and at once where nobody writes."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(flow, loop.create_future())
        self._notes.append(waiting)
        if len(self._notes) == 1:
            loop.call_soon(self._note_all)
        result: T = await waiting.answer
        return result

    def waited(self) -> float:
        """See `tx.Store`."""
        # Up to a batch may wait for the disk: however slow that is, all of them are next.
        return time.monotonic() - self._queue[0].since if len(self._queue) > LARGEST_BATCH else 0.0

    async def aclose(self) -> None:
        """See `tx.Store`."""
        self._note_all()
        while self._writing is not None and not self._writing.done():
            await self._writing
        await self._log.aclose()
        self._committer.shutdown()
        self._reader.close()
        self._noter.close()
        # The last connection to close moves the log into the file and removes it.
        self._writer.close()

    def _write_soon(self, *waiting: _Waiting[Any]) -> None:
        self._queue.extend(waiting)
        self._go_on_writing()

    def _go_on_writing(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())

    def _note_all(self) -> None:
        """Keep all notes in one transaction; what cannot be kept so goes along with the next batch of writes."""
        noter = self._noter
        while self._notes:
            batch: list[_Waiting[Any]] = []
            try:
                noter.execute("BEGIN IMMEDIATE")
                before = noter.total_changes
            except sqlite3.Error:  # also what is no lock: the writer will meet it, and tell whoever waits
                self._write_soon(*self._notes)
                self._notes.clear()
                return
            try:
                kept = self._drive_waiting(noter, self._notes, batch, apart=False)
                noter.execute("COMMIT" if kept else "ROLLBACK")
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
                _undo(noter, batch, refusal(error))
            else:
                if not kept:
                    self._write_soon(*batch)
                    continue
                self._log.grew(noter.total_changes - before)
            for waiting in batch:
                waiting.release()

    async def _write_all(self) -> None:
        while self._queue or self._log.rest:
            if self._log.rest:
                await self._finish_the_log()
            else:
                await self._write_batch()

    async def _finish_the_log(self) -> None:
        """Keep everybody from writing, notes and other processes too, while the rest of the log is moved."""
        self._log.rest = False  # if it cannot be done now, it is done the next time
        with suppress(sqlite3.Error):
            await self._begin()
            try:
                await self._log.finish()
            finally:
                self._writer.execute("ROLLBACK")

    async def _write_batch(self) -> None:
        batch: list[_Waiting[Any]] = []
        committing = False
        try:
            await self._begin()
            before = self._writer.total_changes
            apart, self._wary = self._wary > 0, max(0, self._wary - 1)
            if not self._drive_waiting(self._writer, self._queue, batch, apart=apart):
                self._wary = WARY_BATCHES
                self._writer.execute("ROLLBACK")
                await self._begin()
                self._drive_waiting(self._writer, self._queue, batch, apart=True)
            if any(not isinstance(each.result, BaseException) for each in batch):
                committing = True
                BATCHES.observe(len(batch))
                with COMMITS.time():
                    await self._on_the_disk("COMMIT")
                self._log.grew(self._writer.total_changes - before)
            else:
                self._writer.execute("ROLLBACK")
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            if not batch:  # it never began: everybody in the queue is told
                batch.extend(self._queue)
                self._queue.clear()
            _undo(self._writer, batch, refusal(error, committing=committing))
        for waiting in batch:
            waiting.release()

    async def _on_the_disk(self, statement: str) -> None:
        """Run what waits for the disk, beside the loop."""
        await asyncio.get_running_loop().run_in_executor(self._committer, self._writer.execute, statement)

    async def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        latest = loop.time() + LOCK_PATIENCE_S
        while True:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if _code(error) != sqlite3.SQLITE_BUSY or loop.time() > latest:
                    raise
                await asyncio.sleep(LOCK_RETRY_S)
            else:
                return

    def _drive_waiting(
        self, connection: sqlite3.Connection, queue: deque[_Waiting[Any]], batch: list[_Waiting[Any]], *, apart: bool
    ) -> bool:
        """Drive the batch, and whoever waits and fits into it; False when somebody in it must be undone alone."""
        drive_one = self._drive_apart if apart else self._drive_together
        for waiting in batch:
            drive_one(connection, waiting)
        while queue and len(batch) < LARGEST_BATCH:
            waiting = queue.popleft()
            if waiting.answer.done():
                continue
            batch.append(waiting)
            if not drive_one(connection, waiting):
                return False
        return True

    def _drive_together(self, connection: sqlite3.Connection, waiting: _Waiting[Any]) -> bool:
        """Drive one flow; False when it failed after it changed something, which is there still."""
        before = connection.total_changes
        try:
            waiting.result = drive(waiting.flow(SqliteTx(connection, self._compiled, self._clock.now())))
        except BaseException as error:
            if not connection.in_transaction:  # a full disk or the like has undone the whole batch
                raise
            waiting.result = refusal(error)
            return connection.total_changes == before
        return True

    def _drive_apart(self, connection: sqlite3.Connection, waiting: _Waiting[Any]) -> bool:
        """Drive one flow so that it can be undone alone, and is when it fails."""
        connection.execute("SAVEPOINT flow")
        if not self._drive_together(connection, waiting):
            connection.execute("ROLLBACK TO flow")
        connection.execute("RELEASE flow")
        return True


def _undo(connection: sqlite3.Connection, batch: list[_Waiting[Any]], error: BaseException) -> None:
    """Nothing of a batch was kept: everybody in it is told, but for those who had been refused before."""
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    for waiting in batch:
        if not isinstance(waiting.result, Refused):
            waiting.result = error


def open_sqlite(path: Path, clock: Clock) -> SqliteStore:
    """Open a file that has been migrated. Raises STORE_DOWN when it is not there or no database."""
    try:
        return SqliteStore(path, clock)
    except sqlite3.Error as error:
        raise Refused(Fault.STORE_DOWN, detail=f"{path} cannot be opened: {error}") from error


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection in autocommit mode: WAL, an fsync for each commit, foreign keys enforced."""
    there = f"{path.absolute().as_uri()}?mode=rw"  # else a mistyped path would make a new, empty file
    connection = sqlite3.connect(there, uri=True, isolation_level=None, check_same_thread=False, cached_statements=512)
    for pragma in (
        "busy_timeout=5000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{PAGE_CACHE_KIB}",
        "busy_timeout=0",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def drive(flow: Coroutine[Any, Any, T]) -> T:
    """Run to its end a coroutine in which nothing waits; the law that makes one code serve two engines."""
    try:
        flow.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    flow.close()
    message = "a flow waited for something other than its transaction"
    raise RuntimeError(message)


def refusal(error: BaseException, *, committing: bool = False) -> BaseException:
    """What the caller hears of a driver's error; anything that is not the disk or the lock stays what it is: a bug."""
    code = _code(error)
    if code in LOCKED:
        return _caused(Refused(Fault.STORE_BUSY, retry_after=1, detail=str(error)), error)
    if code == sqlite3.SQLITE_IOERR and committing:
        # A failed fsync leaves open whether the log holds the commit.
        return _caused(Refused(Fault.OUTCOME_UNKNOWN, detail=str(error)), error)
    if code in UNUSABLE:
        return _caused(Refused(Fault.STORE_DOWN, retry_after=5, detail=str(error)), error)
    return error


def _caused(refused: Refused, cause: BaseException) -> Refused:
    refused.__cause__ = cause
    return refused


def _code(error: BaseException) -> int | None:
    """The primary result code: SQLite keeps the finer one in the higher bytes."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
