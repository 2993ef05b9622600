"""This file holds that time only goes forward, unless a test moves it."""

import time

import pytest

from admitone.basics.clock import ManualClock, SystemClock

HOUR = 3_600_000


@pytest.fixture
def wall(monkeypatch):
    """A wall clock that stands where it is put, in milliseconds."""
    hands = [1_700_000_000_000]
    monkeypatch.setattr(time, "time_ns", lambda: hands[0] * 1_000_000 + 999_999)
    return hands


def test_the_system_clock_tells_whole_utc_milliseconds(wall):
    assert SystemClock().now() == 1_700_000_000_000


def test_it_stays_where_it_is_while_the_wall_is_set_back(wall):
    clock = SystemClock()
    before = clock.now()
    for step in (1, HOUR, 24 * HOUR):
        wall[0] = 1_700_000_000_000 - step
        assert clock.now() == before


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
