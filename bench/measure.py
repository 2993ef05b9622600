"""This file measures: everything is started once, then each cell of the table has its turn, again and again."""

import asyncio
import sys
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from admitone.app import open_house
from bench import cells, processor, servers
from bench.calls import R1, ROWS, W2
from bench.cells import Bench, Cell, Served, Turns
from bench.floors import nginx, pgbench
from bench.form import PEERS_RATE, Form
from bench.peers import starting
from bench.worlds import furnish

Progress = Callable[[Cell, int, int], None]
PGBENCH = ((cells.PGBENCH_R1, 8), (cells.PGBENCH_W2, 32))
ACCOUNT_AT_RATE = "account, 400/s"
RATING_AT_RATE = "rating, 400/s"
BARE_AT_RATE = "bare server, 400/s"
ACCOUNT_AT_PEERS_RATE = "account, 100/s"


@dataclass
class Found:
    """What was measured: cells, megabytes of each server idle and after its load, and what could not be had."""

    cells: list[Cell] = field(default_factory=list)
    memory: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


class _Stage:
    """Everything that runs while the bench does."""

    def __init__(self, bench: Bench, stack: AsyncExitStack) -> None:
        self.bench = bench
        self.stack = stack
        self.turns: list[Turns] = []
        self.found = Found()
        self._pids: dict[str, int] = {}

    def watch(self, name: str, running: servers.Running) -> None:
        """Weigh a server now, before anything was asked of it, and again at the end."""
        self._pids[name] = running.pid
        self.found.memory[name] = {"idle": _megabytes(running.pid)}

    def weigh(self) -> None:
        """Weigh all of them again."""
        for name, pid in self._pids.items():
            self.found.memory[name]["after"] = _megabytes(pid)

    def lacks(self, sentence: str) -> None:
        """Go on without something, and say so."""
        self.found.missing.append(sentence)
        print(f"bench: without {sentence}", file=sys.stderr)

    async def ours(self, engine: str, workers: int = 1) -> Served:
        """One of ours on an engine, with its world."""
        folder = self.bench.folder
        name = engine + (cells.TWO if workers > 1 else "")
        database, address = None, ""
        if engine == cells.POSTGRES:
            database, address = self.stack.enter_context(servers.postgres())
        settings = servers.settings(folder, name.replace(", ", "-").replace(" ", ""), address or None)
        house = await self.stack.enter_async_context(open_house(settings))
        world = await furnish(house)
        serve = ["-m", "admitone", "serve", "--workers", str(workers)]
        running = await self.stack.enter_async_context(servers.serving(serve, folder / f"{name}.log", settings))
        self.watch(f"Admit One, {name}", running)
        return Served(name, running, world, database, address)


async def measure(form: Form, progress: Progress) -> Found:
    """Every cell, measured; `progress` is told after each turn, with its number and how many there will be."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="admitone-bench-")))
        stage = _Stage(Bench(form, folder), stack)
        sqlite, postgres = await stage.ours(cells.SQLITE), await stage.ours(cells.POSTGRES)
        await _floors(stage, sqlite, postgres)
        await _ours(stage, sqlite, postgres)
        if form.wide:
            await _peers(stage, sqlite)
        # Back and forth, so that what drifts does not favour anybody.
        turns = stage.turns
        order = [each for turn in range(form.turns) for each in (turns if turn % 2 == 0 else reversed(turns))]
        broken: set[str] = set()
        for number, (cell, take) in enumerate(order, 1):
            if cell.name in broken:
                continue
            try:
                cell.turns.append(await take())
            except servers.Broken as error:
                if cell.group not in cells.PEERS:
                    raise
                broken.add(cell.name)  # what we measure ourselves beside may fail; we may not
                stage.lacks(f"{cell.name}: {error}")
                continue
            progress(cell, number, len(order))
        stage.weigh()
        stage.found.cells = [cell for cell, _ in turns if cell.name not in broken]
        return stage.found


async def _floors(stage: _Stage, sqlite: Served, postgres: Served) -> None:
    bench = stage.bench
    calls = R1.calls(sqlite.world, [])
    try:
        command, port = await _nginx(bench.folder)
    except FileNotFoundError as error:
        stage.lacks(f"the floor of nginx: {error}")
    else:
        log = bench.folder / "nginx.log"
        running = await stage.stack.enter_async_context(servers.listening(command, port, log))
        stage.watch("nginx", running)
        stage.turns.append(cells.closed(bench, Cell("floors", cells.NGINX), running, calls, R1.status))
    bare = await stage.stack.enter_async_context(
        servers.serving(["-m", "bench.floors.http"], bench.folder / "bare.log")
    )
    stage.watch("bare server", bare)
    settings = servers.settings(bench.folder, "commits")
    async with open_house(settings) as house:
        world = await furnish(house)
    path = bench.folder / "commits.db"
    stage.turns += [
        cells.closed(bench, Cell("floors", cells.BARE), bare, calls, R1.status),
        cells.commits(bench, world, path, savepoints=False),
        cells.commits(bench, world, path, savepoints=True),
        cells.hashes(bench),
        cells.open_loop(bench, Cell("steady", BARE_AT_RATE), bare.port, {"server": bare.pid}, calls, R1.status),
    ]
    if pgbench.PROGRAM is None:
        stage.lacks("the floor of PostgreSQL: pgbench is not installed")
    else:
        stage.turns += [cells.statements(bench, postgres, name, clients) for name, clients in PGBENCH]


async def _nginx(folder: Path) -> tuple[list[str], int]:
    """The command for nginx, installed if that can be done here."""
    if nginx.program() is None:
        script = starting.ROOT / "scripts" / "apt"
        process = await asyncio.create_subprocess_exec(str(script), "nginx-light", stdout=-3, stderr=-3)
        await process.wait()
    return nginx.prepare(folder)


async def _ours(stage: _Stage, sqlite: Served, postgres: Served) -> None:
    bench, both = stage.bench, (sqlite, postgres)
    stage.turns += [await cells.row(bench, each, row) for row in ROWS for each in both]
    stage.turns += [cells.sign_in(bench, each) for each in both]
    stage.turns += [cells.at_rate(bench, each, R1, ACCOUNT_AT_RATE) for each in both]
    stage.turns += [cells.while_logins(bench, sqlite)]
    stage.turns += [cells.at_rate(bench, each, W2, RATING_AT_RATE) for each in both]
    if bench.form.narrow:
        return
    two = await stage.ours(cells.SQLITE, workers=2)
    stage.turns += [cells.at_rate(bench, two, W2, RATING_AT_RATE)]
    if bench.form.wide:
        for each in (two, await stage.ours(cells.POSTGRES, workers=2)):
            stage.turns += [await cells.row(bench, each, row, "two workers") for row in (R1, W2)]


async def _peers(stage: _Stage, sqlite: Served) -> None:
    if complaint := await starting.install():
        stage.lacks(f"the peers: {complaint}")
        return
    folder = stage.bench.folder
    known, running = starting.known_people(folder), []
    for name, start in starting.STARTS.items():
        try:
            asked = await stage.stack.enter_async_context(start(known, folder))
            for each in asked:
                if isinstance(each, starting.Peer):
                    await starting.right(each)
        except servers.Broken as error:
            stage.lacks(f"{name}: {error}")
        else:
            stage.watch(name, asked[0].running)
            running += asked
    stage.turns += [cells.peer(stage.bench, each) for each in running]
    stage.turns += [cells.at_rate(stage.bench, sqlite, R1, ACCOUNT_AT_PEERS_RATE, PEERS_RATE)]
    stage.turns += [cells.peer_at_rate(stage.bench, each) for each in running]


def _megabytes(pid: int) -> float:
    return round(sum(processor.memory(pid)), 1)
