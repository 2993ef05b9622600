"""This file measures what the hot calls cost in grown databases, turn by turn: what drifts meets all of them."""

import asyncio
import resource
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
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
from bench.growth.calls import ROWS, Caller, Row
from bench.growth.draw import START, Draw
from bench.growth.filling import engine_of
from bench.processor import used

WAITING = 16  # calls at a time


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
    """One kind of call in one database, and what it took in each turn."""

    row: Row
    grown: Grown
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
    """Every kind of call in every database, `turns` times `calls` calls each, back and forth."""
    cells = []
    callers: dict[str, tuple[Caller, int | None]] = {}
    for grown in databases:
        cells += [Cell(row, grown, []) for row in ROWS]
    async with _houses(databases, digests) as houses:
        for grown, house in zip(databases, houses, strict=True):
            caller = Caller(house, grown.draw, grown.url)
            callers[grown.url] = caller, await _postmaster(grown.url)
            for row in ROWS:  # statements are prepared, pages come into memory
                await _take(row, *callers[grown.url], max(WAITING, calls // 4))
        for turn in range(turns):
            for cell in sorted(cells, key=lambda each: each.row.name, reverse=bool(turn % 2)):
                cell.turns.append(await _take(cell.row, *callers[cell.grown.url], calls))
            tell(f"turn {turn + 1} of {turns}")
    return cells


async def _take(row: Row, caller: Caller, postmaster: int | None, calls: int) -> Cost:
    async def some() -> None:
        for _ in range(calls // WAITING):
            await row.call(caller)

    ours, theirs = _own(), used(postmaster, family=True) if postmaster else 0.0
    await asyncio.gather(*(some() for _ in range(WAITING)))
    number = calls // WAITING * WAITING
    database = ((used(postmaster, family=True) if postmaster else 0.0) - theirs) / number * 1e6
    return Cost((_own() - ours) / number * 1e6 + database, database)


def _own() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


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


async def _postmaster(url: str) -> int | None:
    """The first process of the server behind an address, where it is on this machine."""
    if is_sqlite(url):
        return None
    connection = await asyncpg.connect(url)
    try:
        lock = Path(await connection.fetchval("SHOW data_directory")) / "postmaster.pid"
    finally:
        await connection.close()
    return int(lock.read_text().split()[0])


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


def document(cells: list[Cell], weights: dict[str, dict[str, Any]], machine: dict[str, Any]) -> dict[str, Any]:
    """Everything that was measured. A ratio is that of the middle figures, to the smallest size in the same run."""
    rows = []
    for cell in cells:
        engine = engine_of(cell.grown.url)
        same = [each for each in cells if each.row is cell.row and engine_of(each.grown.url) == engine]
        smallest = min(same, key=lambda each: each.grown.draw.size.ratings)
        rows.append(
            {
                "call": cell.row.name,
                "engine": engine,
                "size": cell.grown.name,
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
    return {"machine": machine, "sizes": sizes, "rows": rows}
