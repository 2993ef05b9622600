"""This file keeps long work in the background from keeping anybody waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic, perf_counter

FEWEST, MOST_ROWS = 20, 2_000
# How long a batch should take: whoever calls meanwhile may wait for it. Where it takes longer, the next is smaller.
AIM_S = 0.002
# Of the time a batch takes, as many times over nothing is done: one call in a hundred meets one, which no p99 sees.
REST = 99.0
# What takes longer than this has piled up faster than that. Then it may be one call in ten.
PATIENCE_S = 600.0
HURRIED = 9.0


async def rest_after(batch: Awaitable[int], rest: float) -> int:
    """Do a batch, and then nothing for `rest` times as long as it took; how much was done. After nothing, no rest."""
    done, took_s = await _timed(batch)
    if done and rest:
        await asyncio.sleep(took_s * rest)
    return done


class Pace:
    """How many rows at a time are taken of a table, one after another: as many as were quick enough before."""

    def __init__(self, rest: float) -> None:
        """After each batch nothing is done for `rest` times as long as it took, and HURRIED times after PATIENCE_S."""
        self._rest = rest
        self._patient_until = monotonic() + PATIENCE_S
        self._rows = FEWEST

    async def clear(self, batch: Callable[[int], Awaitable[int]]) -> int:
        """Do batches of so many rows until one finds fewer; how many there were in all."""
        total = 0
        while True:
            done, took_s = await _timed(batch(self._rows))
            total += done
            if done:
                hurried = monotonic() > self._patient_until
                await asyncio.sleep(took_s * (min(self._rest, HURRIED) if hurried else self._rest))
            if done < self._rows:
                return total
            self._rows = next_rows(self._rows, took_s)


def next_rows(rows: int, took_s: float) -> int:
    """How many rows the next batch should have, when one of so many took so long."""
    fitting = int(rows * AIM_S / took_s) if took_s > 0 else MOST_ROWS
    return max(FEWEST, min(fitting, 2 * rows, MOST_ROWS))


async def _timed(batch: Awaitable[int]) -> tuple[int, float]:
    """How much a batch did and how long it took, in seconds; the loop's own clock counts in milliseconds."""
    began = perf_counter()
    return await batch, perf_counter() - began
