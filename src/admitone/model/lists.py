"""This file says what a list is and what its texts may be."""

from typing import NamedTuple

from admitone.model.faults import Fault, Refused

LONGEST_NAME = 255
LONGEST_DESCRIPTION = 10_000


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


def clean_text(text: str, longest: int) -> str:
    """The text, trimmed. Raises PARAMETER_BAD when it is too long or holds what no text may hold."""
    trimmed = text.strip()
    if len(trimmed) > longest or not all(char.isprintable() or char in "\n\t\r\u200d" for char in trimmed):
        raise Refused(Fault.PARAMETER_BAD)
    return trimmed
