"""This file makes the cells of the table: each is one kind of load on one server, and what was seen in each turn."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bench import servers
from bench.calls import CYCLE, R1, Row
from bench.counts import Count, count
from bench.floors import pgbench
from bench.form import CONNECTIONS, LOGINS, PEERS_RATE, STEADY_RATE, Form
from bench.loads import chains, steady
from bench.loads import closed as closed_loop
from bench.loads.call import Call
from bench.loads.seen import Seen
from bench.peers.starting import Peer, Written
from bench.worlds import World, approved, known

TOKENS_A_SECOND = 6_000  # for the first turn; later ones know better
ROOM = 1.4
LONGER = 1.5  # logins go on for longer than what is measured beside them

NGINX = "nginx, a file"
BARE = "bare server"
COMMITS = "group commit"
SAVEPOINTS = "commit, savepoint each"
HASHES = "argon2id"
PGBENCH_R1 = "pgbench, R1's join"
PGBENCH_W2 = "pgbench, W2's upsert"
SIGN_IN = "sign-in (W3)"
WHILE_LOGINS = "account, 400/s, logins"

PEERS = ("peers", "steady peers")
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
TWO = ", 2 workers"


@dataclass
class Cell:
    """One line of the table: a request on an engine, and what was seen in each turn."""

    group: str
    name: str
    engine: str = ""
    counted: Count | None = None
    turns: list[Seen] = field(default_factory=list)


Turn = Callable[[], Awaitable[Seen]]
Turns = tuple[Cell, Turn]


class Served(NamedTuple):
    """A server of ours that can be measured; `database` is the first process of its database, where it has one."""

    engine: str
    running: servers.Running
    world: World
    database: int | None = None
    address: str = ""

    @property
    def watch(self) -> dict[str, int]:
        """The processes whose time is counted."""
        return {"server": self.running.pid, **({"database": self.database} if self.database else {})}


class Bench(NamedTuple):
    """How long to measure, and where there is room for files."""

    form: Form
    folder: Path


def closed(bench: Bench, cell: Cell, running: servers.Running, calls: list[Call], status: int) -> Turns:
    """As many answers as a server gives on 64 connections."""

    async def take() -> Seen:
        return await servers.measured(
            "bench.loads.closed", _job(bench, running.port, {"server": running.pid}, calls, status), bench.folder
        )

    return cell, take


async def row(bench: Bench, served: Served, kind: Row, group: str = "ours") -> Turns:
    """The same of ours, with its statements counted."""
    world = served.world
    first = kind.calls(world, await approved(world, 1) if kind.spends else [])[0]
    cell = Cell(group, kind.name, served.engine, await count(world, first, kind.status))

    async def take() -> Seen:
        rate = max((seen.answers / seen.seconds for seen in cell.turns), default=TOKENS_A_SECOND)
        needed = int(rate * ROOM * (bench.form.warm_s + bench.form.seconds)) if kind.spends else 0
        calls = kind.calls(world, await approved(world, needed) if needed else [])
        job = _job(bench, served.running.port, served.watch, calls, kind.status, cycle=not kind.spends)
        return await servers.measured("bench.loads.closed", job, bench.folder)

    return cell, take


def open_loop(
    bench: Bench,
    cell: Cell,
    port: int,
    watch: dict[str, int],
    calls: list[Call],
    status: int,
    rate: float = STEADY_RATE,
) -> Turns:
    """How long answers take at a rate that does not wait for them."""

    async def take() -> Seen:
        form = bench.form
        raw = [call.raw() for call in calls]
        job = steady.Job(port, raw, status, form.warm_s, form.longer_s, rate, watch, form.connections)
        return await servers.measured("bench.loads.steady", job, bench.folder)

    return cell, take


def at_rate(bench: Bench, served: Served, kind: Row, name: str, rate: float = STEADY_RATE) -> Turns:
    """The same of ours."""
    calls = kind.calls(served.world, [])
    cell = Cell("steady", name, served.engine)
    return open_loop(bench, cell, served.running.port, served.watch, calls, kind.status, rate)


def while_logins(bench: Bench, served: Served) -> Turns:
    """R1 at a fixed rate while passwords are hashed for others."""
    cell, alone = at_rate(bench, served, R1, WHILE_LOGINS)

    async def take() -> Seen:
        seconds = (bench.form.warm_s + bench.form.longer_s) * LONGER
        logins = asyncio.ensure_future(_signing_in(bench, served, 0.0, seconds))
        seen = await alone()
        await logins
        return seen

    return cell, take


def sign_in(bench: Bench, served: Served) -> Turns:
    """W3: chains of token, login, session; eight at once."""

    async def take() -> Seen:
        return await _signing_in(bench, served, bench.form.warm_s, bench.form.longer_s)

    return Cell("ours", SIGN_IN, served.engine), take


async def _signing_in(bench: Bench, served: Served, warm_s: float, seconds: float) -> Seen:
    job = chains.Job(known(served.world, served.running.port), LOGINS, warm_s, seconds, served.watch)
    return await servers.measured("bench.loads.chains", job, bench.folder)


def commits(bench: Bench, world: World, path: Path, *, savepoints: bool) -> Turns:
    """The floor of durable writes on SQLite."""
    job = {
        "path": str(path),
        "values": pgbench.rating_values(world),
        "films": world.films,
        "people": world.people,
        "cycle": CYCLE,
        "waiting": CONNECTIONS,
        "warm_s": bench.form.warm_s,
        "seconds": bench.form.seconds,
        "savepoints": savepoints,
    }

    async def take() -> Seen:
        return await servers.measured("bench.floors.commits", job, bench.folder)

    return Cell("floors", SAVEPOINTS if savepoints else COMMITS, SQLITE), take


def hashes(bench: Bench) -> Turns:
    """The floor of logins."""

    async def take() -> Seen:
        job = {"warm_s": bench.form.warm_s, "seconds": bench.form.longer_s}
        return await servers.measured("bench.floors.hashes", job, bench.folder)

    return Cell("floors", HASHES), take


def statements(bench: Bench, served: Served, name: str, clients: int) -> Turns:
    """The floor of PostgreSQL: the same statement from its own load."""
    script = bench.folder / f"{clients}.pgbench"
    written = pgbench.account_script if name == PGBENCH_R1 else pgbench.rating_script
    script.write_text(written(served.world), encoding="utf-8")

    async def take() -> Seen:
        seconds = bench.form.seconds
        return await pgbench.run(script, clients, seconds, served.address, served.database or 0)

    return Cell("floors", name, POSTGRES), take


def peer(bench: Bench, asked: Peer | Written) -> Turns:
    """A peer on 64 connections."""
    return closed(bench, Cell("peers", asked.name), asked.running, list(asked.calls), asked.status)


def peer_at_rate(bench: Bench, asked: Peer | Written) -> Turns:
    """A peer at a rate that all peers keep up with."""
    cell, watch = Cell("steady peers", f"{asked.name}, 100/s"), {"server": asked.running.pid}
    return open_loop(bench, cell, asked.running.port, watch, list(asked.calls), asked.status, PEERS_RATE)


def _job(
    bench: Bench, port: int, watch: dict[str, int], calls: list[Call], status: int, *, cycle: bool = True
) -> closed_loop.Job:
    raw = [call.raw() for call in calls]
    form = bench.form
    return closed_loop.Job(port, raw, status, form.warm_s, form.seconds, watch, form.connections, cycle)
