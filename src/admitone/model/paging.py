"""This file holds the rules of pages: 20 rows each, numbers from 1 to 500 (wire 1.12)."""

from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from admitone.model.faults import Fault, Refused

Row = TypeVar("Row")
ROWS = 20
LAST = 500


class Order(StrEnum):
    """In which order of their making rows come; the wire's `sort_by`."""

    OLDEST_FIRST = "created_at.asc"
    NEWEST_FIRST = "created_at.desc"


class Sorting(StrEnum):
    """In which order the fourth generation shows marks and ratings: the words of both its documentations."""

    CREATED = "created_at.asc"
    CREATED_REVERSED = "created_at.desc"
    RELEASED = "release_date.asc"
    RELEASED_REVERSED = "release_date.desc"
    TITLE = "title.asc"
    TITLE_REVERSED = "title.desc"
    VOTED = "vote_average.asc"
    VOTED_REVERSED = "vote_average.desc"

    @property
    def reversed(self) -> bool:
        """Whether the last comes first."""
        return self.value.endswith(".desc")


class Page(NamedTuple, Generic[Row]):
    """One page of rows, and how many rows there are on all pages."""

    number: int
    rows: list[Row]
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; none for no rows."""
        return -(-self.total // ROWS)

    def must_be_there(self) -> None:
        """Refuse a page behind the last; the first is there even with nothing on it. Raises PAGE_BAD."""
        if self.number > max(1, self.pages):
            raise Refused(Fault.PAGE_BAD)


def number_of(text: str, largest: int) -> int | None:
    """The number that a text is, from 0; None for a larger one, and for what is written in anything but digits."""
    # str.isdecimal alone would let other scripts' digits through, and int() blanks and underscores.
    fine = text.isascii() and text.isdecimal() and len(text) <= len(str(largest))
    return int(text) if fine and int(text) <= largest else None


def page_number(text: str) -> int:
    """The number of a page from what was sent. Raises PAGE_BAD unless it is an integer from 1 to 500."""
    number = number_of(text, LAST)
    if not number:
        raise Refused(Fault.PAGE_BAD)
    return number


def offset(number: int) -> int:
    """How many rows stand before the page of this number."""
    return (number - 1) * ROWS
