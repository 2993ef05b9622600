"""Counters to test engines with: each stands in a row of the table of limits, which counts anything."""

from collections.abc import Callable, Coroutine
from typing import Any

from admitone.store import limits
from admitone.store.engine.tx import Tx

ROOM = 2**40


async def add(tx: Tx, name: str = "tally") -> int:
    """Count one more; how many that makes."""
    return await tx.one(limits.TAKE, bucket=name.encode(), now=0, interval=1, slack=ROOM) or 0


async def count(tx: Tx, name: str = "tally") -> int:
    """How many were counted."""
    return await tx.one(limits.EMPTY_AT, bucket=name.encode()) or 0


def adding(name: str) -> Callable[[Tx], Coroutine[Any, Any, int]]:
    """A flow that adds to the counter of this name."""
    return lambda tx: add(tx, name)


def counting(name: str) -> Callable[[Tx], Coroutine[Any, Any, int]]:
    """A flow that reads the counter of this name."""
    return lambda tx: count(tx, name)
