"""This file fills a database with what a size and a seed make: it shows how far it is, and goes on where it was."""

import asyncio
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import asyncpg

from admitone.store.engine.address import is_sqlite, sqlite_path
from bench.growth.draw import Draw
from bench.growth.shape import Size
from bench.growth.writing import Writer, writer

# What a rating and a session take with all that belongs to them, and the sorting of their indexes, in bytes: measured,
# and rounded up.
PER_RATING: Final = {"SQLite": 150, "PostgreSQL": 330}
PER_SESSION: Final = {"SQLite": 700, "PostgreSQL": 1_000}
SPARE: Final = 2 << 30

Say = Callable[[str], None]


class TooMuch(Exception):
    """It does not fit, on the disk or in the time that was given; the sentence says by how much."""


def engine_of(url: str) -> str:
    """What people call the kind of database at an address."""
    return "SQLite" if is_sqlite(url) else "PostgreSQL"


def needed(size: Size, engine: str) -> int:
    """How many bytes of disk a size needs while it is made."""
    return size.ratings * PER_RATING[engine] + size.sessions * PER_SESSION[engine]


def must_fit(size: Size, engine: str, free: int) -> None:
    """Raises TooMuch when a disk with so many free bytes is too small for it."""
    wanted = needed(size, engine) + SPARE
    if wanted > free:
        raise TooMuch(
            f"{engine} needs about {wanted / 2**30:,.1f} GiB of disk for this, and {free / 2**30:,.1f} are free"
        )


async def room(url: str) -> int | None:
    """How many bytes are free where the database lies; None when that is on another machine."""
    if is_sqlite(url):
        return shutil.disk_usage(sqlite_path(url).parent).free
    connection = await asyncpg.connect(url)
    try:
        folder = Path(await connection.fetchval("SHOW data_directory"))
    finally:
        await connection.close()
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def whole(size: Size, seed: str) -> str:
    """The name of what is made, by which another run knows whether it goes on with the same."""
    return f"{size.sessions} sessions, {size.ratings} ratings, {size.titles} titles, seed {seed}"


async def fill(url: str, draw: Draw, seed: str, say: Say, *, minutes: float = 0) -> None:
    """Fill the migrated database at `url`, or go on filling it. Raises TooMuch, Different.

    After `minutes` (0 for however long) it stops between two pieces; another run goes on from there.
    """
    engine, free = engine_of(url), await room(url)
    if free is not None:
        must_fit(draw.size, engine, free)
    filled = await writer(url)
    try:
        await _pieces(filled, draw, seed, say, time.monotonic() + minutes * 60 if minutes else float("inf"))
        for step in filled.steps():
            began = time.monotonic()
            await filled.step(step)
            say(f"{step}: {time.monotonic() - began:.1f} s")
    finally:
        await filled.close()


async def _pieces(filled: Writer, draw: Draw, seed: str, say: Say, until: float) -> None:
    first = await filled.begin(whole(draw.size, seed))
    if first:
        say(f"goes on at piece {first} of {draw.chunks}")
    began = told = time.monotonic()
    rows = 0
    for piece in range(first, draw.chunks):
        drawn = draw.rows(piece)
        await filled.put(drawn, piece)
        rows += sum(map(len, drawn.values()))
        now = time.monotonic()
        if now - told >= 5 or piece == draw.chunks - 1:
            told = now
            left = (now - began) / (piece + 1 - first) * (draw.chunks - piece - 1)
            rate = f"{rows:,} rows, {rows / (now - began):,.0f} a second"
            say(f"{piece + 1}/{draw.chunks} pieces, {rate}, {left:.0f} s left")
        if now > until and piece < draw.chunks - 1:
            raise TooMuch(f"the time is over after {piece + 1} of {draw.chunks} pieces; run it again to go on")
        await asyncio.sleep(0)  # so that it can be interrupted between two pieces


def to_people(line: str) -> None:
    """Show how far it is."""
    print(f"growth: {line}", file=sys.stderr, flush=True)
