"""This file brings a database to the schema of this program, one process at a time, and refuses one that is newer."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from admitone.basics.late import late
from admitone.model.faults import Fault, Refused
from admitone.store.engine import address

if TYPE_CHECKING:
    from alembic import command, config, script
    from alembic.runtime import migration
    from sqlalchemy.ext import asyncio as engines
else:
    command, config, script = late("alembic.command"), late("alembic.config"), late("alembic.script")
    migration, engines = late("alembic.runtime.migration"), late("sqlalchemy.ext.asyncio")

# Any number that nobody else on the same database is likely to lock with: "admit" in ASCII.
LOCK = 0x61646D6974
SQLITE_PATIENCE_S = 60


class SchemaError(Exception):
    """The database cannot be used by this program; the sentence says why and what to do."""


class Migrated(NamedTuple):
    """From which revision to which; `before` is None for an empty database."""

    before: str | None
    after: str


async def migrate(url: str) -> Migrated:
    """Bring the database at `url` to the newest schema, under a lock, all or nothing.

    A file that is made for it is its owner's alone to read. Raises SchemaError, AddressError, Refused(STORE_DOWN).
    """
    if address.is_sqlite(url):
        _claim(address.sqlite_path(url))
    return await _on(url, _upgrade)


async def look(url: str) -> Migrated:
    """Where the database stands and where this program would bring it; changes nothing. Raises as `migrate`."""
    return await _on(url, _standing)


def newest() -> str:
    """The revision that this program needs."""
    head = _scripts().get_current_head()
    assert head is not None  # noqa: S101 - the migrations folder is part of the package
    return head


async def _on(url: str, work: Callable[[Connection], Migrated]) -> Migrated:
    try:
        if address.is_sqlite(url):
            return await asyncio.to_thread(_on_sqlite, address.sqlite_path(url), work)
        engine = engines.create_async_engine(address.sqlalchemy_url(url), poolclass=NullPool)
        try:
            async with engine.begin() as connection:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
                return await connection.run_sync(work)
        finally:
            await engine.dispose()
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
        connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")

    try:
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()


def _standing(connection: Connection) -> Migrated:
    before = migration.MigrationContext.configure(connection).get_current_revision()
    known = {each.revision for each in _scripts().walk_revisions()}
    if before is not None and before not in known:
        message = (
            f"The database has schema {before}, which this program ({newest()}) does not know. Run a newer Admit One."
        )
        raise SchemaError(message)
    return Migrated(before, newest())


def _upgrade(connection: Connection) -> Migrated:
    standing = _standing(connection)
    if standing.before != standing.after:
        ours = _config()
        with _lent(ours, connection):
            command.upgrade(ours, "head")
    return standing


@contextmanager
def _lent(ours: "config.Config", connection: Connection) -> Iterator[None]:
    """Let the migrations run on this connection, inside its transaction."""
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
