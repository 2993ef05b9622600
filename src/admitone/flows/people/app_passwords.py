"""This file makes and takes back app passwords: for apps that ask for user name and password themselves."""

from admitone.basics.digests import Kind
from admitone.basics.letters import Letter
from admitone.flows import events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import addresses
from admitone.flows.people.notices import tell
from admitone.model.faults import Fault, Refused
from admitone.model.names import clean_name
from admitone.model.people.factors import MOST_APP_PASSWORDS, SYMBOLS, AppPassword, clean_drawn, drawn
from admitone.store.engine.tx import Tx, first_of
from admitone.store.people import app_passwords

RAW_BYTES = SYMBOLS * 5 // 8


async def add(house: House, tx: Tx, account_id: int, name: str, network: str) -> str:
    """Make an app password; what it is, this once. Raises NAME_BAD, TOO_MANY_KEPT.

    And what `addresses.may_change_factors` says.
    """
    await addresses.may_change_factors(house, tx, account_id)
    name = clean_name(name)
    text = drawn(house.entropy.bytes(RAW_BYTES))
    added = await tx.one(
        app_passwords.ADD,
        account_id=account_id,
        digest=house.digests.of(Kind.APP_PASSWORD, text),
        name=name,
        now=tx.now,
        most=MOST_APP_PASSWORDS,
    )
    if added is None:
        raise Refused(Fault.TOO_MANY_KEPT)
    await tell(house, tx, account_id, Letter.APP_PASSWORD_MADE, network=network, detail=name, name=name)
    return text


async def all_of(_house: House, tx: Tx, account_id: int) -> list[AppPassword]:
    """The app passwords of an account, oldest first."""
    return await tx.all(app_passwords.OF_ACCOUNT, account_id=account_id)


async def find(house: House, tx: Tx, account_id: int, text: str) -> int | None:
    """Which app password of an account this is; None for none. Looks for one whatever was typed."""
    candidates = house.digests.candidates(Kind.APP_PASSWORD, clean_drawn(text) or "")
    _, found = await first_of(tx, app_passwords.FIND, candidates, account_id=account_id)
    return found


async def use(house: House, tx: Tx, account_id: int, password_id: int, network: str) -> None:
    """Note that an app password is used, if it still is one; its owner is told the first time. Raises LOGIN_WRONG."""
    before = await tx.one(app_passwords.USED_AT, account_id=account_id, password_id=password_id)
    name = await tx.one(app_passwords.USE, account_id=account_id, password_id=password_id, now=tx.now)
    if name is None:
        raise Refused(Fault.LOGIN_WRONG)
    if before is None:
        await tell(house, tx, account_id, Letter.APP_PASSWORD_USED, network=network, detail=name, name=name)


async def remove(_house: House, tx: Tx, account_id: int, password_id: int, network: str) -> str | None:
    """Take an app password back; its name, None when it is gone already or somebody else's."""
    name = await tx.one(app_passwords.REMOVE, account_id=account_id, password_id=password_id)
    if name is not None:
        await events.record(tx, Happened.APP_PASSWORD_REMOVED, account_id=account_id, network=network, detail=name)
    return name
