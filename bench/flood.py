"""This file is `make flood`: three times as much is asked as can be answered, and what becomes of those let in.

First it finds out how much can be answered. It ends by itself and touches nothing but this machine's loopback. The load
has a core of its own, where there are two: server and database are all that is flooded.
"""

import argparse
import json
import os
import random
import sys
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from bench import servers, table
from bench.form import CONNECTIONS
from bench.loads.flood import Job
from bench.loads.stories import Mix
from bench.soak import started
from bench.worlds import known

USUAL = 0.6  # of what can be answered at most, on a day on which all is well
STEPS = (0.95, 0.9, 0.85, 0.8, 0.7)
STEP_SHARE = 0.2  # of the seconds of the flood, for each step on the way to capacity
TIMES = 3.0
MOST_TIMES_P99 = 2.0
NOBODY = {"p50": 0.0, "p99": 0.0}
FIRST_S = 2.0  # of the flood, in which the server finds out
QUESTIONS = 1 << 14
NAMES = ("as usual", "flood begins", "flood", "afterwards")
KINDS = ("all", "R1", "W2")
HEADS = ("", "asked/s", "let in/s", "away/s", "errors", "all p50", "p99", "R1 p50", "p99", "W2 p50", "p99", "late p99")
WIDTHS = (16, 9, 9, 9, 7, 9, 8, 8, 8, 8, 8, 9)


class Ask(Protocol):
    """Ask in stretches of so many calls a second and so many seconds; what was seen in each."""

    def __call__(self, *stretches: tuple[float, float]) -> Awaitable[list[dict[str, Any]]]:
        """See `loads.flood`."""


def main() -> None:
    """Flood as asked for."""
    parser = argparse.ArgumentParser(prog="bench.flood", description="Ask three times as much as can be answered.")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where the document goes")
    arguments = parser.parse_args()
    found = servers.run(_flood(arguments.engine, arguments.workers, arguments.seconds))
    print("\n".join(verdict(found)), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    sys.exit(1 if found["complaints"] or any(row["errors"] for row in found["rows"]) else 0)


async def _flood(engine: str, workers: int, seconds: float) -> dict[str, Any]:
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:-1] or cores)  # and so has whatever is started from here
    async with AsyncExitStack() as stack:
        target, world = await started(stack, "flood", engine, workers)
        steps = Mix(known(world, target.port), random.Random(1)).first_calls(QUESTIONS)
        questions = [(step.kind, step.question.decode("latin-1"), step.status) for step in steps]
        ask: Ask = partial(_ask, Job(target.port, questions, [], CONNECTIONS, cores[-1:]), target.log.parent)
        found = await _capacity(ask, seconds * STEP_SHARE)
        flood, usual = TIMES * found["capacity"], found["usual"]
        print("".join(f"{head:>{width}}" for head, width in zip(HEADS, WIDTHS, strict=True)), flush=True)
        rows = await ask((usual, seconds), (flood, FIRST_S), (flood, seconds), (usual, seconds))
        for name, row in zip(NAMES, rows, strict=True):
            print(_line(name, row), flush=True)
        wrong = target.complaints()
    return {"engine": engine, **found, "machine": table.machine(), "rows": rows, "complaints": wrong}


async def _ask(job: Job, folder: Path, *stretches: tuple[float, float]) -> list[dict[str, Any]]:
    told = await servers.told("bench.loads.flood", replace(job, stretches=list(stretches)), folder)
    return list(told)


async def _capacity(ask: Ask, seconds: float) -> dict[str, float]:
    """The highest steady rate at which nobody is turned away and p99 is within twice the usual, and what is usual."""
    await ask((0, seconds))  # warm
    most = (await ask((0, seconds)))[0]["answered"]
    usual = USUAL * most
    p99 = (await ask((usual, seconds)))[0]["ms"]["all"]["p99"]
    print(
        f"asked again as soon as it answers: {most:,.0f} calls a second; p99 at {usual:,.0f}: {p99:.1f} ms", flush=True
    )
    for share in STEPS:
        seen = (await ask((share * most, seconds)))[0]
        print(
            f"    at {seen['asked']:,.0f}: p99 {seen['ms']['all']['p99']:.1f} ms, {seen['away']:.0f} away", flush=True
        )
        if not seen["away"] and seen["ms"]["all"]["p99"] <= MOST_TIMES_P99 * p99:
            return {"most": most, "usual": usual, "capacity": share * most}
    return {"most": most, "usual": usual, "capacity": usual}


def verdict(found: dict[str, Any]) -> list[str]:
    """What it comes to."""
    usual, flood = found["rows"][0]["ms"], found["rows"][2]
    asked = (
        f"capacity {found['capacity']:,.0f} calls a second; of {flood['asked']:,.0f} asked "
        f"{flood['answered']:,.0f} were let in and {flood['away']:,.0f} turned away"
    )
    return [
        asked,
        *(
            f"{kind}: p99 of those let in {flood['ms'][kind]['p99']:.1f} ms, usual {usual[kind]['p99']:.1f} ms: "
            f"{flood['ms'][kind]['p99'] / usual[kind]['p99']:.2f} times (target {MOST_TIMES_P99:.0f})"
            for kind in KINDS
            if kind in flood["ms"] and kind in usual
        ),
    ]


def _line(name: str, row: dict[str, Any]) -> str:
    cells = [
        name,
        *(f"{row[figure]:,.0f}" for figure in ("asked", "answered", "away")),
        str(len(row["errors"])),
        *(f"{row['ms'].get(kind, NOBODY)[wait]:.1f}" for kind in KINDS for wait in ("p50", "p99")),
        f"{row['late_p99_ms']:.1f}",
    ]
    errors = [f"\n       {error[:200]}" for error in row["errors"]]
    return "".join([*(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)), *errors])


if __name__ == "__main__":
    main()
