"""This file is the PostgreSQL engine: asyncpg, a pool whose connections are kept, one transaction for each flow."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from itertools import count
from typing import Any, cast

import asyncpg
from asyncpg import exceptions as pg
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from admitone.basics.clock import Clock
from admitone.basics.telling.metrics import BATCHES, COMMITS, CONNECTION_WAITS
from admitone.model.faults import Fault, Refused
from admitone.store.engine.arrays import Arrays, Values, written
from admitone.store.engine.company import WRITES, ApartError, Company, Member, Runs, go
from admitone.store.engine.connecting import nothing, settled, settled_to_write
from admitone.store.engine.statements import Compilations, Row, Statement
from admitone.store.engine.tx import Flow, T, Tx

CONNECTIONS = 10
READS = 2  # companies that read at once: with more, each is smaller, and none is quicker
PATIENCE_S = 10.0
CONNECT_S = 5.0
STATEMENT_S = 30.0
PAUSES_S = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8)
# Of a replica: there is somebody else to ask.
REPLICA_STATEMENT_S = 3.0
REPLICA_PAUSES_S = (0.0, 0.0)
BEGIN_NOTHING = ""  # each statement is a transaction of its own
BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
BEGIN_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
BEGIN_NOTE = f"{BEGIN_WRITE}; SET LOCAL synchronous_commit TO off"

# The server says: nothing of this transaction happened, run it again. The last two follow a migration under our feet.
COLLISIONS = (
    pg.SerializationError,
    pg.DeadlockDetectedError,
    pg.InvalidCachedStatementError,
    pg.OutdatedSchemaCacheError,
)
# TimeoutError is an OSError. The driver's internal error is what it says of a connection that broke between two steps.
UNREACHABLE = (
    pg.PostgresConnectionError,
    pg.CannotConnectNowError,
    pg.AdminShutdownError,
    pg.CrashShutdownError,
    pg.InterfaceError,
    pg.InternalClientError,
    OSError,
)
# What a server says that goes away, or that is a primary no more: nothing further on this connection.
LEAVING = (
    pg.AdminShutdownError,
    pg.CrashShutdownError,
    pg.CannotConnectNowError,
    pg.ReadOnlySQLTransactionError,
)
SLOW = (pg.LockNotAvailableError, pg.QueryCanceledError)


class _LostError(Exception):
    """The connection broke before the commit was sent: nothing was kept, and another try is safe."""


class _Both(Compilations):
    """Every statement compiled, also for many calls."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect)
        self._for_many: dict[Statement[Any], Arrays] = {}

    def for_many(self, statement: Statement[Any]) -> Arrays:
        """A statement for many calls; each is written when first asked for."""
        found = self._for_many.get(statement)
        if found is None:
            found = self._for_many[statement] = written(statement, self._dialect)
        return found


@cache
def compiled() -> _Both:
    """See `sqlite.compiled`."""
    return _Both(PGDialect_asyncpg())  # type: ignore[no-untyped-call]


class PostgresTx:
    """One flow's view of an open PostgreSQL transaction."""

    __slots__ = ("_compiled", "_connection", "now")

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[Any]", compiled: "_Both", now: int) -> None:
        """Wrap a connection on which a transaction is open."""
        self._connection = connection
        self._compiled = compiled
        self.now = now

    async def one(self, statement: Statement[Row], /, **values: Any) -> Row | None:
        """See `tx.Tx`."""
        sql, order = self._compiled[statement]
        row = await self._connection.fetchrow(sql, *order(values))
        return None if row is None else statement.make(row)

    async def all(self, statement: Statement[Row], /, **values: Any) -> list[Row]:
        """See `tx.Tx`."""
        sql, order = self._compiled[statement]
        return [statement.make(row) for row in await self._connection.fetch(sql, *order(values))]

    async def run(self, statement: Statement[Any], /, **values: Any) -> int:
        """See `tx.Tx`."""
        sql, order = self._compiled[statement]
        status = await self._connection.execute(sql, *order(values))
        return int(status.rpartition(" ")[2])

    async def many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]], /) -> None:
        """See `tx.Tx`."""
        sql, order = self._compiled[statement]
        await self._connection.executemany(sql, list(map(order, rows)))

    async def rows(self, statement: Statement[Any], calls: Sequence[Values]) -> list[list[Any]]:
        """See `company.Runs`."""
        if statement.together is None or len(calls) == 1:
            return [await self._rows(statement, values) for values in calls]
        found: list[list[Any]] = [[] for _ in calls]
        arrays = self._compiled.for_many(statement)
        for places in arrays.in_goes(calls):
            going = [calls[place] for place in places]
            rows = await self._connection.fetch(arrays.sql, *arrays.given(going))
            for place, told in zip(places, arrays.rows_of(going, rows), strict=True):
                found[place] = told
        return found

    async def _rows(self, statement: Statement[Any], values: Values) -> list[Any]:
        sql, order = self._compiled[statement]
        if statement.tells:
            return list(await self._connection.fetch(sql, *order(values)))
        status = await self._connection.execute(sql, *order(values))
        return [()] * int(status.rpartition(" ")[2])


class PostgresGlance(PostgresTx):
    """The same where no transaction is open: nothing but the statement itself keeps it from writing."""

    __slots__ = ()

    async def one(self, statement: Statement[Row], /, **values: Any) -> Row | None:
        """See `tx.Tx`."""
        return await super().one(_reading(statement), **values)

    async def all(self, statement: Statement[Row], /, **values: Any) -> list[Row]:
        """See `tx.Tx`."""
        return await super().all(_reading(statement), **values)

    async def run(self, statement: Statement[Any], /, **values: Any) -> int:
        """See `tx.Tx`."""
        return await super().run(_reading(statement), **values)

    async def many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]], /) -> None:
        """See `tx.Tx`."""
        await super().many(_reading(statement), rows)

    async def rows(self, statement: Statement[Any], calls: Sequence[Values]) -> list[list[Any]]:
        """See `company.Runs`."""
        return await super().rows(_reading(statement), calls)


def _reading(statement: Statement[Row]) -> Statement[Row]:
    if not statement.reads:
        raise Refused(Fault.STORE_DOWN, detail="a flow that only glances must not write")
    return statement


class PostgresStore:
    """A store in a PostgreSQL database."""

    def __init__(self, pool: "asyncpg.Pool[Any]", clock: Clock, *, replica: bool) -> None:
        """Keep an open pool; see `open_postgres`."""
        self._pool = pool
        self._clock = clock
        self._replica = replica
        self._compiled = compiled()
        self._readers = Company(partial(self._lead, BEGIN_NOTHING), READS)
        self._writers = Company(partial(self._lead, BEGIN_WRITE), WRITES)
        self._noters = Company(partial(self._lead, BEGIN_NOTE), 1)
        self._running = 0
        self._turns = count()
        self._waiting: dict[int, float] = {}  # by turn, so the oldest first
        self._idle = asyncio.Event()
        self._idle.set()

    async def read(self, flow: Flow[T]) -> T:
        """See `tx.Store`. Run again on a fresh connection when one is lost: reading twice does no harm."""
        return await self._run(flow, BEGIN_READ)

    async def glance(self, flow: Flow[T]) -> T:
        """See `tx.Store`. One round trip for a statement, where a snapshot takes three; and one for many flows."""
        return await self._join(self._readers, flow, BEGIN_NOTHING)

    async def write(self, flow: Flow[T]) -> T:
        """See `tx.Store`. Run again only when it is certain that nothing of the first run was kept."""
        return await self._run(flow, BEGIN_WRITE)

    async def join(self, flow: Flow[T]) -> T:
        """See `tx.Store`. One commit for many flows, and one statement for those who ask the same."""
        return await self._join(self._writers, flow, BEGIN_WRITE)

    async def note(self, flow: Flow[T]) -> T:
        """See `tx.Store`. Run again when the connection breaks, even if that means twice."""
        return await self._join(self._noters, flow, BEGIN_NOTE)

    async def _join(self, company: Company, flow: Flow[T], begin: str) -> T:
        with self._busy():
            try:
                return await company.join(flow)
            except ApartError:
                return await self._run(flow, begin)

    async def _lead(self, begin: str, members: list[Member[Any]]) -> None:
        """Take flows to their end together; what went wrong for all of them is what each of them hears."""

        async def all_of_them(tx: Tx) -> None:
            await go(cast("Runs", tx), members)

        if begin is BEGIN_WRITE:
            BATCHES.observe(len(members))
        try:
            await self._run(all_of_them, begin)
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            heard = error if isinstance(error, Refused) else ApartError()
            for member in members:
                # Who was refused before anything went wrong changed nothing.
                if not isinstance(member.result, Refused):
                    member.result = heard

    def waited(self) -> float:
        """See `tx.Store`."""
        alone = time.monotonic() - next(iter(self._waiting.values())) if self._waiting else 0.0
        return max(alone, self._readers.waited(), self._writers.waited(), self._noters.waited())

    async def aclose(self) -> None:
        """See `tx.Store`."""
        # The pool would close connections under the flows that still wait for one.
        await self._idle.wait()
        await self._pool.close()

    async def _run(self, flow: Flow[T], begin: str) -> T:
        with self._busy():
            return await self._try_again(flow, begin)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        self._running += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def _try_again(self, flow: Flow[T], begin: str) -> T:
        failure: Exception | None = None
        for pause in REPLICA_PAUSES_S if self._replica else PAUSES_S:
            await asyncio.sleep(pause)
            try:
                return await self._try(flow, begin)
            except COLLISIONS as error:
                failure = error
            except _LostError as error:
                failure = error
            except pg.InsufficientResourcesError as error:
                raise Refused(Fault.STORE_DOWN, retry_after=5, detail=str(error)) from error
            except SLOW as error:
                raise Refused(Fault.STORE_BUSY, retry_after=5, detail=str(error)) from error
        fault = Fault.STORE_DOWN if isinstance(failure, _LostError) else Fault.STORE_BUSY
        raise Refused(fault, retry_after=5, detail=str(failure)) from failure

    async def _try(self, flow: Flow[T], begin: str) -> T:
        connection = await self._acquire()
        clean = False
        try:
            try:
                if begin:
                    await connection.execute(begin)
                view = PostgresTx if begin else PostgresGlance
                result = await flow(view(connection, self._compiled, self._clock.now()))
            except Exception as error:
                if isinstance(error, LEAVING):
                    raise _LostError(str(error)) from error
                clean = await _rolled_back(connection, begin)
                if isinstance(error, TimeoutError):
                    raise Refused(Fault.STORE_BUSY, retry_after=5, detail="a statement took too long") from error
                if clean:
                    raise
                raise _LostError(type(error).__name__) from error
            clean = await _committed(connection, begin)
            return result
        finally:
            # A connection left inside a transaction, by a cancelled caller for example, must not be used again.
            if not clean and not _is_lost(connection):
                connection.terminate()
            await self._give_back(connection)

    async def _give_back(self, connection: "asyncpg.pool.PoolConnectionProxy[Any]") -> None:
        try:
            await self._pool.release(connection)
        except UNREACHABLE:
            # It broke while it was given back, and the pool has let it go by itself. What was done on it stands.
            return

    async def _acquire(self) -> "asyncpg.pool.PoolConnectionProxy[Any]":
        turn = next(self._turns)
        self._waiting[turn] = time.monotonic()
        try:
            with CONNECTION_WAITS.time():
                return await self._pool.acquire(timeout=PATIENCE_S)
        except TimeoutError as error:
            raise Refused(Fault.STORE_BUSY, retry_after=1, detail="no free connection") from error
        except UNREACHABLE as error:
            raise _LostError(type(error).__name__) from error
        finally:
            del self._waiting[turn]


async def _committed(connection: "asyncpg.pool.PoolConnectionProxy[Any]", begin: str) -> bool:
    """Keep what was done; whether the connection can be used again. Raises OUTCOME_UNKNOWN, _LostError."""
    if _is_lost(connection):
        raise _LostError("closed before the commit was sent")
    if not begin:
        return True
    try:
        with COMMITS.time():
            status = await connection.execute("COMMIT")
    except UNREACHABLE as error:
        if begin is BEGIN_WRITE:
            # It may have happened and it may not have: whoever asked decides whether to ask again, never we.
            raise Refused(Fault.OUTCOME_UNKNOWN, detail=type(error).__name__) from error
        return False
    if status != "COMMIT":
        # The server undoes all of a transaction in which a statement failed, and says no more of it than this.
        raise RuntimeError("a flow went on after a failed statement")
    return True


def _is_lost(connection: "asyncpg.pool.PoolConnectionProxy[Any]") -> bool:
    try:
        return bool(connection.is_closed())
    except pg.InterfaceError:  # the pool takes a lost connection back by itself, and nothing may be asked of it then
        return True


async def _rolled_back(connection: "asyncpg.pool.PoolConnectionProxy[Any]", begin: str) -> bool:
    """Undo what was begun; False when there is no longer a connection to undo it on."""
    if not begin:
        return not _is_lost(connection)
    try:
        # A server that was cut off may be what is being undone for.
        await connection.execute("ROLLBACK", timeout=CONNECT_S)
    except (*UNREACHABLE, pg.PostgresError):
        return False
    return True


async def open_postgres(url: str, clock: Clock, *, replica: bool = False) -> PostgresStore:
    """Open a pool on a database that has been migrated. Raises STORE_DOWN when the server cannot be reached.

    A server that only follows another one is as good as none, unless a `replica` is what is wanted.
    """
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=2,
            max_size=CONNECTIONS,
            max_inactive_connection_lifetime=0,
            statement_cache_size=1024,
            max_cached_statement_lifetime=0,
            command_timeout=REPLICA_STATEMENT_S if replica else STATEMENT_S,
            timeout=CONNECT_S,
            init=settled if replica else settled_to_write,
            # Measured at 35 to 50 microseconds here and 50 in the server; we set no state that it would have to undo.
            reset=nothing,
            # Nothing else: what else a connection begins with, a pooler before the server would refuse here.
            server_settings={"application_name": "admitone"},
        )
    except (*UNREACHABLE, pg.PostgresError) as error:
        raise Refused(Fault.STORE_DOWN, detail=f"PostgreSQL cannot be reached: {error}") from error
    return PostgresStore(pool, clock, replica=replica)
