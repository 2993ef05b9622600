"""Who is turned away: nobody while there is room, as few as it takes when there is not, whatever comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model.shedding import INTERVAL_S, MOST, WANTED_S, Shedding

LOOKS_A_SECOND = round(1 / INTERVAL_S)
CALLERS = 50  # asked about at each look


class Counter:
    """One server with one queue: callers come, some are refused, the others wait until it is their turn."""

    def __init__(self) -> None:
        self.shedding = Shedding()
        self.delay_s = 0.0
        self.delays: list[float] = []
        self.refused = 0
        self.came = 0

    def passes(self, seconds: float, load: float) -> None:
        """For so long callers come, `load` times as many as can be answered."""
        self.delays, self.refused, self.came = [], 0, 0
        for _ in range(round(seconds * LOOKS_A_SECOND)):
            let_in = sum(not self.shedding.refuses() for _ in range(CALLERS))
            self.came += CALLERS
            self.refused += CALLERS - let_in
            self.delay_s = max(0.0, self.delay_s + INTERVAL_S * (load * let_in / CALLERS - 1))
            self.shedding.look(self.delay_s)
            self.delays.append(self.delay_s)


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.mark.parametrize("load", [0.1, 0.7, 0.95, 1.0])
def test_nobody_is_turned_away_while_all_can_be_answered(counter: Counter, load: float) -> None:
    counter.passes(60, load)
    assert counter.refused == 0


@pytest.mark.parametrize("load", [1.2, 2, 3, 5, 10])
def test_of_too_many_as_many_are_let_in_as_can_be_answered_and_they_wait_little(counter: Counter, load: float) -> None:
    counter.passes(3, load)
    counter.passes(30, load)
    assert counter.refused / counter.came == pytest.approx(1 - 1 / load, abs=0.02)
    assert max(counter.delays) < 10 * WANTED_S
    assert sum(counter.delays) / len(counter.delays) < 3 * WANTED_S


def test_the_first_moment_of_a_flood_is_over_within_a_second(counter: Counter) -> None:
    counter.passes(1, 3)
    counter.passes(1, 3)
    assert max(counter.delays) < 20 * WANTED_S


def test_when_the_flood_is_over_everybody_is_let_in_again(counter: Counter) -> None:
    counter.passes(10, 5)
    counter.passes(5, 0.5)
    counter.passes(10, 0.5)
    assert counter.refused == 0


def test_one_slow_moment_turns_nobody_away(counter: Counter) -> None:
    counter.shedding.look(WANTED_S * 10)
    counter.shedding.look(0)
    counter.passes(1, 0.7)
    assert counter.refused == 0


@given(st.lists(st.floats(0, 100, allow_nan=False), max_size=200))
def test_whatever_the_delays_are_somebody_is_let_in(delays: list[float]) -> None:
    shedding = Shedding()
    for delay in delays:
        shedding.look(delay)
        assert 0 <= shedding.share <= MOST
    assert any(not shedding.refuses() for _ in range(200))
