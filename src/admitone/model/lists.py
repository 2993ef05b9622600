"""This file says what a list is and what its texts may be."""

import math
import re
from enum import StrEnum
from typing import NamedTuple

from admitone.model.faults import Fault, Refused
from admitone.model.scripts import is_unseen

LONGEST_NAME = 255
LONGEST_DESCRIPTION = 10_000
LONGEST_COMMENT = 1_000
LONGEST_PATH = 255
# A name that a person would not type: eight hex digits in a row with a digit among them, such as a time or a UUID.
_MACHINE_MADE = re.compile(r"(?=[a-f]*[0-9])[0-9a-f]{8}", re.IGNORECASE)

# Control characters but for tabs and line ends, halves of surrogate pairs, separators of lines and paragraphs, what
# turns the direction of the text around it, the mark of byte order. Which these are no new Unicode alters; what a text
# may hold besides does not hang on the Unicode of the interpreter.
_NEVER = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u202e\u2066-\u2069\ufeff]")


class ListSort(StrEnum):
    """In which order a list shows what is on it (wire C.5); its number is what is kept, so the order here is fixed."""

    ORIGINAL = "original_order.asc"
    ORIGINAL_REVERSED = "original_order.desc"
    VOTED = "vote_average.asc"
    VOTED_REVERSED = "vote_average.desc"
    PRIMARY_RELEASED = "primary_release_date.asc"
    PRIMARY_RELEASED_REVERSED = "primary_release_date.desc"
    RELEASED = "release_date.asc"
    RELEASED_REVERSED = "release_date.desc"
    TITLE = "title.asc"
    TITLE_REVERSED = "title.desc"

    @property
    def number(self) -> int:
        """What stands for it where the wire wants a number, from 1."""
        return list(ListSort).index(self) + 1

    @property
    def reversed(self) -> bool:
        """Whether the last comes first."""
        return self.value.endswith(".desc")


class MediaList(NamedTuple):
    """A person's list of titles; `public` is 0 or 1, `item_count` how many titles are on it."""

    id: int
    account_id: int
    username: str
    name: str
    description: str
    iso_639_1: str
    public: int
    item_count: int


class FourthList(NamedTuple):
    """A person's list as the fourth generation shows it; `average` is of what people here gave to what is on it."""

    id: int
    account_id: int
    object_id: str
    username: str
    person: str
    gravatar_hash: str
    name: str
    description: str
    iso_639_1: str
    iso_3166_1: str
    public: int
    sort_number: int
    backdrop_path: str
    item_count: int
    average: float
    made_at: int
    changed_at: int
    app_id: int | None

    @property
    def sort(self) -> ListSort:
        """In which order it shows what is on it."""
        return list(ListSort)[self.sort_number - 1]


def place_between(lower: float | None, upper: float | None) -> float | None:
    """A place after one and before another; None where no number lies between them, for either where nothing stands.

    Behind the last it stays before the next whole number: what is added later comes after it.
    """
    if lower is None:
        return 0.0 if upper is None else upper - 1
    upper = math.floor(lower) + 1 if upper is None else upper
    between = (lower + upper) / 2
    return between if lower < between < upper else None


def is_machine_made(name: str) -> bool:
    """Whether the name of a list looks like one that a program made up."""
    return _MACHINE_MADE.search(name) is not None


def allowed(text: str) -> str:
    """The text without what no text may hold, for what is taken in as well as can be: nobody is there to correct it."""
    return _NEVER.sub("", text)


def clean_text(text: str, longest: int) -> str:
    """The text, trimmed; empty where it shows nothing.

    Raises PARAMETER_BAD when it is too long or holds what no text may hold.
    """
    trimmed = text.strip()
    if len(trimmed) > longest or _NEVER.search(trimmed):
        raise Refused(Fault.PARAMETER_BAD)
    return "" if is_unseen(trimmed) else trimmed
