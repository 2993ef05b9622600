"""The work of a failed sign-in tells nothing, and whoever measures it finds a mutant out that saves some (A5).

Here the processor's time of this process is measured, which no neighbour can change; `make timing` has the wall clock.
"""

import math
import time
from dataclasses import replace

import pytest

from admitone.flows import logins
from admitone.flows.logins import Attempt
from tests.flows.test_protection import Counting, Sparing
from tests.threats.timing import ADDRESS, judged, mann_whitney, measured
from tests.world import PASSWORD, World

SAMPLES = 100
KIB = 4_096


@pytest.mark.holds("A5", "ASVS 6.3.8")
@pytest.mark.parametrize(("hasher", "tells"), [(Counting, False), (Sparing, True)], ids=["house", "mutant"])
async def test_work_tells_nothing_and_a_mutant_that_saves_a_hash_is_found_out(
    world: World, hasher: type[Counting], tells: bool
) -> None:
    house = replace(world.house, hasher=hasher(memory=KIB))
    await logins.check(house, Attempt("mira", PASSWORD, ADDRESS))
    verdict = await measured(house, world.clock, SAMPLES, time.process_time_ns)
    await house.hasher.aclose()
    # Far apart, so that no noise of a busy machine can tip it over.
    assert (verdict.gap > 0.3) is tells, str(verdict)
    if tells:
        assert verdict.p < 1e-9
        assert not verdict.tells_nothing


def test_the_judge_knows_rows_apart_and_alike() -> None:
    one = [1_000_000 + number * 997 % 5_003 for number in range(400)]
    other = [1_000_000 + number * 991 % 5_003 for number in range(400)]
    assert judged(one, other).tells_nothing
    assert not judged(one, [value + 1_000_000 for value in other]).tells_nothing
    assert not judged(one, [value + 700 for value in other]).tells_nothing
    assert mann_whitney([1, 1, 1], [1, 1, 1]) == 1
    # By hand: U = 0 of 5 and 5, z = (12.5 - 0.5) / 4.787.
    assert math.isclose(mann_whitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), 0.01219, rel_tol=1e-3)
