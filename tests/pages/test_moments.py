"""Times as people say them."""

import pytest

from admitone.pages.moments import DAY, HOUR, MINUTE, ago, day

NOW = 1_800_000_000_000  # 2027-01-15 08:00:00 UTC


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (-5 * MINUTE, "less than a minute ago"),
        (0, "less than a minute ago"),
        (MINUTE - 1, "less than a minute ago"),
        (MINUTE, "1 minute ago"),
        (2 * MINUTE, "2 minutes ago"),
        (HOUR - 1, "59 minutes ago"),
        (HOUR, "1 hour ago"),
        (DAY - 1, "23 hours ago"),
        (DAY, "yesterday at 08:00 UTC"),
        (DAY + 8 * HOUR, "yesterday at 00:00 UTC"),
        (DAY + 8 * HOUR + MINUTE, "13 January 2027"),
        (15 * DAY, "31 December 2026"),
    ],
)
def test_how_long_ago(past: int, words: str) -> None:
    assert ago(NOW - past, NOW).words == words


def test_a_moment_has_its_instant_for_programs() -> None:
    assert ago(NOW, NOW).stamp == "2027-01-15T08:00:00Z"


def test_days_have_their_year_only_when_it_is_not_this_one() -> None:
    assert day(NOW, NOW + DAY).words == "15 January"
    assert day(NOW - 15 * DAY, NOW).words == "31 December 2026"
