"""This file says what a mail is while it waits in the outbox."""

from typing import NamedTuple


class Claimed(NamedTuple):
    """A mail that somebody is about to send; `tries` counts this one. `hidden` is what it says, for the key ring."""

    id: int
    account_id: int | None
    letter: str
    language: str
    hidden: bytes
    made_at: int
    tries: int


class Addressee(NamedTuple):
    """Where an account's mail goes; an address that is not confirmed is somebody else's for all we know."""

    account_id: int
    username: str
    language: str
    email: str | None
    email_confirmed_at: int | None


class Owner(NamedTuple):
    """Whose an e-mail address is."""

    account_id: int
    username: str
