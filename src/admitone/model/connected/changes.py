"""This file says what a change of an app's is: of what, from which state to which, and whether it can be undone."""

import json
from enum import StrEnum
from typing import Any, NamedTuple

DAY_MS = 24 * 60 * 60 * 1000
KEPT_MS = 30 * DAY_MS
MOST = 5_000  # of one app and one person
PERSON = 0  # whoever changes something on our own pages is no app
ABSENT = ""


class Kind(StrEnum):
    """What was changed. The values never change once released."""

    RATING = "rating"
    FAVORITE = "favorite"
    WATCHLIST = "watchlist"
    LIST = "list"
    ITEM = "item"


class Thing(NamedTuple):
    """One thing of a person's that can be changed: a rating, a mark, a list, a title on a list."""

    kind: str
    list_id: int = 0
    media_type: str = ""
    media_id: int = 0
    season: int = 0
    episode: int = 0


class Change(NamedTuple):
    """What an app made of one thing: `before` and `after` are states, ABSENT for nothing; `at` is its last change.

    `title` is of the film or series, `list_name` of the list, as they are called now; both may be empty.
    """

    thing: Thing
    app_id: int
    at: int
    before: str
    after: str
    undone_at: int | None
    title: str = ""
    list_name: str = ""


class Undone(StrEnum):
    """What became of an attempt to undo a change."""

    DONE = "done"
    BEFORE = "before"  # somebody had undone it already
    PERSON = "person"  # the person has changed it since
    APP = "app"  # another app has
    GONE = "gone"  # what it belonged to is not there any more
    FILLED = "filled"  # a list that the app made, on which something else is now


# Made once: `json.dumps` makes one of these for each text that is not written the usual way.
_write = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def state(*parts: Any) -> str:
    """Write a state down."""
    return f"[{','.join(map(_part, parts))}]"


def _part(part: Any) -> str:
    # A quarter of what the encoder takes for a whole list; nearly all parts are numbers.
    return str(part) if type(part) is int else _write(part)


def parts(text: str) -> list[Any]:
    """Read a state."""
    found: list[Any] = json.loads(text)
    return found
