"""What the tests of the sandbox share: one mould for all, and a sandbox in process for each."""

from collections.abc import AsyncIterator

import pytest

from admitone import workshop
from admitone.sandbox.shapes import Seed
from admitone.sandbox.worlds import Order
from admitone.settings import Settings
from admitone.store.engine import Mould
from tests.sandbox.developer import Developer

PORT = 8000


@pytest.fixture(scope="session")
def mould(tmp_path_factory: pytest.TempPathFactory) -> Mould:
    return workshop.cast(tmp_path_factory.mktemp("mould"))


@pytest.fixture
async def developer(mould: Mould) -> AsyncIterator[Developer]:
    """Somebody who develops an app against a sandbox of their own."""
    settings = Settings(port=PORT, unregistered_redirects="follow")  # type: ignore[arg-type]
    async with workshop.open_sandbox(settings, Order(Seed()), mould) as (worlds, whole):
        yield Developer(worlds, whole)
