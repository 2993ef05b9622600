"""What the tests of the wire share."""

from collections.abc import AsyncIterator

import pytest

from tests.wire.program import Program
from tests.world import World


@pytest.fixture
async def program(world: World) -> AsyncIterator[Program]:
    """CineShelf, calling."""
    program = Program(world)
    yield program
    await program.http.aclose()
