"""Looks into a database from outside, beside the program: what is really kept, and what an operator might have done."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg

from admitone.store.engine.address import is_sqlite, sqlite_path

Rows = list[tuple[Any, ...]]


def look(database: str, *queries: str) -> list[Rows]:
    """The rows of each query, all on one snapshot."""
    if not is_sqlite(database):
        found: list[Rows] = _aside(_look(database, queries))
        return found
    connection = sqlite3.connect(f"{sqlite_path(database).absolute().as_uri()}?mode=ro", uri=True, timeout=30)
    try:
        connection.execute("BEGIN")
        return [connection.execute(query).fetchall() for query in queries]
    finally:
        connection.close()


def count(database: str, table: str, where: str = "1 = 1") -> int:
    """How many rows of a table are so."""
    [[row]] = look(database, f"SELECT count(*) FROM {table} WHERE {where}")
    return int(row[0])


def change(database: str, statement: str) -> None:
    """Do something behind the program's back."""
    if not is_sqlite(database):
        _aside(_change(database, statement))
        return
    connection = sqlite3.connect(sqlite_path(database), isolation_level=None, timeout=30)
    try:
        connection.execute(statement)
    finally:
        connection.close()


async def _look(database: str, queries: tuple[str, ...]) -> list[Rows]:
    connection = await asyncpg.connect(database)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return [[tuple(row) for row in await connection.fetch(query)] for query in queries]
    finally:
        await connection.close()


async def _change(database: str, statement: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _aside(work: Any) -> Any:
    """Run a coroutine on a loop of its own, for tests that have one and tests that have none."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, work).result()
