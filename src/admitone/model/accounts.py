"""This file says what an account is: a person's record."""

from typing import NamedTuple


class Account(NamedTuple):
    """A person. `object_id` (24 hex digits) is the account's v4 name; flags are 0 or 1; instants UTC milliseconds."""

    id: int
    object_id: str
    username: str
    name: str
    iso_639_1: str
    iso_3166_1: str
    include_adult: int
    gravatar_hash: str
    made_at: int
    switched_off_at: int | None


class Login(NamedTuple):
    """What is needed to check a password; `password_hash` is None for an account without one.

    `second_step` is 1 when the password alone is not enough.
    """

    account_id: int
    password_hash: str | None
    switched_off_at: int | None
    second_step: int


class Owner(NamedTuple):
    """How a passkey knows whose it is, and the names that its device shows."""

    object_id: str
    username: str
    name: str
