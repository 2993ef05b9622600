"""Many programs on one database and one key ring, each in a thread of its own, that do something at the same moment."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from admitone.basics.clock import ManualClock
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from tests.world import open_house

MEMBERS = 8
PATIENCE_S = 60

Work = Callable[[House, int], Awaitable[Any]]


async def outcome(work: Awaitable[Any]) -> Any:
    """What came of it: an answer, or the fault for which it was refused."""
    try:
        return await work
    except Refused as refusal:
        return refusal.fault


class Member:
    """One program: its thread, its loop, its House."""

    def __init__(self, url: str, ring: Path, clock: ManualClock, number: int) -> None:
        self.number = number
        self._thread = ThreadPoolExecutor(1, f"member-{number}")
        self._runner = self._thread.submit(asyncio.Runner).result()
        self.house: House = self.run(open_house(url, ring, clock, f"member {number}")).result()

    def run(self, work: Any) -> Any:
        """Start a coroutine in this member's thread."""
        return self._thread.submit(self._runner.run, work)

    def close(self) -> None:
        """End the program."""
        self.run(self.house.aclose()).result()
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()


class Crowd:
    """The programs; each round all of them begin together."""

    def __init__(self, url: str, ring: Path, clock: ManualClock) -> None:
        self.members = [Member(url, ring, clock, number) for number in range(MEMBERS)]

    def close(self) -> None:
        """End every program."""
        for member in self.members:
            member.close()

    async def rush(self, rounds: int, work: Callable[[int], Work], each: int = 1) -> list[list[Any]]:
        """For each round what came of it: `work(round)(house, number)` by every member, `each` times in parallel."""
        together = threading.Barrier(MEMBERS)

        async def go(member: Member) -> list[list[Any]]:
            found = []
            for number in range(rounds):
                task = work(number)
                together.wait(PATIENCE_S)
                numbers = range(member.number * each, member.number * each + each)
                found.append(await asyncio.gather(*(outcome(task(member.house, number)) for number in numbers)))
            return found

        futures = [asyncio.wrap_future(member.run(go(member))) for member in self.members]
        found = await asyncio.gather(*futures)
        return [[one for member in found for one in member[number]] for number in range(rounds)]


def faults(outcomes: list[Any]) -> list[Fault]:
    """Those of the outcomes that are refusals."""
    return [each for each in outcomes if isinstance(each, Fault)]
