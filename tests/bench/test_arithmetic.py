"""Holds the arithmetic of the bench: when calls are due, percentiles, straight lines, ratios within a turn."""

import random
from itertools import pairwise

import pytest

from bench import targets
from bench.arithmetic import arrivals, percentile, trend
from bench.cells import BARE, SQLITE, Cell
from bench.loads.seen import Seen
from bench.measure import Found


def test_calls_are_due_at_the_rate_asked_for() -> None:
    due = list(arrivals(200.0, 100.0, random.Random(7)))
    assert len(due) == pytest.approx(20_000, rel=0.03)
    assert due == sorted(due)
    assert 0 < due[0] < due[-1] < 100.0


def test_calls_are_due_independently_of_each_other() -> None:
    gaps = [later - earlier for earlier, later in pairwise(arrivals(50.0, 400.0, random.Random(7)))]
    mean = sum(gaps) / len(gaps)
    deviation = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5
    assert deviation == pytest.approx(mean, rel=0.05)  # as in a Poisson stream; evenly spaced ones would have none


def test_the_same_chance_makes_the_same_schedule() -> None:
    assert list(arrivals(9.0, 9.0, random.Random(1))) == list(arrivals(9.0, 9.0, random.Random(1)))


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.01, 1), (0.5, 50), (0.501, 51), (0.99, 99), (0.991, 100), (1.0, 100)]
)
def test_a_percentile_is_a_value_that_this_share_does_not_exceed(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected


def test_percentiles_of_few_values() -> None:
    assert percentile([], 0.99) == 0
    assert percentile([7.0], 0.99) == 7.0
    assert percentile([1.0, 2.0], 0.5) == 1.0


def test_a_trend_is_found_under_noise() -> None:
    chance = random.Random(3)
    line = trend([(x, 100 + 2.5 * x + chance.uniform(-1, 1)) for x in range(60)])
    assert line.slope == pytest.approx(2.5, abs=0.05)
    assert line.at(0) == pytest.approx(100, abs=1)


def test_a_level_line_has_no_slope() -> None:
    assert trend([(0, 5.0), (1, 5.0), (2, 5.0)]).slope == 0
    assert trend([(3, 8.0)]) == (8.0, 0.0)


def turns(*rates: float, p99_ms: float = 4.0) -> list[Seen]:
    return [Seen(answers=round(rate), seconds=1.0, cpu_s={"server": 0.5}, p99_ms=p99_ms) for rate in rates]


def test_a_ratio_is_taken_within_each_turn() -> None:
    # The machine became ten times slower in the middle; the medians of each alone would say 0.2.
    ours = Cell("ours", "account (R1)", SQLITE, turns=turns(600, 20, 60))
    bare = Cell("floors", BARE, turns=turns(1000, 100, 100))
    assert targets.ratio(ours, bare, targets.rate) == pytest.approx(0.6)


def test_a_promise_is_kept_or_missed() -> None:
    account = Cell("ours", "account (R1)", SQLITE, turns=turns(500))
    states = Cell("ours", "account_states (R2)", SQLITE, turns=turns(500))
    bare = Cell("floors", BARE, turns=turns(1000))
    waits = Cell("steady", "account, 400/s", SQLITE, turns=turns(400, p99_ms=2.0))
    beside = Cell("steady", "account, 400/s, logins", SQLITE, turns=turns(400, p99_ms=3.0))
    memory = {"Admit One, SQLite": {"idle": 71.0}}
    rows = targets.judged(Found([account, states, bare, waits, beside], memory))
    assert {row["words"]: (row["is"], row["met"]) for row in rows} == {
        "R1, SQLite, of the bare server": (0.5, False),
        "R2, SQLite, of the bare server": (0.5, True),
        "R1 p99 while 8 logins wait, of without": (1.5, True),
        "one worker idle, MB": (71.0, False),
    }
    assert [line.endswith("missed") for line in targets.lines(rows)] == [not row["met"] for row in rows]


def test_every_promise_is_about_different_cells() -> None:
    assert len({(target.above, target.beneath) for target in targets.TARGETS}) == len(targets.TARGETS)
