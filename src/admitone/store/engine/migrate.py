"""This file brings a database to the schema of this program, one process at a time, while others go on using it.

An empty database, and an SQLite file, get there in one transaction. A PostgreSQL database in use gets there step by
step, each in a transaction of its own that waits for no lock longer than callers can wait behind it.
"""

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from admitone.basics.late import late
from admitone.model.faults import Fault, Refused
from admitone.store.engine import address, blank
from admitone.store.engine.lone import HOLD_ON, Errand
from admitone.store.engine.mark import mark_of
from admitone.store.schema import schema_support

if TYPE_CHECKING:
    from alembic import command, config, script
    from alembic.runtime import migration
    from sqlalchemy.ext import asyncio as engines
else:
    command, config, script = late("alembic.command"), late("alembic.config"), late("alembic.script")
    migration, engines = late("alembic.runtime.migration"), late("sqlalchemy.ext.asyncio")

SQLITE_PATIENCE_S = 60
LOG_RETRY_S = 0.005
# How often to look whether another process has migrated. Nobody waits for it inside a statement: an index that is made
# beside the traffic waits for every statement that was there before it.
LOOK_S = 0.1
# Whoever comes after a step that waits for a table waits as long as it does; then it lets them by and tries again.
STEP_LOCK_S = 2.0
STEP_TRIES = 30
STEP_PAUSE_S = 1.0
IN_THE_WAY = {"55P03", "40P01"}  # lock_not_available, deadlock_detected


class SchemaError(Exception):
    """The database cannot be used by this program; the sentence says why and what to do."""


class Migrated(NamedTuple):
    """From which revision to which; `before` is None for an empty database."""

    before: str | None
    after: str


async def migrate(url: str) -> Migrated:
    """Bring the database at `url` to the newest schema; what was begun and failed is undone.

    A file that is made for it is its owner's alone to read. Raises SchemaError, AddressError, Refused(STORE_DOWN).
    """
    if await is_newest(url):
        return Migrated(blank.revision(), blank.revision())
    if address.is_sqlite(url):
        _claim(address.sqlite_path(url))
        return await _on(url, _upgrade)
    return await _beside_traffic(url)


async def is_newest(url: str) -> bool:
    """Whether there is plainly nothing to do; what takes the steps needs not be loaded to tell. Raises AddressError."""
    return await mark_of(url) == blank.revision()


async def look(url: str) -> Migrated:
    """Where the database stands and where this program would bring it; changes nothing. Raises as `migrate`."""
    return await _on(url, _standing)


def newest() -> str:
    """The revision that this program needs."""
    head = _scripts().get_current_head()
    assert head is not None  # noqa: S101 - the migrations folder is part of the package
    return head


async def _on(url: str, work: Callable[[Connection], Migrated]) -> Migrated:
    """Do something in one transaction; on SQLite nobody else writes meanwhile."""
    if address.is_sqlite(url):
        with _unreachable():
            return await asyncio.to_thread(_on_sqlite, address.sqlite_path(url), work)
    async with _engine(url) as engine, engine.begin() as connection:
        return await connection.run_sync(work)


async def _beside_traffic(url: str) -> Migrated:
    async with _engine(url) as engine, engine.connect() as guard:
        await _be_alone(guard)
        async with engine.connect() as connection:
            for _ in range(STEP_TRIES - 1):
                try:
                    return await connection.run_sync(_upgrade_by_steps)
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) not in IN_THE_WAY:
                        raise
                    await connection.rollback()
                await asyncio.sleep(STEP_PAUSE_S)
            return await connection.run_sync(_upgrade_by_steps)


async def _be_alone(guard: "engines.AsyncConnection") -> None:
    """Let no other process migrate as long as this connection's transaction lasts."""
    while True:
        if await guard.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": Errand.MIGRATING.value}):
            for setting in HOLD_ON:
                await guard.execute(text(setting))
            return
        await guard.rollback()
        await asyncio.sleep(LOOK_S)


@asynccontextmanager
async def _engine(url: str) -> "AsyncIterator[engines.AsyncEngine]":
    engine = engines.create_async_engine(address.sqlalchemy_url(url), poolclass=NullPool)
    try:
        with _unreachable():
            yield engine
    finally:
        await engine.dispose()


@contextmanager
def _unreachable() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, OSError) as error:
        raise Refused(Fault.STORE_DOWN, detail=str(getattr(error, "orig", error))) from error


def _claim(path: Path) -> None:
    """Make the file before SQLite does: everybody may read what SQLite makes, digests of passwords included."""
    with suppress(OSError):  # it is there already, or cannot be made, which SQLite says too
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _on_sqlite(path: Path, work: Callable[[Connection], Migrated]) -> Migrated:
    engine = create_engine(
        URL.create("sqlite", database=str(path)), poolclass=NullPool, connect_args={"timeout": SQLITE_PATIENCE_S}
    )

    # The driver would begin late and commit before tables are made: we begin ourselves, and that is the lock.
    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        _keep_a_log(connection)

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")

    try:
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Have a write-ahead log. Of two who come to a new file at once SQLite refuses one, and does not let it wait."""
    latest = time.monotonic() + SQLITE_PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > latest:
                raise
            time.sleep(LOG_RETRY_S)
        else:
            return


def _standing(connection: Connection) -> Migrated:
    before = migration.MigrationContext.configure(connection).get_current_revision()
    known = {each.revision for each in _scripts().walk_revisions()}
    if before is None or before in known:
        return Migrated(before, newest())
    since = _supported_since(connection)
    if since is not None and since <= newest():
        return Migrated(before, before)  # a newer program's steps only added to it
    message = f"The database has schema {before}, which this program ({newest()}) does not know. Run a newer Admit One."
    raise SchemaError(message)


def _supported_since(connection: Connection) -> str | None:
    """The oldest revision whose programs may use the database; None where it does not say."""
    if not inspect(connection).has_table(schema_support.name):
        return None
    since: str | None = connection.execute(select(schema_support.c.since)).scalar()
    return since


def _upgrade(connection: Connection) -> Migrated:
    """Take all steps in the transaction that is open."""
    standing = _standing(connection)
    if standing.before != standing.after:
        _to_head(connection)
    return standing


def _upgrade_by_steps(connection: Connection) -> Migrated:
    """Take each step in a transaction of its own; all in one where there is nobody to wait for it."""
    standing = _standing(connection)
    if standing.before == standing.after:
        return standing
    if standing.before is None:
        _to_head(connection)
        connection.commit()
        return standing
    connection.rollback()

    @event.listens_for(connection, "begin")
    def _(begun: Connection) -> None:
        begun.exec_driver_sql(f"SET LOCAL lock_timeout = {int(STEP_LOCK_S * 1000)}")

    _to_head(connection)
    return standing


def _to_head(connection: Connection) -> None:
    ours = _config()
    with _lent(ours, connection):
        command.upgrade(ours, newest())


@contextmanager
def _lent(ours: "config.Config", connection: Connection) -> Iterator[None]:
    """Let the migrations run on this connection, inside its transaction if it has one."""
    ours.attributes["connection"] = connection
    try:
        yield
    finally:
        del ours.attributes["connection"]


def _config() -> "config.Config":
    ours = config.Config()
    ours.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    return ours


def _scripts() -> "script.ScriptDirectory":
    return script.ScriptDirectory.from_config(_config())
