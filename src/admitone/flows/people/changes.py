"""This file changes the password of whoever is signed in and knows the present one."""

from typing import NamedTuple

from admitone.basics.letters import Letter
from admitone.flows import logins
from admitone.flows.house import House
from admitone.flows.logins import Attempt
from admitone.flows.people import addresses, links, passwords
from admitone.flows.people.notices import tell
from admitone.model.faults import Fault, Refused
from admitone.model.people.links import Purpose
from admitone.model.people.profile import Profile
from admitone.model.web.networks import network_of
from admitone.store.engine.tx import Tx
from admitone.store.people import accounts


class Change(NamedTuple):
    """Another password for somebody, on the browser with this visit."""

    of: Profile
    old_hash: str
    new_hash: str
    visit: str
    network: str


async def change_password(house: House, present: Attempt, new: str, visit: str) -> None:
    """Set another password; every other browser is signed out.

    Raises PASSWORD_WRONG, LOGIN_LIMITED, HASHING_BUSY, and what `passwords.hashed` says.
    """
    try:
        proof = await logins.check(house, present)
    except Refused as refused:
        if refused.fault is Fault.LOGIN_WRONG:
            raise Refused(Fault.PASSWORD_WRONG) from refused
        raise
    found = await house.read(addresses.of_account, proof.account_id)
    words = (found.username, found.name, found.email or "")
    minimum = await house.read(passwords.minimum, proof.account_id)
    new_hash = await passwords.hashed(house, new, words, minimum)
    change = Change(found, proof.password_hash or "", new_hash, visit, network_of(present.address))
    await house.write(_change, change)


async def _change(house: House, tx: Tx, change: Change) -> None:
    account_id = change.of.account_id
    changed = await tx.one(
        accounts.CHANGE_PASSWORD,
        account_id=account_id,
        old_hash=change.old_hash,
        new_hash=change.new_hash,
        # A day's wait after a lost password is not cut short by another one.
        recovered_at=change.of.recovered_at,
    )
    if changed is None:
        raise Refused(Fault.PASSWORD_WRONG)
    await addresses.end_other_visits(house, tx, account_id, change.visit)
    await links.end_all(tx, account_id, Purpose.RESET)
    await tell(house, tx, account_id, Letter.PASSWORD_CHANGED, network=change.network)
