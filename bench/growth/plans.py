"""This file shows how the databases carry out each statement of the hot calls: by which index, looking at how much."""

import json
import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from admitone.basics.clock import ManualClock
from admitone.basics.digests import Digests
from admitone.basics.entropy import SystemEntropy
from admitone.basics.passwords import Hasher
from admitone.flows.house import House
from admitone.store.engine.address import is_sqlite, sqlite_path
from admitone.store.engine.sqlite import compiled, connect
from admitone.store.engine.statements import Compilations, Row, Statement
from admitone.store.engine.tx import Flow, T
from admitone.store.ratings import Ratings
from bench.growth.calls import ROWS, Caller
from bench.growth.curve import Grown
from bench.growth.draw import START
from bench.growth.filling import engine_of

PEOPLE = 15  # who make each call; of what a statement looked at for each of them the middle is told
PAGE = 4096  # bytes, of SQLite's
BY_SQLITE = re.compile(r"SEARCH (\w+) USING (?:COVERING )?(?:INDEX (\w+)|.*)|(SCAN \w+)")


class Look(NamedTuple):
    """What a statement looked at when it was run once: how many pages, and by which indexes it found its rows."""

    statement: Statement[Any]
    pages: int
    by: tuple[str, ...]


class OnPostgres:
    """A connection to PostgreSQL that is asked beforehand what each statement will look at."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._compiled = Compilations(PGDialect_asyncpg())  # type: ignore[no-untyped-call]

    async def look(self, statement: Statement[Any], values: Mapping[str, Any]) -> Look:
        """Run it by the plan that does not know the values, as a connection that is kept does, and undo it."""
        sql, order = self._compiled[statement]
        given = ", ".join(map(_literal, order(values)))
        execute = f"EXECUTE looked{f'({given})' if given else ''}"
        await self._connection.execute(f"SAVEPOINT looked; PREPARE looked AS {sql}")
        told = await self._connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {execute}")
        await self._connection.execute("ROLLBACK TO looked; RELEASE looked; DEALLOCATE looked")
        plan = json.loads(told)[0]["Plan"]
        pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return Look(statement, pages, tuple(sorted(set(_by_postgres(plan)))))

    async def run(self, statement: Statement[Any], values: Mapping[str, Any]) -> tuple[list[Any], int]:
        """Run it; its rows, and how many it changed."""
        sql, order = self._compiled[statement]
        if statement.tells:
            rows = await self._connection.fetch(sql, *order(values))
            return rows, len(rows)
        return [], int((await self._connection.execute(sql, *order(values))).rpartition(" ")[2])

    async def transact(self, work: str) -> None:
        """BEGIN, COMMIT or ROLLBACK."""
        await self._connection.execute(work)

    async def aclose(self) -> None:
        """Let go of the database."""
        await self._connection.close()


class OnSqlite:
    """The same of an SQLite file: pages are counted as they are read, by a connection that has forgotten all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._compiled = compiled()

    async def look(self, statement: Statement[Any], values: Mapping[str, Any]) -> Look:
        """Ask how it will be done; then run it and undo it."""
        sql, order = self._compiled[statement]
        given = order(values)
        steps = [row[3] for row in self._connection.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
        by = {found[2] or found[3] or found[1] for step in steps if (found := BY_SQLITE.match(step))}
        self._connection.execute("SAVEPOINT looked")
        self._connection.execute("PRAGMA shrink_memory")
        before = _read_bytes()
        self._connection.execute(sql, given).fetchall()
        pages = (_read_bytes() - before) // PAGE
        self._connection.execute("ROLLBACK TO looked")
        self._connection.execute("RELEASE looked")
        return Look(statement, pages, tuple(sorted(by)))

    async def run(self, statement: Statement[Any], values: Mapping[str, Any]) -> tuple[list[Any], int]:
        """Run it; its rows, and how many it changed."""
        sql, order = self._compiled[statement]
        ran = self._connection.execute(sql, order(values))
        rows = ran.fetchall()
        return rows, ran.rowcount

    async def transact(self, work: str) -> None:
        """BEGIN, COMMIT or ROLLBACK."""
        self._connection.execute(work)

    async def aclose(self) -> None:
        """Let go of the file."""
        self._connection.close()


class Looking:
    """A transaction in which each statement is looked at before it is run."""

    def __init__(self, database: OnPostgres | OnSqlite, looks: list[Look], now: int) -> None:
        self._database = database
        self._looks = looks
        self.now = now

    async def one(self, statement: Statement[Row], /, **values: Any) -> Row | None:
        """See `tx.Tx`."""
        rows, _ = await self._run(statement, values)
        return statement.make(rows[0]) if rows else None

    async def all(self, statement: Statement[Row], /, **values: Any) -> list[Row]:
        """See `tx.Tx`."""
        rows, _ = await self._run(statement, values)
        return [statement.make(row) for row in rows]

    async def run(self, statement: Statement[Any], /, **values: Any) -> int:
        """See `tx.Tx`."""
        _, changed = await self._run(statement, values)
        return changed

    async def many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]], /) -> None:
        """See `tx.Tx`."""
        for row in rows:
            await self._run(statement, row)

    async def _run(self, statement: Statement[Any], values: Mapping[str, Any]) -> tuple[list[Any], int]:
        self._looks.append(await self._database.look(statement, values))
        return await self._database.run(statement, values)


class LookingStore:
    """A store that gives one flow after another such a transaction."""

    def __init__(self, database: OnPostgres | OnSqlite, clock: ManualClock) -> None:
        self._database = database
        self._clock = clock
        self.looks: list[Look] = []

    async def write(self, flow: Flow[T]) -> T:
        """See `tx.Store`."""
        await self._database.transact("BEGIN")
        try:
            result = await flow(Looking(self._database, self.looks, self._clock.now()))
        except BaseException:
            await self._database.transact("ROLLBACK")
            raise
        await self._database.transact("COMMIT")
        return result

    read = glance = join = note = write

    def waited(self) -> float:
        """See `tx.Store`."""
        return 0.0

    async def aclose(self) -> None:
        """See `tx.Store`."""
        await self._database.aclose()


async def plans(grown: Grown, digests: Digests) -> list[dict[str, Any]]:
    """Every statement of the hot calls in one database: pages it looked at, and by what it found its rows."""
    clock = ManualClock(START + 60_000)
    store = LookingStore(await _connected(grown.url), clock)
    house = House(store, clock, SystemEntropy(), digests, Hasher(threads=1))
    found = []
    try:
        caller = Caller(house, grown.draw)
        for row in ROWS:
            store.looks.clear()
            for _ in range(PEOPLE):
                await row.call(caller)
            found += [{"call": row.name, **each} for each in _told(store.looks)]
    finally:
        await house.aclose()
    where = {"engine": engine_of(grown.url), "size": grown.name}
    return [{**where, **each} for each in found]


async def _connected(url: str) -> OnPostgres | OnSqlite:
    if is_sqlite(url):
        return OnSqlite(connect(sqlite_path(url)))
    connection = await asyncpg.connect(url)
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    return OnPostgres(connection)


def _told(looks: list[Look]) -> Iterator[dict[str, Any]]:
    names = dict(_names())
    by_statement: dict[Statement[Any], list[Look]] = defaultdict(list)
    for look in looks:
        by_statement[look.statement].append(look)
    for statement, its in by_statement.items():
        by = sorted({each for look in its for each in look.by})
        yield {"statement": names[statement], "pages": median(look.pages for look in its), "by": by}


def _names() -> Iterator[tuple[Statement[Any], str]]:
    for path, module in sys.modules.items():
        if path.startswith("admitone.store."):
            for name, found in vars(module).items():
                for key, each in _within(found):
                    yield each, f"{path.removeprefix('admitone.store.')}.{name}{key}"


def _within(found: Any) -> Iterator[tuple[str, Statement[Any]]]:
    if isinstance(found, Statement):
        yield "", found
    elif isinstance(found, dict):
        for key, each in found.items():
            if isinstance(each, Statement):
                yield f"[{', '.join(map(str, key)) if isinstance(key, tuple) else key}]", each
    elif isinstance(found, Ratings):
        for key, each in vars(found).items():
            yield from ((f".{key}{more}", one) for more, one in _within(each))


def _by_postgres(node: Mapping[str, Any]) -> Iterator[str]:
    if "Index Name" in node:
        yield node["Index Name"]
    elif "Relation Name" in node and node["Node Type"] != "ModifyTable" and node["Node Type"] != "Bitmap Heap Scan":
        yield f"{node['Node Type']} {node['Relation Name']}"
    for each in node.get("Plans", ()):
        yield from _by_postgres(each)


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bytes():
            return f"'\\x{value.hex()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return str(value)


def _read_bytes() -> int:
    first, _, _ = Path("/proc/self/io").read_text(encoding="ascii").partition("\n")
    return int(first.removeprefix("rchar: "))
