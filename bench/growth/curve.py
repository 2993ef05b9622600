"""This file measures what the hot calls cost in grown databases, turn by turn: what drifts meets all of them."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median
from typing import Any, NamedTuple

import asyncpg

from admitone.basics.clock import ManualClock
from admitone.basics.digests import Digests
from admitone.basics.entropy import SystemEntropy
from admitone.basics.passwords import Hasher
from admitone.flows.house import House
from admitone.store.engine import open_store
from admitone.store.engine.address import is_sqlite, sqlite_path
from admitone.store.engine.sqlite import PAGE_CACHE_KIB
from bench.growth.calls import ROWS, Caller, Row, active
from bench.growth.draw import START, Draw
from bench.growth.filling import engine_of
from bench.processor import ran

WAITING = 16  # calls at a time
_OURS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'admitone'"

Watch = Callable[[], Coroutine[Any, Any, float]]


class Grown(NamedTuple):
    """A filled database: what its size is called, where it is, what is in it."""

    name: str
    url: str
    draw: Draw


class Cost(NamedTuple):
    """What a call took of processors, in microseconds: in all, and of that the database's own process."""

    cpu_us: float
    database_us: float


class Cell(NamedTuple):
    """One kind of call in one database by some people, and what it took in each turn."""

    row: Row
    grown: Grown
    caller: Caller
    watch: Watch
    turns: list[Cost]

    @property
    def cpu_us(self) -> float:
        """The middle of all turns."""
        return median(turn.cpu_us for turn in self.turns)

    @property
    def database_us(self) -> float:
        """The same of the database's part."""
        return median(turn.database_us for turn in self.turns)


async def measure(
    databases: list[Grown], digests: Digests, turns: int, calls: int, tell: Callable[[str], None]
) -> list[Cell]:
    """Every kind of call in every database, `turns` times `calls` calls each, back and forth.

    Once by people who have called before, as many everywhere; and once by anybody, so that in a large database nearly
    everybody calls for the first time.
    """
    cells: list[Cell] = []
    async with AsyncExitStack() as stack:
        houses = await stack.enter_async_context(_houses(databases, digests))
        watches = [await stack.enter_async_context(_watch(grown.url)) for grown in databases]
        for some in (True, False):
            mine: list[Cell] = []
            for grown, house, watch in zip(databases, houses, watches, strict=True):
                caller = Caller(house, grown.draw, active(grown.draw) if some else ())
                await _meet(caller)
                for row in ROWS:
                    mine.append(Cell(row, grown, caller, watch, []))
                    await _take(mine[-1], max(WAITING, calls // 4))  # statements are prepared
            for turn in range(turns):
                for cell in sorted(mine, key=lambda each: each.row.name, reverse=bool(turn % 2)):
                    cell.turns.append(await _take(cell, calls))
                tell(f"{mine[0].caller.name}: turn {turn + 1} of {turns}")
            cells += mine
    return cells


async def _meet(caller: Caller) -> None:
    """Let the people who will call again and again have called."""
    if caller.people:
        waiting = iter(caller.people)

        async def some() -> None:
            for person in waiting:
                await caller.meet(person)

        await asyncio.gather(*(some() for _ in range(WAITING)))


async def _take(cell: Cell, calls: int) -> Cost:
    async def some() -> None:
        for _ in range(calls // WAITING):
            await cell.row.call(cell.caller)

    before, began = await cell.watch(), time.process_time()
    await asyncio.gather(*(some() for _ in range(WAITING)))
    ours, database = time.process_time() - began, await cell.watch() - before
    number = calls // WAITING * WAITING
    return Cost((ours + database) / number * 1e6, database / number * 1e6)


@asynccontextmanager
async def _houses(databases: list[Grown], digests: Digests) -> AsyncIterator[list[House]]:
    houses: list[House] = []
    try:
        for grown in databases:
            # A minute after the sessions were used last: nobody's last use has to be written down.
            clock = ManualClock(START + 60_000)
            store = await open_store(grown.url, clock)
            houses.append(House(store, clock, SystemEntropy(), digests, Hasher(threads=1)))
        yield houses
    finally:
        for house in houses:
            await house.aclose()


@asynccontextmanager
async def _watch(url: str) -> AsyncIterator[Watch]:
    """How long the database's own processes have run that answer us, and no others of the same server."""
    if is_sqlite(url):
        yield _nothing
        return
    connection = await asyncpg.connect(url)

    async def seconds() -> float:
        return sum([ran(row["pid"]) for row in await connection.fetch(_OURS)])

    try:
        yield seconds
    finally:
        await connection.close()


async def _nothing() -> float:
    return 0.0


async def weight(grown: Grown) -> dict[str, Any]:
    """How many rows and bytes a database holds; of PostgreSQL by table, with its indexes."""
    if is_sqlite(grown.url):
        return {"bytes": sqlite_path(grown.url).stat().st_size}
    connection = await asyncpg.connect(grown.url)
    try:
        tables = await connection.fetch(
            "SELECT relname, reltuples::bigint AS rows, pg_total_relation_size(oid) AS bytes FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 0 ORDER BY 3 DESC"
        )
        whole = await connection.fetchval("SELECT pg_database_size(current_database())")
    finally:
        await connection.close()
    return {"bytes": whole, "tables": {each["relname"]: [each["rows"], each["bytes"]] for each in tables}}


async def database(grown: Grown) -> dict[str, str]:
    """Which program holds the database, and with how much memory of its own."""
    if is_sqlite(grown.url):
        return {"database": f"SQLite {sqlite3.sqlite_version}", "memory": f"{PAGE_CACHE_KIB // 1024}MB a connection"}
    connection = await asyncpg.connect(grown.url)
    try:
        version, memory, fsync = [
            await connection.fetchval(f"SHOW {each}") for each in ("server_version", "shared_buffers", "fsync")
        ]
        return {"database": f"PostgreSQL {version}", "memory": f"{memory} of its own, fsync {fsync}"}
    finally:
        await connection.close()


def document(cells: list[Cell], weights: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Everything that was measured. A ratio is that of the middle figures, to the smallest size in the same run."""
    rows = []
    for cell in cells:
        engine = engine_of(cell.grown.url)
        same = [
            each
            for each in cells
            if (each.row, engine_of(each.grown.url), each.caller.name) == (cell.row, engine, cell.caller.name)
        ]
        smallest = min(same, key=lambda each: each.grown.draw.size.ratings)
        rows.append(
            {
                "call": cell.row.name,
                "engine": engine,
                "size": cell.grown.name,
                "callers": cell.caller.name,
                "cpu_us": round(cell.cpu_us, 1),
                "database_us": round(cell.database_us, 1),
                "of_smallest": round(cell.cpu_us / smallest.cpu_us, 2),
                "held": cell.row.held,
            }
        )
    grown = {f"{engine_of(each.grown.url)} {each.grown.name}": each.grown for each in cells}
    sizes = [
        {
            "engine": engine_of(each.url),
            "size": each.name,
            "sessions": each.draw.size.sessions,
            "ratings": each.draw.size.ratings,
            "people": each.draw.size.people,
            **weights[each.url],
        }
        for each in grown.values()
    ]
    return {"sizes": sizes, "rows": rows}
