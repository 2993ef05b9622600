"""A rating is a whole number of half points from 0.5 to 10, whatever is sent; range is judged before step."""

import json
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from admitone.model.faults import Fault, Refused
from admitone.model.ratings import halves, shown


def judged(value: object) -> int | Fault:
    """Half points, or why not."""
    try:
        return halves(value)
    except Refused as refusal:
        return refusal.fault


@pytest.mark.parametrize("half_points", range(1, 21))
def test_every_half_point_is_a_rating_however_it_is_written(half_points: int) -> None:
    value = half_points / 2
    ways: list[object] = [value, str(value), f" {value} ", f"{value:.3f}", f"+{value}", f"00{value}"]
    if half_points % 2 == 0:
        ways += [half_points // 2, str(half_points // 2)]
    assert [judged(way) for way in ways] == [half_points] * len(ways)
    assert shown(half_points) == value


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (0, Fault.RATING_TOO_LOW),
        (-0.0, Fault.RATING_TOO_LOW),
        (-0.5, Fault.RATING_TOO_LOW),
        (-1.3, Fault.RATING_TOO_LOW),
        ("-.5", Fault.RATING_TOO_LOW),
        ("-" + "9" * 5000, Fault.RATING_TOO_LOW),
        (-(10**400), Fault.RATING_TOO_LOW),
        (10.5, Fault.RATING_TOO_HIGH),
        (10.3, Fault.RATING_TOO_HIGH),
        (math.nextafter(10, 11), Fault.RATING_TOO_HIGH),
        (math.inf, Fault.RATING_TOO_HIGH),
        (10**400, Fault.RATING_TOO_HIGH),
        ("9" * 5000, Fault.RATING_TOO_HIGH),
        ("0." + "0" * 5000 + "1", Fault.RATING_TOO_LOW),
        (0.1, Fault.RATING_NOT_HALF),
        (0.25, Fault.RATING_NOT_HALF),
        (9.999, Fault.RATING_NOT_HALF),
        (math.nextafter(0, 1), Fault.RATING_NOT_HALF),
        (math.nextafter(8.5, 9), Fault.RATING_NOT_HALF),
        (math.nan, Fault.RATING_MISSING),
        ("nan", Fault.RATING_MISSING),
        ("inf", Fault.RATING_MISSING),
        ("1e0", Fault.RATING_MISSING),
        ("1_0", Fault.RATING_MISSING),
        ("8\n", Fault.RATING_MISSING),
        ("\N{DEVANAGARI DIGIT EIGHT}", Fault.RATING_MISSING),
        (".", Fault.RATING_MISSING),
        ("+-8", Fault.RATING_MISSING),
        ("", Fault.RATING_MISSING),
        ("eight", Fault.RATING_MISSING),
        ("8,5", Fault.RATING_MISSING),
        ("0x8", Fault.RATING_MISSING),
        (None, Fault.RATING_MISSING),
        (True, Fault.RATING_MISSING),
        (False, Fault.RATING_MISSING),
        ([8.5], Fault.RATING_MISSING),
        ({"value": 8.5}, Fault.RATING_MISSING),
        (b"8.5", Fault.RATING_MISSING),
        (8.5j, Fault.RATING_MISSING),
    ],
    ids=lambda each: repr(each)[:20],
)
def test_everything_else_is_refused_for_its_reason(value: object, fault: Fault) -> None:
    assert judged(value) is fault


@given(value=st.floats() | st.integers())
@example(value=10**5000)
def test_a_number_is_judged_as_exact_arithmetic_judges_it(value: float) -> None:
    verdict = judged(value)
    if value != value:  # noqa: PLR0124 - which only NaN is
        assert verdict is Fault.RATING_MISSING
    elif value <= 0:
        assert verdict is Fault.RATING_TOO_LOW
    elif value > 10:
        assert verdict is Fault.RATING_TOO_HIGH
    elif (Fraction(value) * 2).denominator != 1:
        assert verdict is Fault.RATING_NOT_HALF
    else:
        assert verdict == Fraction(value) * 2


texts = st.text() | st.from_regex(r"[ +-]?[0-9_]{0,4}[.]?[0-9]{0,4}([eE][+-]?[0-9]{1,3})?", fullmatch=True)


@given(value=texts | st.none() | st.booleans() | st.binary() | st.lists(st.floats()) | st.dictionaries(texts, texts))
def test_whatever_is_sent_has_one_verdict(value: object) -> None:
    verdict = judged(value)
    assert verdict in range(1, 21) or verdict in {
        Fault.RATING_MISSING,
        Fault.RATING_TOO_LOW,
        Fault.RATING_TOO_HIGH,
        Fault.RATING_NOT_HALF,
    }
    if isinstance(verdict, int):
        assert isinstance(value, str)
        assert Decimal(value.strip()) * 2 == verdict


@given(half_points=st.integers(1, 20))
def test_what_is_shown_is_read_back_as_the_same(half_points: int) -> None:
    assert halves(json.loads(json.dumps(shown(half_points)))) == half_points
