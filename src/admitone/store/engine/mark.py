"""This file reads the mark that migrations leave on a database, without loading what takes the steps.

A server finds the newest mark nearly always, and Alembic with SQLAlchemy's asynchronous half takes 14 MB.
"""

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from admitone.basics.late import late
from admitone.store.engine import address

if TYPE_CHECKING:
    import asyncpg
else:
    asyncpg = late("asyncpg")

PATIENCE_S: Final = 10.0
MARK: Final = "SELECT version_num FROM alembic_version"


async def mark_of(url: str) -> str | None:
    """The revision that the database at `url` has; None where there is none, and where it cannot be told in passing.

    Raises AddressError.
    """
    return _of_file(url) if address.is_sqlite(url) else await _of_server(url)


def _of_file(url: str) -> str | None:
    there = f"{address.sqlite_path(url).absolute().as_uri()}?mode=rw"  # never made by this
    try:
        with closing(sqlite3.connect(there, uri=True, timeout=0)) as connection:
            found: tuple[str] | None = connection.execute(MARK).fetchone()
    except sqlite3.Error:
        return None
    return found and found[0]


async def _of_server(url: str) -> str | None:
    try:
        connection = await asyncpg.connect(url, timeout=PATIENCE_S, command_timeout=PATIENCE_S, statement_cache_size=0)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None
    try:
        found: str | None = await connection.fetchval(MARK)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None
    finally:
        connection.terminate()
    return found
