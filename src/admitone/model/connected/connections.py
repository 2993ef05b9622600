"""This file says what a connected app is to its person: which connections it has, and what it did with them."""

from enum import StrEnum
from typing import NamedTuple

from admitone.model.apps import App

MINUTE_MS = 60 * 1000
DAY_MS = 24 * 60 * MINUTE_MS
IN_USE_MS = 15 * MINUTE_MS  # last use is written every five minutes, so that this is never too short
UNUSED_MS = 183 * DAY_MS
SHOWN = 5  # connections of one app beside others; its own page has the rest


class AppOrder(StrEnum):
    """In which order connected apps are shown."""

    USED = "used"
    NAME = "name"
    CONNECTED = "connected"


class Connection(NamedTuple):
    """One session as its person sees it; instants are UTC milliseconds, `ended_at` None while it lives.

    `approved_how` says how it was approved, empty where that was not kept yet, with network and browser.
    """

    id: int
    app_id: int
    network: str
    made_at: int
    used_at: int
    ended_at: int | None
    approved_how: str = ""
    approved_network: str = ""
    approved_browser: str = ""

    def is_in_use(self, now: int) -> bool:
        """Whether the app is working with it right now."""
        return now - self.used_at < IN_USE_MS

    def is_unused(self, now: int) -> bool:
        """Whether it has not been used for so long that it is probably forgotten."""
        return self.used_at <= now - UNUSED_MS


class Deeds(NamedTuple):
    """What of a person's an app wrote and nobody changed since: how many of each."""

    ratings: int = 0
    marks: int = 0
    lists: int = 0
    items: int = 0


class ConnectedApp(NamedTuple):
    """An app with those of its connections that are shown, latest first; `total` is how many it has."""

    app: App
    connections: list[Connection]
    total: int
    deeds: Deeds


class Connected(NamedTuple):
    """Every connected app of a person; `unused` is how many connections have not been used for half a year."""

    apps: list[ConnectedApp]
    unused: int
    now: int
