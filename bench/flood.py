"""This file is `make flood`: three times as much is asked as can be answered, and what becomes of those let in.

First it finds out how much can be answered, and how long callers wait at 70 % of it. It ends by itself and touches
nothing but this machine's loopback. The load takes a core of its own: the server should have no more than the others.
"""

import argparse
import itertools
import json
import random
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bench import servers, table
from bench.arithmetic import percentile
from bench.form import CONNECTIONS
from bench.loads.steady import Steady, Story, Window
from bench.loads.stories import Known, Mix
from bench.soak import SHARE, Target, acquainted, due, under_load

TIMES = 3.0
MOST_TIMES_P99 = 2.0
FIRST_S = 2.0  # of the flood, in which the server finds out
TURNED_AWAY = frozenset({429, 503})
MOST_LINES = 4000  # else callers would queue in the load, where no server can turn them away
HEADS = ("", "asked/s", "answered/s", "away/s", "errors", "R1 p50", "p99", "W2 p50", "p99", "late p99")
WIDTHS = (16, 9, 11, 9, 7, 8, 8, 8, 8, 9)


def main() -> None:
    """Flood as asked for."""
    parser = argparse.ArgumentParser(prog="bench.flood", description="Ask three times as much as can be answered.")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where the document goes")
    arguments = parser.parse_args()
    found = servers.run(under_load(arguments.engine, arguments.workers, partial(_flood, arguments.seconds)))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    sys.exit(1 if found["errors"] else 0)


def _flood(seconds: float, target: Target, steady: Steady, whom: Known) -> dict[str, Any]:
    chance = random.Random(1)
    mix, _ = acquainted(steady, whom, chance)
    steady.away, steady.most_lines = TURNED_AWAY, MOST_LINES
    capacity = _capacity(steady, mix, seconds / 2)
    print("".join(f"{head:>{width}}" for head, width in zip(HEADS, WIDTHS, strict=True)), flush=True)
    rows = []
    for name, rate, lasting in (
        ("as usual", SHARE * capacity, seconds),
        ("flood begins", TIMES * capacity, FIRST_S),
        ("flood", TIMES * capacity, seconds),
        ("afterwards", SHARE * capacity, seconds),
    ):
        steady.run(due(mix, chance, rate, lasting))
        seen = steady.take()
        # Whoever is turned away has a line too, which is an error to whoever runs a server that is not flooded.
        seen.errors += [line for line in target.complaints() if '"status":503' not in line]
        rows.append(_row(name, seen, lasting))
        print(_line(rows[-1]), flush=True)
        for error in seen.errors[:3]:
            print(f"       {error[:200]}", flush=True)
    steady.close()
    usual, flood = rows[0], rows[2]
    times = {kind: flood[kind]["p99_ms"] / usual[kind]["p99_ms"] for kind in ("R1", "W2") if usual[kind]["p99_ms"]}
    print(f"capacity {capacity:.0f} stories a second; let in during the flood: {flood['answered']:.0f} calls a second")
    for kind, ratio in times.items():
        print(f"{kind} p99 of those let in: {ratio:.2f} of the usual (target {MOST_TIMES_P99})")
    errors = sum(row["errors"] for row in rows)
    return {"capacity": capacity, "machine": table.machine(), "rows": rows, "times_p99": times, "errors": errors}


def _capacity(steady: Steady, mix: Mix, seconds: float) -> float:
    """How many stories a second are told when each is followed by the next: a closed loop."""
    count = itertools.count()

    def begin() -> Story:
        next(count)
        return mix.draw()()

    steady.keep(begin, CONNECTIONS, seconds)
    steady.finish()
    steady.take()
    return next(count) / seconds


def _row(name: str, seen: Window, seconds: float) -> dict[str, Any]:
    def waits(kind: str) -> dict[str, float]:
        found = sorted(seen.waits.get(kind, []))
        return {"p50_ms": percentile(found, 0.5) * 1000, "p99_ms": percentile(found, 0.99) * 1000}

    return {
        "name": name,
        "asked": len(seen.late) / seconds,
        "answered": seen.answers / seconds,
        "away": seen.away / seconds,
        "errors": len(seen.errors),
        "R1": waits("R1"),
        "W2": waits("W2"),
        "late_p99_ms": percentile(sorted(seen.late), 0.99) * 1000,
    }


def _line(row: dict[str, Any]) -> str:
    cells = [
        row["name"],
        *(f"{row[name]:,.0f}" for name in ("asked", "answered", "away")),
        str(row["errors"]),
        *(f"{row[kind][wait]:.1f}" for kind in ("R1", "W2") for wait in ("p50_ms", "p99_ms")),
        f"{row['late_p99_ms']:.1f}",
    ]
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True))


if __name__ == "__main__":
    main()
