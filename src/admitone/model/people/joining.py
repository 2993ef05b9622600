"""This file says who may make an account, and how an invitation lives."""

from enum import StrEnum
from typing import Final, NamedTuple

from admitone.model.people.posting import DAY

INVITATION_BYTES: Final = 20
INVITATION_DAYS: Final = 7
LONGEST_INVITATION_DAYS: Final = 365
# An account whose address nobody confirmed is taken for a mistake after this long, or for an attack (security.md A11).
UNCONFIRMED_MS: Final = 7 * DAY


class SignUp(StrEnum):
    """Who may make an account; the operator chooses."""

    OPEN = "open"
    INVITATION = "invitation"
    CLOSED = "closed"


class Newcomer(NamedTuple):
    """What somebody who wants an account gives; `email` and `invitation` are empty where there is none.

    `address` is the network address they come from.
    """

    username: str
    email: str
    password: str
    invitation: str
    language: str
    address: str
