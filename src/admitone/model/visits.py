"""This file says what a visit is: a browser's sign-in on our pages."""

from enum import StrEnum
from typing import NamedTuple

BYTES = 32
SHORT_MS = 12 * 60 * 60 * 1000
LONG_MS = 30 * 24 * 60 * 60 * 1000  # "Keep me signed in on this device"
FRESH_MS = 15 * 60 * 1000  # how long it counts that somebody proved who they are (ux.md §5, sensitive pages)
ROLL_MS = 60 * 60 * 1000  # a visit's end moves on at most this often


class Way(StrEnum):
    """How somebody proved who they are. The values go into the audit and never change once released."""

    PASSWORD = "password"
    PASSKEY = "passkey"
    CODE = "code"
    RECOVERY_CODE = "recovery-code"


class Visit(NamedTuple):
    """Who is signed in on a browser; `lasts` is how long it lives unused, in milliseconds.

    `language` is the one that the person chose, as a code of ISO 639-1; so are `time_zone` and `appearance`.
    """

    account_id: int
    username: str
    name: str
    made_at: int
    proved_at: int
    seen_at: int
    lasts: int
    expires_at: int
    language: str
    time_zone: str = ""
    appearance: str = ""

    def is_fresh(self, now: int) -> bool:
        """Whether whoever is signed in proved it so lately that sensitive things may be done without asking again."""
        return now - self.proved_at < FRESH_MS


class Place(NamedTuple):
    """Where somebody is signed in; `digest` names it to its owner, and is no use to anybody else."""

    digest: bytes
    browser: str
    way: str
    network: str
    made_at: int
    seen_at: int


class NewVisit(NamedTuple):
    """A visit just begun; `text` is its secret, `device` its browser's, and this is the only time they are seen."""

    text: str
    account_id: int
    expires_at: int
    device: str = ""
