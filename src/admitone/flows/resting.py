"""This file keeps long work in the background from keeping anybody waiting."""

import asyncio
from collections.abc import Awaitable


async def rest_after(batch: Awaitable[int], rest: float) -> int:
    """Do a batch, and then nothing for `rest` times as long as it took; how much was done. After nothing, no rest."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    done = await batch
    if done and rest:
        await asyncio.sleep((loop.time() - began) * rest)
    return done
