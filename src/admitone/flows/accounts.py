"""This file adds people and changes their passwords, for the operator."""

from admitone.basics.letters import Letter
from admitone.flows import events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import addresses, links, passwords
from admitone.flows.people.notices import tell
from admitone.flows.records import names
from admitone.model.accounts import Account
from admitone.model.faults import Fault, Refused
from admitone.model.names import clean_name, clean_username, username_key
from admitone.model.people.links import Purpose
from admitone.store import accounts, request_tokens, sessions, visits
from admitone.store.engine.tx import Tx

OBJECT_ID_BYTES = 12  # 24 hex digits


async def add(house: House, username: str, password: str, name: str = "") -> Account:
    """Add a person who signs in with a password.

    Raises USERNAME_BAD, USERNAME_TAKEN, NAME_BAD, and what `passwords.hashed` says.
    """
    username, name = _clean(username, name)
    return await house.write(make, username, await passwords.hashed(house, password, (username, name)), name)


async def add_for_tests(house: House, username: str, password: str, name: str = "") -> Account:
    """As `add`, but any password will do: for worlds in which it guards nothing. Raises PASSWORD_TOO_LONG."""
    username, name = _clean(username, name)
    return await house.write(make, username, await house.hasher.hash(password), name)


async def set_password(house: House, username: str, password: str, *, end_sessions: bool) -> None:
    """Give a person another password and sign every browser out.

    With `end_sessions` disconnect the apps as well, those too that were approved and have not fetched a session yet.
    Raises ACCOUNT_UNKNOWN, and what `passwords.hashed` says.
    """
    password_hash = await passwords.hashed(house, password, (username,))
    await house.write(_set_password, username, password_hash, end_sessions=end_sessions)


async def everyone(_house: House, tx: Tx) -> list[Account]:
    """All accounts, oldest first."""
    return await tx.all(accounts.EVERYONE)


async def find(_house: House, tx: Tx, username: str) -> Account:
    """The account of this user name. Raises ACCOUNT_UNKNOWN."""
    account = await tx.one(accounts.FIND, username_key=username_key(username))
    if account is None:
        raise Refused(Fault.ACCOUNT_UNKNOWN)
    return account


def _clean(username: str, name: str) -> tuple[str, str]:
    return clean_username(username), clean_name(name) if name else ""


async def make(
    house: House, tx: Tx, username: str, password_hash: str, name: str, *, language: str = "en", network: str = ""
) -> Account:
    """Make an account of what has been checked. Raises USERNAME_TAKEN."""
    if await names.is_reserved(house, tx, username):
        raise Refused(Fault.USERNAME_TAKEN)
    account = await tx.one(
        accounts.ADD,
        object_id=house.entropy.hex(OBJECT_ID_BYTES),
        username=username,
        username_key=username_key(username),
        name=name,
        password_hash=password_hash,
        iso_639_1=language,
        iso_3166_1="US",
        gravatar_hash=addresses.neutral(username),
        now=tx.now,
    )
    if account is None:
        raise Refused(Fault.USERNAME_TAKEN)
    await events.record(tx, Happened.ACCOUNT_ADDED, account_id=account.id, network=network)
    return account


async def _set_password(house: House, tx: Tx, username: str, password_hash: str, *, end_sessions: bool) -> None:
    account = await find(house, tx, username)
    await tx.one(accounts.SET_PASSWORD, username_key=username_key(username), password_hash=password_hash)
    await tx.run(visits.END_ALL_OF_ACCOUNT, account_id=account.id)
    if end_sessions:
        # In this order: an exchange that is under way is waited for here, and its session ends below.
        await tx.run(request_tokens.REVOKE_ALL_OF_ACCOUNT, account_id=account.id, now=tx.now)
        await tx.run(sessions.END_ALL_OF_ACCOUNT, account_id=account.id, now=tx.now)
    await links.end_all(tx, account.id, Purpose.RESET)
    await tell(house, tx, account.id, Letter.PASSWORD_CHANGED)
