"""This file says what the links in mails are: what each is for, and how long it works."""

from enum import StrEnum
from typing import Final, NamedTuple

from admitone.model.people.posting import DAY, HOUR

BYTES: Final = 20
CODE_DIGITS: Final = 8


class Purpose(StrEnum):
    """What a link is for; one for another purpose is as good as none. The value never changes once released."""

    CONFIRM = "confirm"
    RESET = "reset"
    REVERT = "revert"
    DISCONNECT = "disconnect"


LIFE_MS: Final = {
    Purpose.CONFIRM: DAY,
    Purpose.RESET: HOUR,
    Purpose.REVERT: 7 * DAY,
    Purpose.DISCONNECT: 7 * DAY,
}
# What was sent earlier works on beside what is sent later: each is about something of its own.
SIDE_BY_SIDE: Final = frozenset({Purpose.REVERT, Purpose.DISCONNECT})
# Where each leads to, followed by its text.
PATHS: Final = {
    Purpose.CONFIRM: "/verify/",
    Purpose.RESET: "/reset/",
    Purpose.REVERT: "/revert/",
    Purpose.DISCONNECT: "/disconnect/",
}


class NewLink(NamedTuple):
    """A link just made: its secret, and the code that does the same by hand. This is the only time they are seen."""

    text: str
    code: str


class Used(NamedTuple):
    """What a link was good for, to whoever used it: an account, and the e-mail address that it was made for.

    `connection` is what a link to disconnect ends: the digest of the request token that it came from; `mail_id` the
    number of its mail, greater than that of every mail queued before.
    """

    account_id: int
    address: str
    connection: bytes | None = None
    mail_id: int = 0


class Link(NamedTuple):
    """A link that somebody opened; `address` is the e-mail address that it was made for, `connection` as in `Used`."""

    account_id: int
    username: str
    address: str
    made_at: int
    expires_at: int
    used_at: int | None
    connection: bytes | None = None
