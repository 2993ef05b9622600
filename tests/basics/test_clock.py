"""This file holds that time only goes forward, unless a test moves it."""

import time

import pytest

from admitone.basics.clock import ManualClock, SystemClock

HOUR = 3_600_000


@pytest.fixture
def wall(monkeypatch):
    """A wall clock that stands where it is put, and a steady one that does too, in milliseconds."""
    hands = [1_700_000_000_000, 5_000]
    monkeypatch.setattr(time, "time_ns", lambda: hands[0] * 1_000_000 + 999_999)
    monkeypatch.setattr(time, "monotonic_ns", lambda: hands[1] * 1_000_000)
    return hands


def test_the_system_clock_tells_whole_utc_milliseconds(wall):
    assert SystemClock().now() == 1_700_000_000_000


def test_it_steps_back_with_no_wall(wall):
    clock = SystemClock()
    before = clock.now()
    for step in (1, HOUR, 24 * HOUR):
        wall[0] = 1_700_000_000_000 - step
        assert clock.now() == before


def test_it_goes_on_at_half_the_speed_while_the_wall_is_behind(wall):
    """If it stood still, what an app may call in this second would be all it may call until the wall is there."""
    clock = SystemClock()
    before = clock.now()
    wall[0] -= HOUR
    assert clock.now() == before
    for passed, told in ((1, 0), (2, 1), (3, 1), (2_000, 1_000), (HOUR, HOUR // 2)):
        wall[0], wall[1] = before - HOUR + passed, 5_000 + passed
        assert clock.now() == before + told


def test_it_is_the_wall_s_again_once_that_has_passed_it_and_the_next_step_back_begins_there(wall):
    clock = SystemClock()
    before = clock.now()
    wall[0] -= HOUR
    clock.now()
    wall[0], wall[1] = before + HOUR, wall[1] + 2 * HOUR
    assert clock.now() == before + HOUR
    wall[0] -= 1
    assert clock.now() == before + HOUR
    wall[1] += 10
    assert clock.now() == before + HOUR + 5
    wall[0] = before + HOUR + 5
    assert clock.now() == before + HOUR + 5
    wall[0], wall[1] = before, wall[1] + HOUR
    assert clock.now() == before + HOUR + 5


def test_many_looks_while_the_wall_is_behind_cost_no_time(wall):
    clock = SystemClock()
    before = clock.now()
    wall[0] -= HOUR
    clock.now()
    for _ in range(1_000):
        wall[1] += 1
        clock.now()
    assert clock.now() == before + 500


def test_it_goes_on_as_soon_as_the_wall_has_passed_it(wall):
    clock = SystemClock()
    before = clock.now()
    wall[0] -= HOUR
    assert clock.now() == before
    wall[0] += HOUR + 1
    assert clock.now() == before + 1


def test_the_floor_can_be_raised_and_never_lowered(wall):
    clock = SystemClock()
    clock.not_before(1_700_000_000_000 + HOUR)
    assert clock.now() == 1_700_000_000_000 + HOUR
    clock.not_before(0)
    assert clock.now() == 1_700_000_000_000 + HOUR
    wall[1] += 10
    assert clock.now() == 1_700_000_000_000 + HOUR + 5
    clock.not_before(1_700_000_000_000 + 2 * HOUR)
    wall[1] += 10
    assert clock.now() == 1_700_000_000_000 + 2 * HOUR


def test_the_machine_s_own_time_is_told():
    earliest = time.time_ns() // 1_000_000
    assert earliest <= SystemClock().now() <= time.time_ns() // 1_000_000


def test_a_manual_clock_moves_only_by_hand():
    clock = ManualClock(1000)
    assert [clock.now(), clock.now()] == [1000, 1000]
    clock.advance(0)
    clock.advance(250)
    assert clock.now() == 1250
    clock.set(7)
    assert clock.now() == 7


def test_a_manual_clock_is_set_back_only_on_purpose():
    clock = ManualClock(1000)
    with pytest.raises(ValueError, match="zero or more"):
        clock.advance(-1)
    assert clock.now() == 1000
