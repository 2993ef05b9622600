"""This file counts calls: how many an app may make from one network, and in all, in a second of the clock.

All processes of a house give out the same second. Each takes a share of it, in one statement, and counts within its
share; what it has not used when the second ends is nobody's. The first few it answers before it has asked, so that
whoever only reads never waits for those who write.
"""

import asyncio

import structlog

from admitone.basics.digests import Kind
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.limits import SECOND_MS, ahead, share
from admitone.store import calls
from admitone.store.engine.tx import Tx

NO_APP = 0
MOST_ASKING = 256  # shares that are being asked for while their first calls are answered already

_log = structlog.get_logger()


class _Share:
    """What this process may still answer of one bucket in one second."""

    __slots__ = ("answered", "before", "left", "lock", "most", "owed", "second", "used_up", "whose")

    def __init__(self, whose: tuple[object, ...], second: int, before: int, most: int, owed: int) -> None:
        self.whose = whose
        self.second = second
        self.before = before  # answered in the second before
        self.most = most  # that all processes may answer
        self.answered = 0
        self.left = self.owed = owed  # answered before the store was asked, and still to be asked for
        self.used_up = False
        self.lock = asyncio.Lock()


class Calls:
    """The calls of one process in the present second."""

    def __init__(self, house: House) -> None:
        """Count for a house, by its limits; those that are 0 are none."""
        self._house = house
        self._second = 0
        self._shares: dict[tuple[object, ...], _Share] = {}
        self._before: dict[tuple[object, ...], _Share] = {}
        self._asking: set[asyncio.Task[None]] = set()

    def counted(self, app_id: int, network: str) -> bool:
        """Count one call of an app, if nobody has to be asked for that; whether it was counted."""
        if self._house.calls_by_app:
            return False
        if not (most := self._house.calls_by_network):
            return True
        held = self._share(("network", app_id, network), most)
        if not held.left:
            return False
        held.left -= 1
        held.answered += 1
        return True

    async def count(self, app_id: int, network: str) -> None:
        """Count one call of an app, NO_APP for what is none, from a network. Raises RATE_LIMITED."""
        if most := self._house.calls_by_network:
            await self._count(most, "network", app_id, network)
        if app_id != NO_APP and (most := self._house.calls_by_app):
            await self._count(most, "app", app_id)

    async def _count(self, most: int, *whose: object) -> None:
        while True:
            held = self._share(whose, most)
            if held.left:
                held.left -= 1
                held.answered += 1
                return
            if held.used_up:
                raise Refused(Fault.RATE_LIMITED, retry_after=1, detail=f"calls by {whose[0]}")
            await self._fill(held)

    async def _fill(self, held: _Share) -> None:
        async with held.lock:
            if (held.left and not held.owed) or held.used_up:  # somebody else has asked meanwhile
                return
            number = max(held.owed, share(held.answered, held.before, held.most))
            try:
                given = await self._house.note(take, held.second, number, held.most, *held.whose)
            except Refused:
                # Who only reads need not suffer when nothing can be written; who writes will hear of it.
                given = held.owed + 1
            held.used_up = not given
            held.left, held.owed = max(0, held.left + given - held.owed), 0

    def _share(self, whose: tuple[object, ...], most: int) -> _Share:
        second = self._house.clock.now() // SECOND_MS
        if second != self._second:
            self._before = self._shares if second == self._second + 1 else {}
            self._second, self._shares = second, {}
        held = self._shares.get(whose)
        if held is None:
            before = self._before.get(whose)
            # Where the store is behind, callers wait for it: so no more is put off than it can do.
            owed = ahead(most) if len(self._asking) < MOST_ASKING else 0
            held = self._shares[whose] = _Share(whose, second, before.answered if before else 0, most, owed)
            if owed:
                task = asyncio.create_task(self._fill(held))
                self._asking.add(task)
                task.add_done_callback(self._asked)
        return held

    def _asked(self, task: asyncio.Task[None]) -> None:
        self._asking.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("calls not counted", exc_info=error)


async def take(house: House, tx: Tx, second: int, number: int, most: int, *whose: object) -> int:
    """Take `number` of the calls of a second, or half of it where there are not so many left, and so on: how many."""
    bucket = house.digests.of(Kind.LIMIT, "\0".join(["calls", *map(str, whose)]))
    while number and not await tx.one(calls.TAKE, bucket=bucket, second=second, number=number, most=most):
        number //= 2
    return number
