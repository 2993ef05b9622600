"""This file is `make soak`: a mixed load at 70 % of capacity for an hour, and what becomes of memory, waits and errors.

It ends by itself, after the minutes that were asked for, and touches nothing but this machine's loopback.
"""

import argparse
import asyncio
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, TypeVar

from admitone.app import open_house
from bench import processor, servers, table
from bench.arithmetic import arrivals, percentile, trend
from bench.form import CONNECTIONS
from bench.loads.steady import Begin, Steady, Window
from bench.loads.stories import Known, Mix
from bench.worlds import World, furnish, known

SHARE = 0.7
FIRST_RATE, STEP, STEP_S = 50.0, 1.3, 3.0
KEEPS_UP_MS = 10.0  # p99 of R1 beyond which a rate is too much: on a quiet server it is about 2
MOST_SHOWN = 20
COMPLAINT = re.compile(r'"level":"(error|critical)"|^Traceback')
SETTLED = 0.15  # of all minutes go by before memory is expected to stay
HEADS = ("minute", "calls/s", "errors", "away", "R1 p50", "p99", "W2 p50", "p99", "all p99", "CPU µs", "RSS MB")
WIDTHS = (6, 9, 7, 6, 8, 8, 8, 8, 8, 7)

T = TypeVar("T")


class Target(NamedTuple):
    """A server under load: its process, that of its database where it has one of its own, and its log."""

    port: int
    server: int
    database: int | None
    log: Path

    def complaints(self) -> list[str]:
        """The lines that its log should not have, since the last time; it is emptied, or it would fill the disk."""
        with self.log.open("r+", encoding="utf-8", errors="replace") as log:
            found = [line.strip() for line in log if COMPLAINT.search(line)]
            log.truncate(0)
        return found


def main() -> None:
    """Soak as asked for."""
    parser = argparse.ArgumentParser(prog="bench.soak", description="A mixed load at 70 % of capacity, for an hour.")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=0.0, help="stories a second; 0 finds 70 % of capacity first")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--minute", type=float, default=60.0, help="seconds from line to line")
    parser.add_argument("--json", type=Path, help="where the document goes")
    arguments = parser.parse_args()
    found = servers.run(under_load(arguments.engine, arguments.workers, partial(_soak, arguments)))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    sys.exit(1 if found["errors"] else 0)


async def under_load(engine: str, workers: int, load: Callable[[Target, Steady, Known], T]) -> T:
    """Start a server, let `load` do with it what it does; everything is stopped and removed again."""
    async with AsyncExitStack() as stack:
        target, world = await started(stack, "soak", engine, workers)
        # Everything below is one loop of its own; nothing else has to run in this one.
        steady = Steady(target.port, CONNECTIONS)
        try:
            return await asyncio.to_thread(load, target, steady, known(world, target.port))
        finally:
            steady.over = True


async def started(stack: AsyncExitStack, name: str, engine: str, workers: int) -> tuple[Target, World]:
    """A server on a furnished database, both of which go with the stack."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"admitone-{name}-")))
    database, address = None, None
    if engine == "postgresql":
        database, address = stack.enter_context(servers.postgres())
    settings, log = servers.settings(folder, name, address), folder / f"{name}.log"
    async with open_house(settings) as house:
        world = await furnish(house)
    serve = ["-m", "admitone", "serve", "--workers", str(workers)]
    pid, port = await stack.enter_async_context(servers.serving(serve, log, settings))
    return Target(port, pid, database, log), world


def acquainted(steady: Steady, whom: Known, chance: random.Random) -> tuple[Mix, list[str]]:
    """A mix of which every story has been told once, and the kinds of calls that are in it. Raises Broken."""
    mix = Mix(whom, chance)
    for stories in (mix.visits, mix.all):
        steady.run((0.0, story) for story in stories)
    first = steady.take()
    if first.errors:
        raise servers.Broken(first.errors[0])
    return mix, sorted(first.waits)


def _soak(arguments: argparse.Namespace, target: Target, steady: Steady, whom: Known) -> dict[str, Any]:
    chance = random.Random(1)
    mix, kinds = acquainted(steady, whom, chance)
    rate, capacity = arguments.rate, None
    if not rate:
        capacity = _ramp(steady, mix, chance)
        rate = capacity * SHARE
        print(f"capacity: {capacity:.0f} stories a second; soaking at {rate:.0f} ({SHARE:.0%})", flush=True)
    print("".join(f"{head:>{width}}" for head, width in zip(HEADS, WIDTHS, strict=False)) + "   RSS MB", flush=True)
    rows, load = [], []
    for number in range(1, max(1, round(arguments.minutes * 60 / arguments.minute)) + 1):
        if steady.over:
            break
        began, cpu = time.perf_counter(), processor.used(target.server, family=True)
        # A minute ends when its last call has been answered: what comes late is seen in the minute that caused it.
        steady.run(due(mix, chance, rate, arguments.minute))
        cpu = processor.used(target.server, family=True) - cpu
        seen = steady.take()
        seen.errors += target.complaints()
        row = _row(number, seen, time.perf_counter() - began, cpu, target)
        rows.append(row)
        load.append(os.getloadavg()[0])
        print(_line(row), flush=True)
        for complaint in row["complaints"][:MOST_SHOWN]:
            print(f"       {complaint}", flush=True)
    steady.close()
    found = {
        "engine": arguments.engine,
        "workers": arguments.workers,
        "minutes": arguments.minutes,
        "capacity": capacity,
        "rate": rate,
        "machine": {**table.machine(), "load": round(median(load), 1)},
        "kinds": kinds,
        "errors": sum(row["errors"] for row in rows),
        "away": sum(row["away"] for row in rows),
        **_judged(rows, arguments.minute),
        "rows": rows,
    }
    print("\n".join(verdict(found)), flush=True)
    return found


def due(mix: Mix, chance: random.Random, rate: float, seconds: float) -> Iterator[tuple[float, Begin]]:
    """Stories of the mix at a rate a second, for so long."""
    return ((at, mix.draw()) for at in arrivals(rate, seconds, chance))


def _ramp(steady: Steady, mix: Mix, chance: random.Random) -> float:
    """The highest rate that the server kept up with, of steadily rising ones."""
    rate, kept = FIRST_RATE, FIRST_RATE
    steady.run(due(mix, chance, rate, STEP_S))  # warm: connections, first visits
    steady.take()
    while True:
        began = time.perf_counter()
        steady.run(due(mix, chance, rate, STEP_S))
        seconds, seen = time.perf_counter() - began, steady.take()
        if seen.errors:
            raise servers.Broken(seen.errors[0])
        p99 = percentile(sorted(seen.waits.get("R1", [])), 0.99) * 1000
        print(f"ramp: {rate:5.0f} stories a second, R1 p99 {p99:.1f} ms", file=sys.stderr, flush=True)
        if p99 > KEEPS_UP_MS or seen.away or seconds > STEP_S * 1.25:
            return kept
        rate, kept = rate * STEP, rate


def _row(number: int, seen: Window, seconds: float, cpu: float, target: Target) -> dict[str, Any]:
    waits = {kind: sorted(found) for kind, found in seen.waits.items()}
    return {
        "minute": number,
        "answers": seen.answers,
        "per_second": round(seen.answers / seconds, 1),
        "errors": len(seen.errors),
        "away": seen.away,
        "complaints": seen.errors[:MOST_SHOWN],
        "ms": {
            kind: [round(percentile(found, share) * 1000, 2) for share in (0.5, 0.99)]
            for kind, found in sorted({**waits, "all": seen.sorted()}.items())
        },
        "late_ms": round(percentile(sorted(seen.late), 0.99) * 1000, 2),
        "cpu_us": round(cpu / max(1, seen.answers) * 1e6, 1),
        "rss_mb": [round(each, 1) for each in processor.memory(target.server)],
        "own_mb": [round(each, 1) for each in processor.memory(target.server, own=True)],
        "database_mb": round(sum(processor.memory(target.database, own=True)), 1) if target.database else None,
    }


def _line(row: dict[str, Any]) -> str:
    r1, w2 = row["ms"].get("R1", [0, 0]), row["ms"].get("W2", [0, 0])
    fields = (
        f"{row['minute']}",
        f"{row['per_second']:.0f}",
        f"{row['errors']}",
        f"{row['away']}",
        *(f"{wait:.1f}" for wait in (*r1, *w2, row["ms"]["all"][1])),
        f"{row['cpu_us']:.0f}",
    )
    line = "".join(f"{text:>{width}}" for text, width in zip(fields, WIDTHS, strict=True))
    database = f"; database {row['database_mb']:.0f}" if row["database_mb"] else ""
    return f"{line}   {' '.join(f'{each:.1f}' for each in row['rss_mb'])}{database}"


def _judged(rows: Sequence[dict[str, Any]], minute_s: float) -> dict[str, Any]:
    """What became of memory after the first minutes, and of the waits of reads and writes from half to half."""
    settled = rows[int(len(rows) * SETTLED) :]
    hours = [row["minute"] * minute_s / 3600 for row in settled]
    memory = {
        kind: trend([(at, sum(row[kind])) for at, row in zip(hours, settled, strict=True)])
        for kind in ("rss_mb", "own_mb")
    }
    halves = settled[: len(settled) // 2] or settled, settled[len(settled) // 2 :]
    p99 = {
        kind: [round(median(row["ms"].get(kind, [0, 0])[1] for row in half), 2) for half in halves]
        for kind in ("R1", "W2")
    }
    return {
        "memory": {
            kind: {
                "an_hour": round(line.slope, 2),
                "from": round(line.at(hours[0]), 1),
                "to": round(line.at(hours[-1]), 1),
            }
            for kind, line in memory.items()
        },
        "p99_ms_by_half": p99,
    }


def verdict(found: dict[str, Any]) -> list[str]:
    """What it comes to, in a few sentences."""
    answers = sum(row["answers"] for row in found["rows"])
    calls = f"{answers:,} calls in {found['minutes']:g} minutes on {found['engine']}"
    memory = [
        f"Memory ({word}), by linear fit after the first {SETTLED:.0%}: {fit['from']} → {fit['to']} MB, "
        f"{fit['an_hour']:+.2f} MB an hour."
        for word, fit in (("RSS", found["memory"]["rss_mb"]), ("its own", found["memory"]["own_mb"]))
    ]
    machine = found["machine"]
    waits = ", ".join(f"{kind} {first:.1f} → {then:.1f} ms" for kind, (first, then) in found["p99_ms_by_half"].items())
    return [
        "",
        f"{calls}, {found['errors']} errors, {found['away']} turned away.",
        *memory,
        f"p99, median minute of the first half → of the second: {waits}.",
        f"Load average meanwhile, median: {machine['load']} on {machine['cores']} cores.",
    ]


if __name__ == "__main__":
    main()
