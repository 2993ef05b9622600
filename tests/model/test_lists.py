"""The texts of a list are trimmed, of a length, and without what cannot be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model.faults import Fault, Refused
from admitone.model.lists import LONGEST_NAME, clean_text


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
    ],
)
def test_a_text_is_kept_as_it_is_but_for_its_ends(text: str, kept: str) -> None:
    assert clean_text(text, LONGEST_NAME) == kept


@pytest.mark.parametrize(
    "text",
    ["x" * (LONGEST_NAME + 1), "a\0b", "a\x1bb", "a\x7fb", "a\u202eb", "a\ufeffb", "a\u2028b", "a\ud800b", "a\u0085b"],
)
def test_what_no_text_may_hold_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_text(text, LONGEST_NAME)
    assert refused.value.fault is Fault.PARAMETER_BAD


@given(text=st.text(), longest=st.integers(0, 40))
def test_what_is_kept_can_be_written_anywhere_and_is_kept_again(text: str, longest: int) -> None:
    try:
        kept = clean_text(text, longest)
    except Refused:
        return
    assert kept == text.strip()
    assert len(kept) <= longest
    assert "\0" not in kept
    kept.encode()
    assert clean_text(kept, longest) == kept
