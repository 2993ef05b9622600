"""This file says what people read of the past: what happened to their account, for how long, how much at once."""

from typing import NamedTuple

SHOWN_MS = 90 * 24 * 60 * 60 * 1000
ROWS = 50


class Event(NamedTuple):
    """One row of the audit, as its account's owner may read it; `app` is the name of the app it had to do with."""

    at: int
    kind: str
    network: str
    detail: str
    app: str


class Page(NamedTuple):
    """A page of events, newest first, and whether there are older ones."""

    events: tuple[Event, ...]
    more: bool
