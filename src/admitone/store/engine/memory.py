"""This file is the engine of worlds: SQLite in memory, each database a clone of a mould.

All clones share one read-only catalogue on disk, mapped into memory once; a clone that adds titles of its own gets the
catalogue for itself first. Nothing waits and nothing is durable: a flow is driven to its end when it is asked for.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import msgspec

from admitone.basics.clock import Clock
from admitone.store.engine.sqlite import SqliteTx, compiled, drive
from admitone.store.engine.tx import Flow, T

# An empty table or index takes one page, and a world has many of them.
PAGE_BYTES = 512
CATALOGUE_KIB = 16
MAPPED_BYTES = 64 * 1024 * 1024
STATEMENTS_KEPT = 16
OF_TITLES = {"titles", "title_search"}
# What follows from other rows, or is written apart.
UNWRITTEN = {"title_search", "sqlite_sequence", "alembic_version", "schema_support"}


class Rows(msgspec.Struct):
    """The rows of one table; bytes are written as hex digits."""

    columns: list[str]
    rows: list[list[str | int | None]]


class Dump(msgspec.Struct, kw_only=True):
    """All rows of a database at one revision of the schema, and the last number that each counter gave."""

    schema: str
    tables: dict[str, Rows]
    counters: dict[str, int]


class Mould:
    """What every clone is made from: a whole, empty database; the same without titles; and a catalogue with them."""

    def __init__(self, folder: Path) -> None:
        """Keep the files in `folder`, which must outlive the clones."""
        self._catalogue = folder / "catalogue.db"
        self._filled = b""
        self.whole = b""
        self.bare = b""

    def cast(self, script: Iterable[str], fill: "Flow[None]", clock: Clock) -> None:
        """Make it: `script` makes a whole database, and `fill` puts the titles of the catalogue into it."""
        with closing(_connect(str(self._catalogue))) as connection:
            connection.execute("PRAGMA journal_mode=OFF")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
            connection.execute("BEGIN")
            for statement in script:
                connection.execute(statement)
            connection.execute("COMMIT")
            self.whole = connection.serialize()
            self.bare = _without(self.whole, OF_TITLES)
            connection.execute("PRAGMA page_size=4096")
            connection.execute("VACUUM")
            connection.execute("BEGIN")
            drive(fill(SqliteTx(connection, compiled(), clock.now())))
            connection.execute("COMMIT")
            self._filled = connection.serialize()
            _drop(connection, _tables(connection) - OF_TITLES)

    def clone(self, clock: Clock, *, catalogue: bool) -> "MemoryStore":
        """An empty database; with `catalogue` the titles are there."""
        connection = _connect(":memory:")
        connection.deserialize(self.bare if catalogue else self.whole)
        store = MemoryStore(connection, clock, self if catalogue else None)
        if catalogue:
            self.attach(connection)
        return store

    def attach(self, connection: sqlite3.Connection) -> None:
        """Let a database without titles find those of the catalogue."""
        connection.execute("ATTACH ? AS catalogue", (f"{self._catalogue.absolute().as_uri()}?mode=ro&immutable=1",))
        connection.execute(f"PRAGMA catalogue.mmap_size={MAPPED_BYTES}")
        connection.execute(f"PRAGMA catalogue.cache_size=-{CATALOGUE_KIB}")

    def filled(self) -> sqlite3.Connection:
        """A database with the catalogue's titles in tables of its own, and nothing else in it."""
        connection = _connect(":memory:")
        connection.deserialize(self._filled)
        return connection


class MemoryStore:
    """A store in memory; see `tx.Store`. Belongs to the event loop that opened it."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock, sharing: Mould | None) -> None:
        """Use a connection to a whole database; `sharing` is the mould whose catalogue it shares."""
        self._connection = _ready(connection)
        self._clock = clock
        self._sharing = sharing

    async def read(self, flow: Flow[T]) -> T:
        """See `tx.Store`."""
        return self._run(flow, "BEGIN")

    async def glance(self, flow: Flow[T]) -> T:
        """See `tx.Store`."""
        return self._run(flow, "BEGIN")

    async def note(self, flow: Flow[T]) -> T:
        """See `tx.Store`."""
        return self._run(flow, "BEGIN IMMEDIATE")

    async def write(self, flow: Flow[T]) -> T:
        """See `tx.Store`; it lasts as long as this process."""
        return self._run(flow, "BEGIN IMMEDIATE")

    async def join(self, flow: Flow[T]) -> T:
        """See `tx.Store`."""
        return await self.write(flow)

    def waited(self) -> float:
        """See `tx.Store`."""
        return 0.0

    async def aclose(self) -> None:
        """See `tx.Store`."""
        self.close()

    def close(self) -> None:
        """The same, at once."""
        self._connection.close()

    def rest(self) -> None:
        """Give back what memory it can do without: a third of what it has after it was made."""
        self._connection.execute("PRAGMA shrink_memory")

    @property
    def shares(self) -> bool:
        """Whether its titles are the shared ones."""
        return self._sharing is not None

    def own_titles(self) -> None:
        """Give it the catalogue for itself, so that titles can be added."""
        if self._sharing is None:
            return
        own = self._sharing.filled()
        own.execute("BEGIN")
        for table in sorted(_tables(self._connection)):
            copy(self._connection, own, table)
        own.execute("COMMIT")
        self._connection.close()
        self._connection, self._sharing = _ready(own), None

    def copy_of(self) -> "MemoryStore":
        """Another store with the same rows, which goes its own way from here on."""
        connection = _connect(":memory:")
        connection.deserialize(self._connection.serialize())
        if self._sharing is not None:
            self._sharing.attach(connection)
        return MemoryStore(connection, self._clock, self._sharing)

    def dump(self) -> Dump:
        """Every row of its own, and how far its lasting numbers have come."""
        tables = sorted(_tables(self._connection) - UNWRITTEN)
        counters = self._connection.execute("SELECT name, seq FROM main.sqlite_sequence ORDER BY name")
        return Dump(
            schema=_schema(self._connection),
            tables={table: self._written(table) for table in tables},
            counters=dict(counters.fetchall()),
        )

    def load(self, dump: Dump) -> None:
        """Have exactly these rows. Raises ValueError for what does not fit this program's tables."""
        connection, known = self._connection, _tables(self._connection) - UNWRITTEN
        if dump.schema != (schema := _schema(connection)):
            raise ValueError(f"it has schema {dump.schema}, this program {schema}")
        if dump.tables.keys() - known or dump.counters.keys() - known:
            raise ValueError("it has tables that this program does not know")
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("BEGIN IMMEDIATE")
        try:
            for table in sorted(known):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables
                if table in dump.tables:
                    self._fill(table, dump.tables[table])
            connection.execute("DELETE FROM sqlite_sequence")
            connection.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", dump.counters.items())
            _check_keys(connection)
            connection.execute("COMMIT")
        except (sqlite3.Error, OverflowError) as error:
            connection.execute("ROLLBACK")
            raise ValueError("a row of it does not fit its table") from error
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        finally:
            connection.execute("PRAGMA foreign_keys=ON")

    def _written(self, table: str) -> Rows:
        columns, blobs = _columns(self._connection, table)
        rows = self._connection.execute(f"SELECT * FROM main.{table} ORDER BY 1, 2")  # noqa: S608
        return Rows(columns, [[_hexed(each) if at in blobs else each for at, each in enumerate(row)] for row in rows])

    def _fill(self, table: str, content: Rows) -> None:
        columns, blobs = _columns(self._connection, table)
        if content.columns != columns or any(len(row) != len(columns) for row in content.rows):
            raise ValueError(f"its table {table} has other columns")
        marks = ",".join("?" * len(columns))
        rows = ([_blob(each) if at in blobs else each for at, each in enumerate(row)] for row in content.rows)
        self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608

    def _run(self, flow: Flow[T], begin: str) -> T:
        connection = self._connection
        connection.execute(begin)
        try:
            result = drive(flow(SqliteTx(connection, compiled(), self._clock.now())))
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        return result


def copy(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> None:
    """Make the rows of a table in `target` those of `source`."""
    cursor = source.execute(f"SELECT * FROM main.{table}")  # noqa: S608 - names of our own tables
    marks = ",".join("?" * len(cursor.description))
    target.execute(f"DELETE FROM {table}")  # noqa: S608
    target.executemany(f"INSERT INTO {table} VALUES ({marks})", cursor)  # noqa: S608


def _columns(connection: sqlite3.Connection, table: str) -> tuple[list[str], set[int]]:
    """The columns of a table, and the places of those that hold bytes."""
    found = connection.execute(f"PRAGMA main.table_info({table})").fetchall()
    return [row[1] for row in found], {row[0] for row in found if row[2] == "BLOB"}


def _schema(connection: sqlite3.Connection) -> str:
    return str(connection.execute("SELECT version_num FROM main.alembic_version").fetchone()[0])


def _check_keys(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise ValueError("a row of it belongs to one that is not there")


def _hexed(blob: bytes | None) -> str | None:
    return None if blob is None else blob.hex()


def _blob(written: str | int | None) -> bytes | None:
    if written is not None and not isinstance(written, str):
        raise ValueError("bytes are written as hex digits")
    return None if written is None else bytes.fromhex(written)


def _connect(name: str) -> sqlite3.Connection:
    return sqlite3.connect(
        name, uri=True, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS_KEPT
    )


def _ready(connection: sqlite3.Connection) -> sqlite3.Connection:
    for pragma in ("foreign_keys=ON", "synchronous=OFF", "journal_mode=MEMORY", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _tables(connection: sqlite3.Connection) -> set[str]:
    """Every table of its own but the hidden ones of a full-text index; with the counters of lasting numbers."""
    rows = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
    return {name for (name,) in rows if not name.startswith("title_search_")} - {"sqlite_stat1"}


def _without(image: bytes, tables: set[str]) -> bytes:
    with closing(_connect(":memory:")) as connection:
        connection.deserialize(image)
        _drop(connection, tables)
        return connection.serialize()


def _drop(connection: sqlite3.Connection, tables: set[str]) -> None:
    for table in sorted(tables):
        if table != "sqlite_sequence":
            connection.execute(f"DROP TABLE {table}")
    connection.execute("VACUUM")
