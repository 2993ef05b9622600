"""This file holds the rules on choosing a password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model.faults import Fault, Refused
from admitone.model.passwords import check_new, prepared


def fault_of(password, minimum=15):
    try:
        check_new(password, minimum)
    except Refused as refused:
        return refused.fault
    return None


@pytest.mark.parametrize(
    ("password", "minimum", "fault"),
    [
        ("x" * 14, 15, Fault.PASSWORD_TOO_SHORT),
        ("x" * 15, 15, None),
        ("x" * 7, 8, Fault.PASSWORD_TOO_SHORT),
        ("x" * 8, 8, None),
        ("", 1, Fault.PASSWORD_TOO_SHORT),
        (" " * 15, 15, None),
        ("\0" * 15, 15, None),
        ("\U0001f3ac" * 15, 15, None),
        ("\U0001f3ac" * 14, 15, Fault.PASSWORD_TOO_SHORT),
        ("e\u0301" * 8, 15, Fault.PASSWORD_TOO_SHORT),  # eight letters, however they were typed
        ("x" * 1024, 15, None),
        ("x" * 1025, 15, Fault.PASSWORD_TOO_LONG),
        ("\u00e9" * 512, 15, None),
        ("\u00e9" * 513, 15, Fault.PASSWORD_TOO_LONG),
        ("e\u0301" * 512, 15, None),
        ("\ud800" * 15, 15, None),
        ("x" * 1_000_000, 15, Fault.PASSWORD_TOO_LONG),
    ],
)
def test_length_is_the_only_rule(password, minimum, fault):
    assert fault_of(password, minimum) is fault


def test_fifteen_characters_are_asked_for_unless_said_otherwise():
    assert fault_of("x" * 14) is Fault.PASSWORD_TOO_SHORT
    assert fault_of("x" * 15) is None


@given(st.text(st.characters(), max_size=2000))
def test_whatever_passes_can_be_hashed(password):
    if fault_of(password, 0) is None:
        assert len(prepared(password)) <= 1024
    else:
        with pytest.raises(Refused):
            prepared(password)


def test_accents_may_be_typed_either_way():
    assert prepared("caf\u00e9") == prepared("cafe\u0301")


def test_nothing_else_is_made_the_same():
    assert prepared("Cafe") != prepared("cafe")
    assert prepared(" cafe") != prepared("cafe")
    assert prepared("\ufb01lm") != prepared("film")


def test_every_byte_counts():
    assert prepared("x" * 72 + "a") != prepared("x" * 72 + "b")


def test_nothing_that_fits_after_joining_is_refused_unjoined():
    """Hangul joins three characters into one: the longest way to write what still fits."""
    written = "\u1112\u1161\u11ab" * 341
    assert len(prepared(written)) == 1023
