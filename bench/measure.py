"""This file measures: everything is started once, then each cell of the table has its turn, again and again."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from admitone.app import open_house
from admitone.model.media import RatedType, Subject
from bench import servers
from bench.calls import CYCLE, R1, ROWS, Row
from bench.counts import Count, count
from bench.load import Job, Seen
from bench.worlds import World, approved, furnish

CONNECTIONS = 64
TOKENS_A_SECOND = 6_000  # for the first turn; later ones know better
ROOM = 1.4

FLOOR = "bare server"
COMMITS = "group commit"


class Form(NamedTuple):
    """How long to measure: turns of each cell, and seconds of each turn after so many of warming up."""

    name: str
    turns: int
    seconds: float
    warm_s: float


TINY = Form("tiny", 1, 0.2, 0.05)
QUICK = Form("quick", 5, 1.1, 0.3)
FULL = Form("full", 9, 5.0, 1.0)
FORMS = {form.name: form for form in (TINY, QUICK, FULL)}


@dataclass
class Cell:
    """One line of the table: a request on an engine, and what was seen in each turn."""

    name: str
    engine: str = ""
    counted: Count | None = None
    turns: list[Seen] = field(default_factory=list)


class _Served(NamedTuple):
    """A server that can be measured."""

    engine: str
    port: int
    watch: dict[str, int]
    world: World


Progress = Callable[[Cell, int, int], None]


async def measure(form: Form, progress: Progress) -> list[Cell]:
    """Every cell, measured; `progress` is told after each turn, with its number and how many there will be."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="admitone-bench-")))
        served = [
            await stack.enter_async_context(_on_sqlite(folder)),
            await stack.enter_async_context(_on_postgres(folder)),
        ]
        bare = await stack.enter_async_context(servers.serving(["-m", "bench.floors", "http"], folder / "bare.log"))
        turns = [_bare(form, folder, *bare, served[0].world), await _commits(form, folder)]
        turns += [await _row(form, folder, each, row) for row in ROWS for each in served]
        # Back and forth, so that what drifts does not favour anybody.
        order = [each for turn in range(form.turns) for each in (turns if turn % 2 == 0 else reversed(turns))]
        for number, (cell, take) in enumerate(order, 1):
            cell.turns.append(await take())
            progress(cell, number, len(order))
        return [cell for cell, _ in turns]


@asynccontextmanager
async def _on_sqlite(folder: Path) -> AsyncIterator[_Served]:
    settings = servers.settings(folder, "sqlite")
    async with open_house(settings) as house:
        world = await furnish(house)
        async with servers.serving(["-m", "admitone", "serve"], folder / "sqlite.log", settings) as (pid, port):
            yield _Served("SQLite", port, {"server": pid}, world)


@asynccontextmanager
async def _on_postgres(folder: Path) -> AsyncIterator[_Served]:
    with servers.postgres() as (postmaster, database):
        settings = servers.settings(folder, "postgres", database)
        async with open_house(settings) as house:
            world = await furnish(house)
            async with servers.serving(["-m", "admitone", "serve"], folder / "postgres.log", settings) as (pid, port):
                yield _Served("PostgreSQL", port, {"server": pid, "database": postmaster}, world)


Turn = Callable[[], Any]


def _bare(form: Form, folder: Path, pid: int, port: int, world: World) -> tuple[Cell, Turn]:
    requests = [call.raw() for call in R1.calls(world, [])]

    async def take() -> Seen:
        job = Job(port, requests, R1.status, form.warm_s, form.seconds, {"server": pid}, connections=CONNECTIONS)
        return await servers.loaded(job, folder)

    return Cell(FLOOR), take


async def _commits(form: Form, folder: Path) -> tuple[Cell, Turn]:
    settings = servers.settings(folder, "commits")
    async with open_house(settings) as house:
        world = await furnish(house)
    subject = Subject(RatedType.MOVIE, 0)
    values = {
        "media_type": subject.type.value,
        "title_type": subject.title_type.value,
        "season": subject.season,
        "episode": subject.episode,
        "halves": 17,
        "app_id": world.app_id,
        "now": 1,
    }
    job = {
        "path": str(folder / "commits.db"),
        "values": values,
        "films": world.films,
        "people": world.people,
        "cycle": CYCLE,
        "waiting": CONNECTIONS,
        "warm_s": form.warm_s,
        "seconds": form.seconds,
    }

    async def take() -> Seen:
        return await servers.committed(job, folder)

    return Cell(COMMITS, "SQLite"), take


async def _row(form: Form, folder: Path, served: _Served, row: Row) -> tuple[Cell, Turn]:
    world = served.world
    first = row.calls(world, await approved(world, 1) if row.spends else [])[0]
    cell = Cell(row.name, served.engine, await count(world, first, row.status))

    async def take() -> Seen:
        rate = max((seen.answers / seen.seconds for seen in cell.turns), default=TOKENS_A_SECOND)
        needed = int(rate * ROOM * (form.warm_s + form.seconds)) if row.spends else 0
        tokens = await approved(world, needed) if needed else []
        job = Job(
            served.port,
            [call.raw() for call in row.calls(world, tokens)],
            row.status,
            form.warm_s,
            form.seconds,
            served.watch,
            families=("database",),
            connections=CONNECTIONS,
            cycle=not row.spends,
        )
        return await servers.loaded(job, folder)

    return cell, take
