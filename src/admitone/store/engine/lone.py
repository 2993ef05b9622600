"""This file lets one process at a time do what only one should, whatever becomes of the one that did it before.

On PostgreSQL it is whoever holds an advisory lock, on SQLite whoever holds a file beside the database locked: both end
with the process, and with its connection.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

from admitone.basics.late import late
from admitone.model.faults import Fault, Refused
from admitone.store.engine import address

if TYPE_CHECKING:
    import fcntl

    import asyncpg
else:
    asyncpg, fcntl = late("asyncpg"), late("fcntl")

PATIENCE_S = 10.0
# For the transaction that holds a lock: it may last, and ends within a minute when its host is gone. Said last, because
# what was asked last lasts as long: the snapshot of a query would keep dead rows, and whoever makes an index waiting.
HOLD_ON = (
    "SET LOCAL tcp_keepalives_idle = 30",
    "SET LOCAL tcp_keepalives_interval = 10",
    "SET LOCAL tcp_keepalives_count = 3",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


class Errand(IntEnum):
    """What only one process should do at a time.

    The numbers are those of the locks, which nobody else on the same database is likely to take: "admit" in ASCII.
    """

    MIGRATING = 0x61646D6974
    SWEEPING = MIGRATING + 1


@asynccontextmanager
async def alone(url: str, errand: Errand) -> AsyncIterator[bool]:
    """Whether nobody else is at this errand; nobody else will be before this ends. Raises STORE_DOWN."""
    opened = _file_alone(url, errand) if address.is_sqlite(url) else _lock_alone(url, errand)
    async with opened as free:
        yield free


@asynccontextmanager
async def _lock_alone(url: str, errand: Errand) -> AsyncIterator[bool]:
    try:
        connection = await asyncpg.connect(url, timeout=PATIENCE_S, command_timeout=PATIENCE_S, statement_cache_size=0)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Refused(Fault.STORE_DOWN, detail=str(error)) from error
    try:
        # A lock of a transaction, not of a session: those a pooler before the database would hand on to somebody else.
        await connection.execute("BEGIN")
        free = await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", errand.value)
        await connection.execute(";".join(HOLD_ON))
        yield bool(free)
    finally:
        connection.terminate()


@asynccontextmanager
async def _file_alone(url: str, errand: Errand) -> AsyncIterator[bool]:
    # Not the database itself: to open and close that would end the locks that SQLite holds on it in this process.
    place = address.sqlite_path(url)
    handle = os.open(place.with_name(f"{place.name}-{errand.name.lower()}"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            free = False
        else:
            free = True
        yield free
    finally:
        os.close(handle)
