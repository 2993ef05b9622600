"""Pages are numbered from 1 to 500 in plain digits, and have twenty rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model.faults import Fault, Refused
from admitone.model.paging import LAST, ROWS, Page, offset, page_number


def judged(text: str) -> int | Fault:
    try:
        return page_number(text)
    except Refused as refusal:
        return refusal.fault


def test_every_page_has_its_number() -> None:
    assert [page_number(str(number)) for number in range(1, LAST + 1)] == list(range(1, LAST + 1))


def test_leading_zeros_change_nothing() -> None:
    assert [judged(text) for text in ("01", "001", "099")] == [1, 1, 99]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "000",
        "501",
        "999",
        "1000",
        "0001",
        "-1",
        "+1",
        "1.0",
        "1e2",
        " 1",
        "1 ",
        "1\n",
        "1_0",
        "0x1",
        "one",
        "٣",
        "\N{FULLWIDTH DIGIT ONE}",
        "²",
        "一",
        "\0",
        "9" * 5000,
    ],
)
def test_nothing_else_is_a_page(text: str) -> None:
    assert judged(text) is Fault.PAGE_BAD


@given(text=st.text() | st.integers().map(str) | st.text(st.characters(categories=["Nd", "Nl", "No"]), max_size=4))
def test_what_is_a_page_is_its_digits_and_nothing_more(text: str) -> None:
    verdict = judged(text)
    plain = 0 < len(text) <= 3 and set(text) <= set("0123456789") and 1 <= int(text) <= LAST
    assert verdict == (int(text) if plain else Fault.PAGE_BAD)


@given(number=st.integers(1, LAST), total=st.integers(0, 20_000))
def test_pages_hold_every_row_once(number: int, total: int) -> None:
    page = Page(number, list(range(total))[offset(number) : offset(number) + ROWS], total)
    assert len(page.rows) == max(0, min(ROWS, total - offset(number)))
    assert (page.pages - 1) * ROWS < total <= page.pages * ROWS or (total == page.pages == 0)
    assert (number <= page.pages) == bool(page.rows)
