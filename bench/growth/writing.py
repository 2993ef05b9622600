"""This file fills a database in bulk: piece by piece, each with how far it has come, so that another run goes on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from sqlalchemy import Dialect, Index, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.schema import AddConstraint, CreateIndex

from admitone.model.connected.changes import DAY_MS
from admitone.store.engine.address import is_sqlite, sqlite_path
from bench.growth.draw import COLUMNS, TABLES, Rows

# Beside the program's own tables while the filling goes on, and gone when it is done.
POSITION = "growth_position"
_BEGUN = f"CREATE TABLE IF NOT EXISTS {POSITION} (whole TEXT NOT NULL, next_piece INTEGER NOT NULL)"
# The votes of all titles at once, from the ratings that were written.
_VOTES = """INSERT INTO votes (media_type, media_id, season, episode, people, halves)
    SELECT media_type, media_id, season, episode, count(*), sum(halves) FROM ratings
    GROUP BY media_type, media_id, season, episode"""


class Different(Exception):
    """The database holds something else already; the sentence says what."""


class Writer(Protocol):
    """One database while it is filled."""

    async def begin(self, whole: str) -> int:
        """Make ready for much: which piece is next. `whole` names what is made; Different if it is another's."""

    async def put(self, rows: Rows, piece: int) -> None:
        """Write one piece, and that it was written."""

    def steps(self) -> Iterator[str]:
        """What is to be done when every piece is written, in words for people; each is a step for `step`."""

    async def step(self, step: str) -> None:
        """Do one of them."""

    async def close(self) -> None:
        """Let go of the database."""


async def writer(url: str) -> Writer:
    """What fills the database at this address."""
    if is_sqlite(url):
        return SqliteWriter(sqlite_path(url))
    return PostgresWriter(await asyncpg.connect(url, command_timeout=None))


def _indexes() -> Iterator[tuple[Table, Index]]:
    for table in TABLES:
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield table, index


def _uniques() -> Iterator[UniqueConstraint]:
    for table in TABLES:
        for each in sorted(table.constraints, key=lambda constraint: str(constraint.name)):
            if isinstance(each, UniqueConstraint):
                yield each


def _made(index: Index, dialect: Dialect) -> str:
    return str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect))


class SqliteWriter:
    """An SQLite file: one prepared statement a table, a transaction a piece, indexes when all is in."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        # For the filling only: what a power cut leaves of a half-filled file is filled anew.
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-1000000", "temp_store=FILE", "threads=2"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("PRAGMA foreign_keys=OFF")
        self._steps: dict[str, tuple[str, ...]] = {}
        for _, index in _indexes():
            self._steps[f"index {index.name}"] = (_made(index, SQLiteDialect_pysqlite()),)
        # What a title's page needs is counted once, not with each rating.
        self._steps["votes"] = ("BEGIN", "DELETE FROM votes", _VOTES, "COMMIT")
        self._steps["log into file"] = ("PRAGMA wal_checkpoint(TRUNCATE)", f"DROP TABLE {POSITION}")

    async def begin(self, whole: str) -> int:
        """See `Writer`."""
        self._database.execute(_BEGUN)
        position = _checked(self._database.execute(f"SELECT whole, next_piece FROM {POSITION}").fetchone(), whole)
        if position is None:
            with _transaction(self._database):
                if self._database.execute("SELECT 1 FROM accounts LIMIT 1").fetchone():
                    raise Different("the database holds people already")
                self._database.execute("DELETE FROM titles")
                for _, index in _indexes():
                    self._database.execute(f'DROP INDEX IF EXISTS "{index.name}"')
                self._database.execute(f"INSERT INTO {POSITION} VALUES (?, 0)", (whole,))
        return position or 0

    async def put(self, rows: Rows, piece: int) -> None:
        """See `Writer`."""
        with _transaction(self._database):
            for table, values in rows.items():
                if values:
                    columns = COLUMNS[table]
                    marks = ", ".join("?" * len(columns))
                    names = ", ".join(f'"{column}"' for column in columns)
                    self._database.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)
            self._database.execute(f"UPDATE {POSITION} SET next_piece = ?", (piece + 1,))

    def steps(self) -> Iterator[str]:
        """See `Writer`."""
        yield from self._steps

    async def step(self, step: str) -> None:
        """See `Writer`."""
        for statement in self._steps[step]:
            self._database.execute(statement)

    async def close(self) -> None:
        """See `Writer`."""
        self._database.close()


class PostgresWriter:
    """A PostgreSQL database: COPY, without indexes but the primary keys and without asking for each row's owner."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
        self._steps: dict[str, str] = {}
        for each in _uniques():
            self._steps[f"key {each.name}"] = _unless_there(each, dialect)
        for _, index in _indexes():
            self._steps[f"index {index.name}"] = _made(index, dialect)
        self._steps["votes"] = f"DELETE FROM votes; {_VOTES}"
        for table in ("accounts", "apps"):
            # Their numbers were given by us: the next are behind them.
            last = f"(SELECT max(id) FROM {table})"
            self._steps[f"numbers of {table}"] = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"
        self._steps["statistics"] = "VACUUM (ANALYZE)"
        self._steps["position"] = f"DROP TABLE {POSITION}"

    async def begin(self, whole: str) -> int:
        """See `Writer`."""
        for setting in (
            "synchronous_commit = off",
            "maintenance_work_mem = '512MB'",
            "session_replication_role = replica",  # no foreign key is asked: we know that the rows are there
        ):
            await self._connection.execute(f"SET {setting}")
        await self._connection.execute(_BEGUN)
        row = await self._connection.fetchrow(f"SELECT whole, next_piece FROM {POSITION}")
        position = _checked(row, whole)
        if position is None:
            async with self._connection.transaction():
                if await self._connection.fetchval("SELECT 1 FROM accounts LIMIT 1"):
                    raise Different("the database holds people already")
                await self._connection.execute("DELETE FROM titles")
                for _, index in _indexes():
                    await self._connection.execute(f'DROP INDEX IF EXISTS "{index.name}"')
                for each in _uniques():
                    await self._connection.execute(f'ALTER TABLE {each.table.name} DROP CONSTRAINT "{_name(each)}"')
                await self._connection.execute(f"INSERT INTO {POSITION} VALUES ($1, 0)", whole)
        return position or 0

    async def put(self, rows: Rows, piece: int) -> None:
        """See `Writer`."""
        async with self._connection.transaction():
            for table, values in rows.items():
                if values:
                    await self._connection.copy_records_to_table(table, records=values, columns=COLUMNS[table])
            await self._connection.execute(f"UPDATE {POSITION} SET next_piece = $1", piece + 1)

    def steps(self) -> Iterator[str]:
        """See `Writer`."""
        yield from self._steps

    async def step(self, step: str) -> None:
        """See `Writer`."""
        await self._connection.execute(self._steps[step])

    async def close(self) -> None:
        """See `Writer`."""
        await self._connection.close()


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _checked(row: Any, whole: str) -> int | None:
    if row is None:
        return None
    if row[0] != whole:
        raise Different(f"the database is half filled with something else: {row[0]}")
    return int(row[1])


def _name(constraint: UniqueConstraint) -> str:
    # As the schema's naming convention has it; a constraint that was named by hand keeps its name.
    text = constraint.name or ""
    if not text or not isinstance(text, str) or str(text) == "_unnamed_":
        columns = "_".join(column.name for column in constraint.columns)
        return f"uq_{constraint.table.name}_{columns}"
    return str(text)


def _unless_there(constraint: UniqueConstraint, dialect: Dialect) -> str:
    made = str(AddConstraint(constraint, isolate_from_table=False).compile(dialect=dialect))
    there = f"SELECT 1 FROM pg_constraint WHERE conname = '{_name(constraint)}'"
    return f"DO $$ BEGIN IF NOT EXISTS ({there}) THEN {made}; END IF; END $$"


_EXPIRED = """INSERT INTO request_tokens (digest, app_id, state, network, made_at, expires_at)
    {numbers} SELECT {digest}, 1, 'pending', '', {made}, {made} + n % 900000 FROM numbers"""
_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {0})"


async def expired(url: str, rows: int, now: int) -> None:
    """Put so many request tokens in that ended two days ago, all of one app that is there."""
    at = {"numbers": _NUMBERS.format(rows), "made": now - 2 * DAY_MS}
    if is_sqlite(url):
        with closing(sqlite3.connect(sqlite_path(url), isolation_level=None)) as database:
            database.execute(_EXPIRED.format(digest="randomblob(32)", **at))
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    connection = await asyncpg.connect(url, command_timeout=None)
    try:
        await connection.execute(_EXPIRED.format(digest="sha256(n::text::bytea)", **at))
        await connection.execute("VACUUM ANALYZE request_tokens")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
