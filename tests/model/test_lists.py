"""The texts of a list are trimmed, of a length, and without what cannot be seen."""

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model.faults import Fault, Refused
from admitone.model.lists import LONGEST_NAME, ListSort, clean_text, is_machine_made, place_between
from admitone.model.scripts import is_unseen

# ruff: noqa: RUF001 - such letters are what people write
FLAG_OF_ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
TURNS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Noir", "Noir"),
        ("  Noir \n", "Noir"),
        ("", ""),
        ("   ", ""),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("<b>&amp;\"'", "<b>&amp;\"'"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("фильмы 映画 أفلام", "фильмы 映画 أفلام"),
        ("x" * LONGEST_NAME, "x" * LONGEST_NAME),
        ("黒沢\u3000明", "黒沢\u3000明"),
        ("À voir\u00a0: l'été\u202f!", "À voir\u00a0: l'été\u202f!"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200fסרטים\u200e (IL)", "\u200fסרטים\u200e (IL)"),
        ("Donau\u00addampfschiff", "Donau\u00addampfschiff"),
        (FLAG_OF_ENGLAND, FLAG_OF_ENGLAND),
        ("of a later Unicode: \U0001faff\U0001fad7\U000e0ffe", "of a later Unicode: \U0001faff\U0001fad7\U000e0ffe"),
        ("\uf8ff", "\uf8ff"),
        ("\U0001fae9", "\U0001fae9"),  # of a later Unicode than many an interpreter's
        ("\u0378", "\u0378"),
        ("\u2764\ufe0f", "\u2764\ufe0f"),
        ("\u06dd", "\u06dd"),
    ],
)
def test_a_text_is_kept_as_it_is_but_for_its_ends(text: str, kept: str) -> None:
    assert clean_text(text, LONGEST_NAME) == kept


@pytest.mark.parametrize(
    "text",
    [
        "\u200b",
        "\u200d \u200c",
        "\u2060\xad",
        "\u3164\u115f\uffa0",
        "\u2800",
        "\u200e",
        "\ufe0f",
        "\U000e0067\U000e007f",
    ],
)
def test_what_shows_nothing_is_no_text(text: str) -> None:
    assert not clean_text(f" {text}\u3000{text}", LONGEST_NAME)
    assert clean_text(f"{text}.{text}", LONGEST_NAME) == f"{text}.{text}"


@pytest.mark.parametrize(
    "text",
    ["x" * (LONGEST_NAME + 1), "a\0b", "a\x1bb", "a\x7fb", "a\u202eb", "a\ufeffb", "a\u2028b", "a\ud800b", "a\u0085b"],
)
def test_what_no_text_may_hold_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_text(text, LONGEST_NAME)
    assert refused.value.fault is Fault.PARAMETER_BAD


def test_no_other_character_is_refused_than_what_no_text_may_hold() -> None:
    refused = {number for number in range(0x110000) if not is_kept(f"a{chr(number)}b")}
    kinds = {number for number in range(0x110000) if unicodedata.category(chr(number)) in {"Cc", "Cs", "Zl", "Zp"}}
    assert refused == (kinds - set(map(ord, "\n\t\r"))) | TURNS | {0xFEFF}


def is_kept(text: str) -> bool:
    """Whether a text is taken as it is."""
    try:
        return clean_text(text, LONGEST_NAME) == text
    except Refused:
        return False


@given(text=st.text(), longest=st.integers(0, 40))
def test_what_is_kept_can_be_written_anywhere_and_is_kept_again(text: str, longest: int) -> None:
    try:
        kept = clean_text(text, longest)
    except Refused:
        return
    assert kept == ("" if is_unseen(text) else text.strip())
    assert len(kept) <= longest
    assert "\0" not in kept
    kept.encode()
    assert clean_text(kept, longest) == kept


def test_the_number_of_an_order_never_changes() -> None:
    assert {each.value: each.number for each in ListSort} == {
        "original_order.asc": 1,
        "original_order.desc": 2,
        "vote_average.asc": 3,
        "vote_average.desc": 4,
        "primary_release_date.asc": 5,
        "primary_release_date.desc": 6,
        "release_date.asc": 7,
        "release_date.desc": 8,
        "title.asc": 9,
        "title.desc": 10,
    }


@pytest.mark.parametrize(
    ("name", "made"),
    [
        *((name, True) for name in ("test-1691234567", "E3B0C442-98fc", "list 00000000", "a1b2c3d4", "20260807T1")),
        *((name, False) for name in ("To See", "Noir 1940-1949", "1999", "Defaced", "deadbeef", "List 12", "")),
    ],
)
def test_names_that_programs_make_up_are_told_from_those_of_people(name: str, made: bool) -> None:
    assert is_machine_made(name) is made


PLACES = st.floats(-(2.0**40), 2.0**40)


@given(lower=PLACES, upper=PLACES)
def test_a_place_between_two_is_between_them_or_there_is_no_room(lower: float, upper: float) -> None:
    place = place_between(lower, upper)
    assert (lower < place < upper) if place is not None else (math.nextafter(lower, math.inf) >= upper)


@given(place=PLACES)
def test_a_place_before_the_first_and_after_the_last_leaves_room_for_what_comes(place: float) -> None:
    before, after = place_between(None, place), place_between(place, None)
    assert before is not None
    assert before < place
    # What is added later stands at a whole number that is higher than all before it.
    assert after is None or place < after < math.floor(place) + 1
    assert place_between(math.floor(place), None) == math.floor(place) + 0.5
    assert place_between(None, None) == 0
