"""A bucket lets its burst through at once, then one each interval; attempts are counted exactly."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admitone.basics.clock import ManualClock
from admitone.flows import events, throttle
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.limits import Limit
from admitone.store.engine.tx import Tx
from tests.store.aside import fault_of, rows

LIMIT = Limit("test", burst=5, interval_ms=1000)


async def taken(house: House, times: int, *whose: object, limit: Limit = LIMIT) -> int:
    """How many of so many tries got through."""
    tries = [await fault_of(house.write(throttle.take, Fault.RATE_LIMITED, limit, *whose)) for _ in range(times)]
    assert set(tries) <= {None, Fault.RATE_LIMITED}
    return tries.count(None)


async def test_a_burst_gets_through_and_then_one_each_interval(house: House, clock: ManualClock) -> None:
    assert await taken(house, 20) == 5
    for _ in range(3):
        clock.advance(999)
        assert await taken(house, 20) == 0
        clock.advance(1)
        assert await taken(house, 20) == 1
    clock.advance(3000)
    assert await taken(house, 20) == 3
    clock.advance(1_000_000)
    assert await taken(house, 20) == 5


async def test_whoever_is_refused_hears_how_long_to_wait_and_waiting_so_long_helps(
    house: House, clock: ManualClock
) -> None:
    limit = Limit("slow", burst=2, interval_ms=2500)
    assert await taken(house, 2, limit=limit) == 2
    clock.advance(300)
    with pytest.raises(Refused) as refused:
        await house.write(throttle.take, Fault.LOGIN_LIMITED, limit)
    assert (refused.value.fault, refused.value.retry_after, refused.value.detail) == (Fault.LOGIN_LIMITED, 3, "slow")
    clock.advance(3000)
    assert await taken(house, 1, limit=limit) == 1


async def test_buckets_are_told_apart(house: House) -> None:
    other = LIMIT._replace(name="other")
    for whose in ([], ["a"], ["b"], ["a", "b"], ["ab"], [1], ["a", "b", ""]):
        assert await taken(house, 6, *whose) == 5
        assert await taken(house, 6, *whose, limit=other) == 5
    assert await house.read(rows, "limits") == 14


async def test_what_is_given_back_can_be_taken_again_and_no_more(house: House) -> None:
    assert await taken(house, 5) == 5
    await house.write(throttle.give_back, LIMIT)
    assert await taken(house, 5) == 1
    for _ in range(20):
        await house.write(throttle.give_back, LIMIT)
    assert await taken(house, 20) == 5


async def test_what_is_forgotten_is_empty(house: House) -> None:
    assert await taken(house, 5) == 5
    await house.write(throttle.forget, LIMIT)
    assert await house.read(rows, "limits") == 0
    assert await taken(house, 20) == 5
    for nothing in (throttle.forget, throttle.give_back):
        await house.write(nothing, LIMIT._replace(name="never taken"))


async def test_a_limited_flow_takes_in_its_own_transaction(house: House) -> None:
    async def flow(_house: House, tx: Tx, answer: str) -> str:
        await events.record(tx, events.Happened.SIGNED_IN)
        if answer == "bad":
            raise Refused(Fault.LOGIN_WRONG)
        return answer

    limited = throttle.limited(LIMIT._replace(burst=2), "somebody")(flow)
    assert await fault_of(house.write(limited, "bad")) is Fault.LOGIN_WRONG
    assert [await house.write(limited, answer="good") for _ in range(2)] == ["good", "good"]
    assert await fault_of(house.write(limited, "good")) is Fault.RATE_LIMITED
    assert await house.read(rows, "events") == 2


numbers = count()
limits = st.builds(Limit, st.just("test"), st.integers(1, 8), st.integers(1, 5000))
steps = st.lists(st.integers(0, 6000), min_size=1, max_size=40)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=limits, steps=steps)
async def test_in_no_stretch_of_time_does_more_get_through_than_it_should(
    house: House, clock: ManualClock, limit: Limit, steps: list[int]
) -> None:
    passed: list[int] = []
    somebody = next(numbers)
    for step in steps:
        clock.advance(step)
        now = clock.now()
        # The last of a burst that began at some instant may come when so many intervals have passed since.
        free = all(
            len(passed) - first + 1 <= limit.burst + (now - since) // limit.interval_ms
            for first, since in enumerate(passed)
        )
        got = await taken(house, 1, somebody, limit=limit)
        assert got == int(free)
        passed += [now] * got
