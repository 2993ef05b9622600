"""What the tests of flows share: a house that counts its statements."""

from dataclasses import dataclass, replace

import pytest

from admitone.basics import clock as clocks
from admitone.basics.clock import Clock
from admitone.flows.house import House
from tests.flows.counting import CountingStore
from tests.store.conftest import crowd
from tests.world import START, World

__all__ = ["counted", "crowd", "wall"]


@dataclass(frozen=True)
class Counted:
    """A house, and what its flows have cost so far."""

    house: House
    store: CountingStore


@pytest.fixture
def counted(world: World) -> Counted:
    """The world's house, counting from now."""
    store = CountingStore(world.house.store)
    return Counted(replace(world.house, store=store), store)


class Wall:
    """The machine's clock, which anybody may set, and the steady one, which goes on with nobody."""

    def __init__(self, ms: int) -> None:
        self.ms = ms
        self.steady_ms = 0

    def time_ns(self) -> int:
        return self.ms * 1_000_000

    def monotonic_ns(self) -> int:
        return self.steady_ms * 1_000_000


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    """What every SystemClock looks at."""
    wall = Wall(START)
    monkeypatch.setattr(clocks, "time", wall)
    return wall


def on_clock(house: House, clock: Clock) -> House:
    """The same house by another clock."""
    house.store._clock = clock  # type: ignore[attr-defined]
    return replace(house, clock=clock)


def without_catalogue(house: House) -> House:
    """The same house where every title exists."""
    return replace(house, catalogue=False)
