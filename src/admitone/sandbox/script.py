"""This file is the stage on which people act by themselves, each act at its instant on the world's clock."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import structlog

from admitone.basics.log import kinds_and_places
from admitone.sandbox.clock import MovableClock
from admitone.sandbox.shapes import Does

log = structlog.get_logger("admitone.sandbox")


class Meant(msgspec.Struct, kw_only=True):
    """What somebody means to do with a request token, and when by the world's clock (UTC milliseconds)."""

    at: int
    does: Does
    token: str
    username: str


class Stage:
    """What people mean to do, the next first."""

    def __init__(self, clock: MovableClock, act: Callable[[Meant], Awaitable[None]]) -> None:
        """`clock` is the world's; `act` does what is meant."""
        self._clock = clock
        self._act = act
        self._timer: asyncio.TimerHandle | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self._acting = asyncio.Lock()
        self.meant: list[Meant] = []

    def plan(self, meant: Meant) -> None:
        """Let somebody act at an instant; one that is past is due at once."""
        self.meant.append(meant)
        self.meant.sort(key=lambda each: each.at)
        self.rest()

    async def until(self, instant: int) -> None:
        """Let everything happen that is due until then, each with the clock at its instant."""
        async with self._acting:
            while self.meant and self.meant[0].at <= instant:
                meant = self.meant.pop(0)
                if meant.at > self._clock.now():
                    self._clock.set(meant.at)
                try:
                    await self._act(meant)
                except Exception as error:  # noqa: BLE001 - a bug in one act must not keep the clock from moving
                    _tell_break(error)

    def rest(self) -> None:
        """Wait, if the clock runs, until the next act is due."""
        self.close()
        if self.meant and not self._clock.frozen:
            wait = max(0, self.meant[0].at - self._clock.now()) / 1000
            self._timer = asyncio.get_running_loop().call_later(wait, self._ring)

    def close(self) -> None:
        """Wait no longer."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._catching_up = asyncio.get_running_loop().create_task(self._catch_up())

    async def _catch_up(self) -> None:
        await self.until(self._clock.now())
        self.rest()


def _tell_break(error: Exception) -> None:
    log.error("a person stumbled", exception=kinds_and_places(error))
