"""This file shows what callers notice of sweeping: how long they wait before a million rows are swept, and meanwhile.

The same server on the same rows is asked at the same steady rate: not sweeping, sweeping until nothing is left, and not
sweeping again. The first and the last say what the machine does by itself.
"""

import asyncio
import itertools
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from admitone.app import open_house
from bench import servers
from bench.arithmetic import arrivals, percentile
from bench.calls import R1, W2
from bench.growth.writing import expired
from bench.loads.steady import Begin, Steady, Step, Story, Window
from bench.worlds import World, furnish

DONE = "swept"  # what the log says then
ENGINES = ("SQLite", "PostgreSQL")
PATIENCE_S = 240.0  # longer nobody watches
STRETCH_S = 2.0  # then it is looked whether all is swept

Say = Callable[[str], None]


async def measure(rows: int, rate: float, seconds: float, say: Say) -> list[dict[str, Any]]:
    """On both engines: waits before, during and after, each for `seconds` but the sweeping, which takes its time."""
    found = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="admitone-sweeping-")))
        _, server = stack.enter_context(servers.postgres())
        for engine, database in zip(ENGINES, (None, server), strict=True):
            say(f"{engine}: {rows:,} rows that have expired")
            found += await _on(engine, folder, database, (rows, rate, seconds), say)
    return found


async def _on(
    engine: str, folder: Path, database: str | None, asked: tuple[int, float, float], say: Say
) -> list[dict[str, Any]]:
    rows, rate, seconds = asked
    idle, sweeping = (servers.settings(folder, engine, database, minutes) for minutes in (0, 60))
    async with open_house(idle) as house:
        world = await furnish(house)
    await expired(idle.database, rows, int(time.time() * 1000))
    found = []
    for name, settings in (("before", idle), ("sweeping", sweeping), ("after", idle)):
        log = folder / f"{engine}-{name}.log"
        async with servers.serving(["-m", "admitone", "serve"], log, settings) as running:
            until = log if settings is sweeping else None
            seen, lasted = await asyncio.to_thread(_waits, running.port, world, rate, seconds, until)
        found.append(_told(engine, name, seen, lasted))
        say(f"{engine}, {name}: {found[-1]}")
    return found


def _waits(port: int, world: World, rate: float, seconds: float, log: Path | None) -> tuple[Window, float]:
    """What callers waited for so long, or until the log says that all is swept; the time that it took."""
    steady, kinds = Steady(port), _kinds(world)
    began = time.monotonic()
    while (lasted := time.monotonic() - began) < (PATIENCE_S if log else seconds):
        if log and DONE in log.read_text(errors="replace"):
            break
        steady.run(_due(kinds, rate, lasted))
    steady.close()
    return steady.take(), lasted


def _kinds(world: World) -> list[Begin]:
    """R1 and W2."""

    def begin(name: str, questions: Iterator[bytes], status: int) -> Story:
        yield Step(name, next(questions), status)

    return [
        partial(
            begin, name, itertools.cycle([call.raw().encode("latin-1") for call in row.calls(world, [])]), row.status
        )
        for name, row in (("R1", R1), ("W2", W2))
    ]


def _due(kinds: list[Begin], rate: float, seed: float) -> Iterator[tuple[float, Begin]]:
    """One after the other, at random moments."""
    return zip(arrivals(rate, STRETCH_S, random.Random(seed)), itertools.cycle(kinds), strict=False)


def _told(engine: str, name: str, seen: Window, lasted: float) -> dict[str, Any]:
    if seen.errors:
        raise servers.Broken(seen.errors[0])
    told: dict[str, Any] = {"engine": engine, "when": name, "seconds": round(lasted, 1), "calls": seen.answers}
    for kind, waits in sorted(seen.waits.items()):
        ascending = sorted(waits)
        told[f"{kind}_p50_ms"] = round(percentile(ascending, 0.5) * 1000, 2)
        told[f"{kind}_p99_ms"] = round(percentile(ascending, 0.99) * 1000, 2)
    told["late_p99_ms"] = round(percentile(sorted(seen.late), 0.99) * 1000, 2)
    return told
