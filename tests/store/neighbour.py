"""A program of its own that adds to a counter in somebody else's database: `neighbour.py URL NAME TIMES`."""

import asyncio
import sys

from admitone.basics.clock import ManualClock
from admitone.store.engine import open_store
from tests.store.tally import adding


async def run(url: str, name: str, times: int) -> None:
    store = await open_store(url, ManualClock(0))
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(times):
        await store.write(adding(name))
    await store.aclose()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3])))
