"""A limit says how far ahead a bucket may be filled, and how long to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model import limits
from admitone.model.limits import Limit

EVERY = [limit for limit in vars(limits).values() if isinstance(limit, Limit)]
any_limit = st.builds(Limit, st.text(), st.integers(1, 10_000), st.integers(1, 100_000))


@given(limit=any_limit, now=st.integers(0, 2**53), late=st.integers(0, 10**9))
def test_waiting_as_long_as_told_is_enough_and_not_much_too_long(limit: Limit, now: int, late: int) -> None:
    empty_at = now + limit.slack_ms + late
    seconds = limit.wait_s(empty_at, now)
    assert seconds >= 1
    assert empty_at <= now + seconds * 1000 + limit.slack_ms
    if seconds > 1:
        assert empty_at > now + (seconds - 1) * 1000 + limit.slack_ms


@given(limit=any_limit)
def test_a_bucket_takes_its_burst_and_not_one_more(limit: Limit) -> None:
    after_burst, before_last = limit.burst * limit.interval_ms, (limit.burst - 1) * limit.interval_ms
    assert before_last <= limit.slack_ms < after_burst


@pytest.mark.parametrize("limit", EVERY, ids=lambda limit: limit.name)
def test_each_limit_has_a_name_of_its_own_and_lets_somebody_through(limit: Limit) -> None:
    assert [other.name for other in EVERY].count(limit.name) == 1
    assert limit.burst >= 1
    assert limit.interval_ms >= 1


def test_guessing_at_one_account_is_slow() -> None:
    a_day = 24 * 60 * 60 * 1000
    guesses = limits.LOGIN_BY_ACCOUNT.burst + a_day // limits.LOGIN_BY_ACCOUNT.interval_ms
    assert guesses < 3000
    assert limits.LOGIN_BY_ACCOUNT.burst < limits.LOGIN_BY_NETWORK.burst < limits.LOGIN_BY_SITE.burst
