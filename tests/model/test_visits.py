"""How long a visit lasts, and how unguessable what stands for it is."""

import pytest

from admitone.model import request_tokens, sessions, visits

HOUR = 3_600_000


def test_a_visit_lasts_twelve_hours_or_thirty_days_and_rolls_within_both() -> None:
    assert (visits.SHORT_MS, visits.LONG_MS) == (12 * HOUR, 30 * 24 * HOUR)
    assert visits.ROLL_MS < visits.SHORT_MS / 2


@pytest.mark.holds("F8", "F9", "ASVS 7.2.3")
def test_every_secret_has_at_least_128_bits() -> None:
    assert all(module.BYTES * 8 >= 128 for module in (request_tokens, sessions, visits))


def test_what_goes_over_the_wire_has_forty_digits() -> None:
    assert request_tokens.BYTES * 2 == sessions.BYTES * 2 == 40


def test_the_last_use_of_a_session_is_kept_to_five_minutes() -> None:
    assert sessions.TOUCH_MS == HOUR // 12
