"""This file holds the rules on choosing a password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model.faults import Fault, Refused
from admitone.model.passwords import check_new, is_about, is_repeated, length, prepared


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
@pytest.mark.holds("A15", "ASVS 6.2.5")
def test_length_is_the_only_rule(password, minimum, fault):
    assert fault_of(password, minimum) is fault


@pytest.mark.holds("A15", "ASVS 6.2.1")
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


@pytest.mark.holds("A15", "ASVS 6.2.8")
def test_every_byte_counts():
    assert prepared("x" * 72 + "a") != prepared("x" * 72 + "b")


def test_nothing_that_fits_after_joining_is_refused_unjoined():
    """Hangul joins three characters into one: the longest way to write what still fits."""
    written = "\u1112\u1161\u11ab" * 341
    assert len(prepared(written)) == 1023


@pytest.mark.parametrize(
    ("password", "minimum", "repeated"),
    [
        ("x" * 15, 15, True),
        ("abcabcabcabcabca", 15, True),
        ("summer2024summer2024", 15, True),
        ("admit one admit one", 15, True),
        ("Password password", 15, True),
        ("not a secret, not a secret", 15, True),
        ("e\u0301t\u00e9 e\u0301t\u00e9 \u00e9te\u0301", 8, True),
        ("a good long sentence a good long sentence", 15, False),
        ("rainbow over car", 15, False),
        ("one two three four one", 15, False),
        ("!!!! ???? ---- ++", 15, False),
        ("abcdabcd", 8, True),
        ("abcdefgh", 8, False),
    ],
)
def test_only_what_is_repeated_counts(password, minimum, repeated):
    assert is_repeated(password, minimum) is repeated


@pytest.mark.parametrize(
    ("password", "minimum", "about"),
    [
        ("mira@example.org", 15, True),
        ("Mira-Okafor-1990", 15, True),
        ("AdmitOneAdmitOne", 15, True),
        ("miraloves admit one", 15, True),
        ("miraloves films, admit one", 15, False),
        ("mira likes long walks", 15, False),
        ("mira1234", 8, False),
        ("mira2026", 15, True),
        ("okafor12", 8, True),
        ("\u2603" * 15, 15, False),
        ("ok is in okapi and poker", 15, False),
    ],
)
@pytest.mark.holds("A15", "ASVS 6.2.11")
def test_what_others_know_does_not_count(password, minimum, about):
    assert is_about(password, ("mira", "Mira Okafor", "mira@example.org", "Admit One", "ok"), minimum) is about


def test_length_counts_letters_and_not_how_they_were_typed():
    assert length("e\u0301" * 8) == 8
    assert length("\U0001f3ac" * 7) == 7
