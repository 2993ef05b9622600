"""This file says what each connection to PostgreSQL begins with: limits to every wait, and no server but a primary."""

import socket
from typing import Any

import asyncpg
from asyncpg.exceptions import FeatureNotSupportedError

# For how long a server that is cut off may be silent, in seconds. The kernel's own patience is a quarter of an hour.
SILENCE_S, PROBE_S = 3, 1
PROBES = 3
# In one round trip. The limit of a statement is a little wider than the engine's own: it ends what nobody waits for any
# more. None of them ends the wait of a commit for its replica; that would look like its success.
SETTLE = """
    SET idle_in_transaction_session_timeout TO '60s';
    SET statement_timeout TO '35s';
    SET lock_timeout TO '10s'"""
# A replica refuses the first word of it.
SETTLE_TO_WRITE = f"BEGIN READ WRITE; COMMIT; {SETTLE}"


class ReplicaError(OSError):
    """The server is there, and is not or no longer the one that takes writes: as good as nobody."""


async def settled(connection: "asyncpg.Connection[Any]") -> None:
    """Begin a connection to any server."""
    _notice_silence(connection)
    await connection.execute(SETTLE)


async def settled_to_write(connection: "asyncpg.Connection[Any]") -> None:
    """Begin a connection to a server that takes writes. Raises ReplicaError."""
    _notice_silence(connection)
    try:
        await connection.execute(SETTLE_TO_WRITE)
    except FeatureNotSupportedError as error:
        raise ReplicaError(str(error)) from error


async def nothing(_: object) -> None:
    """Leave a connection as it is when it is given back."""


def _notice_silence(connection: "asyncpg.Connection[Any]") -> None:
    """Let the kernel give up a server that was cut off, rather than let callers wait for it."""
    line = connection._transport.get_extra_info("socket")  # noqa: SLF001 - the driver has no other way to its socket
    if line is None or line.family == socket.AF_UNIX:
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", SILENCE_S),
        ("TCP_KEEPINTVL", PROBE_S),
        ("TCP_KEEPCNT", PROBES),
        ("TCP_USER_TIMEOUT", (SILENCE_S + PROBE_S * PROBES) * 1000),
    ):
        if (number := getattr(socket, option, None)) is not None:  # not every system has all of them
            line.setsockopt(socket.IPPROTO_TCP, number, value)
