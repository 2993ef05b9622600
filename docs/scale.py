"""Reckons what houses of a million to a billion accounts need, from what `make growth` and `make bench` measured.

What is measured is read from `bench/results`; what is assumed stands in `Life` and `Means`, to be replaced by your own.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bench.growth.draw import TABLES
from bench.growth.shape import SIZES

RESULTS = Path(__file__).parent.parent / "bench" / "results"
DAY_S = 86_400
GB = 1e9
ANYBODY = "anybody"  # callers whom nobody has met before: the dearer ones
ACCOUNTS = (1_000_000, 100_000_000, 1_000_000_000)


class Rows(NamedTuple):
    """Of one table: rows an account, and bytes a row with its indexes."""

    an_account: float
    bytes_each: float


class Work(NamedTuple):
    """Processor time of one call, in microseconds: in all, and the database's part of it."""

    cpu_us: float
    database_us: float


class Measured(NamedTuple):
    """What was measured, in the largest database there was."""

    people: int
    tables: Mapping[str, Rows]
    calls: Mapping[str, Work]
    http_us: float  # what a bare server takes for a request: the calls were measured without one
    login_us: float  # one password hashed


class Life(NamedTuple):
    """How people use the house: assumed."""

    active: float = 0.1  # of all accounts, on a day
    calls: float = 50.0  # of one who is active, a day
    peak: float = 4.0  # the busiest hour beside the average one
    shares: Mapping[str, float] = {
        "R1 account": 0.2,
        "R2 account_states": 0.4,
        "R3 page of rated films": 0.2,
        "W2 rating": 0.195,
        "W3 token, approval, session": 0.005,  # with one password hashed
    }


class Means(NamedTuple):
    """What there is to serve it with: assumed."""

    busy: float = 0.5  # how much of a core is used at the peak, at most
    copies: int = 3  # of every byte
    beyond: float = 10.0  # how many times the accounts of the largest measured database one primary holds
    largest_cores: float = 32.0  # what one primary should have
    apart: float = 2.0  # how much more a database works whose statements are taken apart and committed in two phases
    least_cores: int = 2  # what every host has
    core_month: float = 25.0  # what a core costs, with its memory, in euro a month
    gb_month: float = 0.10  # and a gigabyte on a solid-state disk


class Need(NamedTuple):
    """What a house of so many accounts needs."""

    accounts: int
    rows: float
    bytes: float  # one copy
    mean_per_s: float
    peak_per_s: float
    logins_per_s: float  # at the peak
    primaries: int
    server_cores: int
    database_cores: int  # of all copies
    cost: float


def measured(growth: Mapping[str, Any], bench: Mapping[str, Any]) -> Measured:
    """Take from the results what is needed here."""
    size = max((each for each in growth["sizes"] if each["engine"] == "PostgreSQL"), key=lambda each: each["people"])
    one_for_all = {"titles", "apps", "app_credentials"}
    tables = {
        table.name: Rows(rows / size["people"], bytes_ / rows)
        for table in TABLES
        if table.name not in one_for_all
        for rows, bytes_ in [size["tables"][table.name]]
    }
    calls = {
        row["call"]: Work(row["cpu_us"], row["database_us"])
        for row in growth["rows"]
        if (row["engine"], row["size"], row["callers"]) == (size["engine"], size["size"], ANYBODY)
    }
    floors = {row["name"]: row["cpu_us"] for row in bench["rows"] if row["group"] == "floors"}
    return Measured(size["people"], tables, calls, floors["bare server"], floors["argon2id"])


def need(accounts: int, known: Measured, life: Life, means: Means) -> Need:
    """What so many accounts need."""
    rows = accounts * sum(table.an_account for table in known.tables.values())
    size = accounts * sum(table.an_account * table.bytes_each for table in known.tables.values())
    mean = accounts * life.active * life.calls / DAY_S
    peak = mean * life.peak
    logins = peak * life.shares["W3 token, approval, session"]
    work = [(share, known.calls[call]) for call, share in life.shares.items()]
    ours_us = sum(share * (each.cpu_us - each.database_us + known.http_us) for share, each in work)
    theirs_us = sum(share * each.database_us for share, each in work)
    server = (peak * ours_us + logins * known.login_us) / 1e6 / means.busy
    database = peak * theirs_us / 1e6 / means.busy
    primaries = _primaries(accounts, database, known, means)
    if primaries > 1:
        database *= means.apart
        primaries = _primaries(accounts, database, known, means)
    # A copy has what its primary has: it may have to take its place.
    database_cores = max(math.ceil(database / primaries), means.least_cores) * primaries * means.copies
    server_cores = max(math.ceil(server), means.least_cores * means.copies)
    cost = (server_cores + database_cores) * means.core_month + size * means.copies / GB * means.gb_month
    return Need(accounts, rows, size, mean, peak, logins, primaries, server_cores, database_cores, cost)


def _primaries(accounts: int, cores: float, known: Measured, means: Means) -> int:
    return max(1, math.ceil(accounts / (known.people * means.beyond)), math.ceil(cores / means.largest_cores))


def _known() -> Measured:
    growth, bench = (json.loads((RESULTS / name).read_text("utf-8")) for name in ("growth.json", "latest.json"))
    return measured(growth, bench)


def accounts() -> None:
    """Print what one account takes, and what one call does."""
    known, life = _known(), Life()
    print(f"\nMeasured in a database of {known.people:,} accounts:\n")
    print("| table | rows an account | bytes a row, with indexes | bytes an account |\n| --- | --- | --- | --- |")
    for name, (rows, each) in known.tables.items():
        print(f"| `{name}` | {rows:.2f} | {each:.0f} | {rows * each:,.0f} |")
    print("\n| call | CPU µs | of it PostgreSQL's | share of calls (assumed) |\n| --- | --- | --- | --- |")
    for name, share in life.shares.items():
        cpu, database = known.calls[name]
        print(f"| {name} | {cpu:,.0f} | {database:,.0f} | {share:.1%} |")
    print(f"\nAnd {known.http_us:.0f} µs for HTTP with each call, {known.login_us / 1000:.0f} ms for each password.\n")


def growing() -> None:
    """Print what the hot calls cost in small databases and in large ones."""
    growth = _growth()
    for engine, machine in growth["machines"].items():
        sizes = [each for each in growth["sizes"] if each["engine"] == engine]
        rows = {(row["call"], row["callers"], row["size"]): row for row in growth["rows"] if row["engine"] == engine}
        held = {row["call"]: row["held"] for row in rows.values()}
        heads = [f"{each['sessions']:,} sessions, {each['ratings']:,} ratings" for each in sizes]
        print(f"\n{_taken_on(machine)}\n\n| call | by | {' | '.join(heads)} |\n| --- | --- |{' --- |' * len(heads)}")
        for call in held:
            for callers in dict.fromkeys(row["callers"] for row in rows.values()):
                cells = [rows[call, callers, each["size"]] for each in sizes]
                shown = [f"{each['cpu_us']:,.0f} µs" for each in cells[:1]]
                shown += [f"{each['cpu_us']:,.0f} µs, {each['of_smallest']:.2f} ×" for each in cells[1:]]
                print(f"| {call} | {callers} | {' | '.join(shown)} |")
    print()


def plans() -> None:
    """Print how many pages each statement of the hot calls looks at, and by what it finds its rows."""
    looks = _growth()["plans"]
    sizes = [name for name in SIZES if any(each["size"] == name for each in looks)]
    pages: dict[tuple[str, str], dict[str, float]] = {}
    by: dict[tuple[str, str], list[str]] = {}
    for each in looks:
        key = each["engine"], each["statement"]
        pages.setdefault(key, {}).setdefault(each["size"], each["pages"])
        by.setdefault(key, each["by"])
    print(f"\n| | statement | found by | {' | '.join(sizes)} |\n| --- | --- | --- |{' --- |' * len(sizes)}")
    for (engine, statement), seen in pages.items():
        names = ", ".join(f"`{each}`" for each in by[engine, statement]) or "–"
        cells = " | ".join(f"{seen[size]:.0f}" if size in seen else "" for size in sizes)
        print(f"| {engine} | `{statement}` | {names} | {cells} |")
    print()


def _growth() -> Any:
    return json.loads((RESULTS / "growth.json").read_text("utf-8"))


def _taken_on(machine: Mapping[str, Any]) -> str:
    programs = "".join(f"{machine[each]}, " for each in ("database", "memory") if each in machine)
    cores = f"{machine['cores']} cores, shared; the load average was {machine['load']}"
    return f"Taken on {machine['system']}, {programs}Python {machine['python']}, {cores}."


def assumed() -> None:
    """Print what is assumed."""
    life, means = Life(), Means()
    print(f"\n* {life.active:.0%} of all people come on a day and make {life.calls:.0f} calls each")
    print(f"* the busiest hour has {life.peak:.0f} times the average")
    print(f"* no core is used more than {means.busy:.0%} at the peak, and every byte is kept {means.copies} times")
    print(
        f"* a primary holds up to {means.beyond:.0f} times the accounts of the database that was measured, as nothing"
    )
    print(f"  is known beyond, and has up to {means.largest_cores:.0f} cores")
    print(f"* beyond one primary the databases work {means.apart:.0f} times as much: taken apart, two phases")
    print(f"* a core costs {means.core_month:.0f} euro a month, a gigabyte {means.gb_month:.2f}\n")


def sizes() -> None:
    """Print what houses of growing size need."""
    needs = [need(number, _known(), Life(), Means()) for number in ACCOUNTS]
    print(f"\n| accounts | {' | '.join(f'{each.accounts:,}' for each in needs)} |\n| --- |{' --- |' * len(needs)}")
    lines = {
        "rows": [f"{_round(each.rows):,}" for each in needs],
        "GB, one copy": [f"{_round(each.bytes / GB):,}" for each in needs],
        "calls a second, mean": [f"{_round(each.mean_per_s):,}" for each in needs],
        "calls a second, peak": [f"{_round(each.peak_per_s):,}" for each in needs],
        "of them sign-ins": [f"{_round(each.logins_per_s):,}" for each in needs],
        "cores for Admit One": [f"{each.server_cores:,}" for each in needs],
        "PostgreSQL primaries": [f"{each.primaries:,}" for each in needs],
        "cores for PostgreSQL, all copies": [f"{each.database_cores:,}" for each in needs],
        "euro a month": [f"{_round(each.cost):,}" for each in needs],
        "euro a month for 1,000 accounts": [f"{each.cost / each.accounts * 1000:.2f}" for each in needs],
    }
    for name, cells in lines.items():
        print(f"| {name} | {' | '.join(cells)} |")
    print()


def _round(number: float) -> int:
    """To two digits: no more is known."""
    return int(round(number, 1 - math.floor(math.log10(number)))) if number >= 10 else math.ceil(number)
