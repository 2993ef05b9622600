"""What the tests of flows share: a house that counts its statements."""

from dataclasses import dataclass, replace

import pytest

from admitone.flows.house import House
from tests.flows.counting import CountingStore
from tests.store.conftest import crowd
from tests.world import World

__all__ = ["counted", "crowd"]


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


def without_catalogue(house: House) -> House:
    """The same house where every title exists."""
    return replace(house, catalogue=False)
