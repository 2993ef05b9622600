"""This file proves whose an e-mail address is, and changes it: the new one is confirmed first, the old one told."""

import hashlib

from admitone.basics.addresses import read_address
from admitone.basics.digests import Kind
from admitone.basics.letters import Letter
from admitone.flows import events, throttle
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import factors, links, outbox
from admitone.model.faults import Fault, Refused
from admitone.model.limits import CODES, LINKS
from admitone.model.names import username_key
from admitone.model.people.links import Purpose, Used
from admitone.model.people.profile import Profile
from admitone.model.web.networks import network_of
from admitone.store import request_tokens, sessions, visits
from admitone.store.engine.tx import Tx, first_of
from admitone.store.people import accounts, addresses, places
from admitone.store.records import leaving


async def of_account(_house: House, tx: Tx, account_id: int) -> Profile:
    """An account as its person sees it. Raises ACCOUNT_UNKNOWN."""
    found = await tx.one(accounts.PROFILE, account_id=account_id)
    if found is None:
        raise Refused(Fault.ACCOUNT_UNKNOWN)
    return found


async def is_unconfirmed(house: House, tx: Tx, account_id: int) -> bool:
    """Whether an account has an address that could be confirmed and is not."""
    if house.post is None:
        return False
    found = await tx.one(accounts.ADDRESSEE, account_id=account_id)
    return found is not None and found.email is not None and found.email_confirmed_at is None


async def must_be_confirmed(house: House, tx: Tx, account_id: int) -> None:
    """Refuse what waits for a confirmed address. Raises EMAIL_UNCONFIRMED."""
    if await is_unconfirmed(house, tx, account_id):
        raise Refused(Fault.EMAIL_UNCONFIRMED)


async def must_be_settled(house: House, tx: Tx, account_id: int) -> None:
    """Refuse what would outlast a stranger in a mailbox: a day after a new password by mail. Raises RECOVERED_LATELY.

    Deleting the account, another address, and everything that people are proved with (security.md A17).
    """
    found = await of_account(house, tx, account_id)
    if found.is_just_recovered(tx.now):
        raise Refused(Fault.RECOVERED_LATELY)


async def may_change_factors(house: House, tx: Tx, account_id: int) -> None:
    """Make sure that an account may be given something to prove it with: it is its person's, and has been for a day.

    Raises EMAIL_UNCONFIRMED (A11), RECOVERED_LATELY (A17).
    """
    await must_be_confirmed(house, tx, account_id)
    await must_be_settled(house, tx, account_id)


async def send_link(house: House, tx: Tx, account_id: int, written: str) -> None:
    """Queue the mail with the code and the link that confirm an address; whether it gets them, its sender decides."""
    found = await of_account(house, tx, account_id)
    facts = {"address": written, "username": found.username}
    await outbox.queue(house, tx, Letter.CONFIRM_ADDRESS, account_id, found.iso_639_1, facts)


async def send_again(house: House, tx: Tx, account_id: int, address: str) -> None:
    """Send the mail that confirms an address once more; the older one ends. Raises MAIL_OFF, RATE_LIMITED."""
    await _count(house, tx, address)
    found = await of_account(house, tx, account_id)
    if written := found.email_wanted or (None if found.is_confirmed else found.email):
        await send_link(house, tx, account_id, written)


async def want(house: House, tx: Tx, account_id: int, typed: str, address: str) -> None:
    """Begin to change an address: nothing changes until the new one is confirmed.

    Raises EMAIL_BAD, MAIL_OFF, RATE_LIMITED, and RECOVERED_LATELY within a day of a new password by mail.
    """
    wanted = read_address(typed)
    await _count(house, tx, address)
    await links.end_all(tx, account_id, Purpose.CONFIRM)
    values = {"account_id": account_id, "written": wanted.written}
    claimed = await tx.one(accounts.CLAIM_ADDRESS, **values, address_key=wanted.key)
    # Asked only now: whoever was confirming the old address, or recovering the account, has been waited for.
    await must_be_settled(house, tx, account_id)
    if claimed is None:
        await tx.run(accounts.WANT_ADDRESS, **values)
    await send_link(house, tx, account_id, wanted.written)


async def confirm_by_code(house: House, account_id: int, code: str, visit: str, address: str) -> None:
    """Confirm an address with the code from its mail, by whoever is signed in: they have password and mailbox.

    Every other browser is signed out the first time (security.md A11). Raises CODE_WRONG, RATE_LIMITED, EMAIL_TAKEN.
    """
    await house.write(_count_code, account_id)
    await house.write(_confirm_by_code, account_id, code, visit, network_of(address))


async def confirm_by_link(house: House, tx: Tx, text: str, account_id: int, visit: str, address: str) -> None:
    """Confirm an address with the link from its mail, by whoever is signed in to the account, or has its password.

    Raises LINK_DEAD, EMAIL_TAKEN.
    """
    used = await links.use(house, tx, Purpose.CONFIRM, text)
    if used is None or used.account_id != account_id:
        raise Refused(Fault.LINK_DEAD)
    await own(house, tx, used, network_of(address), visit)


async def revert(house: House, tx: Tx, text: str, address: str) -> None:
    """Take a change of address back with the link that the old one got: nobody stays in, and a new password is due.

    Whoever changed it knows the password, so that it ends; every browser and every app is signed out; and the old
    address gets a link to choose another password. Of several changes, this one and all after it are taken back: who
    had the address before still can, if this one's mailbox is the thief's. Raises LINK_DEAD, EMAIL_TAKEN.
    """
    used = await links.use(house, tx, Purpose.REVERT, text)
    if used is None:
        raise Refused(Fault.LINK_DEAD)
    account_id, network = used.account_id, network_of(address)
    # Whoever changed the address may have deleted the account as well.
    asked_at = await tx.one(leaving.TAKE_BACK, account_id=account_id, now=tx.now)
    if asked_at is not None:
        await tx.one(leaving.SWITCH_ON, account_id=account_id, asked_at=asked_at)
    found = await of_account(house, tx, account_id)
    await _own(tx, found, used.address)
    await tx.run(accounts.VOID_PASSWORD, account_id=account_id)
    await factors.void(tx, account_id)
    await tx.run(visits.END_ALL_OF_ACCOUNT, account_id=account_id)
    await tx.run(request_tokens.REVOKE_ALL_OF_ACCOUNT, account_id=account_id, now=tx.now)
    await tx.run(sessions.END_ALL_OF_ACCOUNT, account_id=account_id, now=tx.now)
    await tx.run(places.FORGET_ALL, account_id=account_id)
    await _end_links(tx, account_id, used.mail_id)
    await events.record(tx, Happened.EMAIL_REVERTED, account_id=account_id, network=network)
    facts = {"address": used.address, "username": found.username}
    await outbox.queue(house, tx, Letter.RESET_PASSWORD, account_id, found.iso_639_1, facts)


async def own(house: House, tx: Tx, used: Used, network: str, visit: str = "") -> None:
    """Let an address belong to the account whose person has shown that the mailbox is theirs. Raises EMAIL_TAKEN."""
    found = await of_account(house, tx, used.account_id)
    if found.is_confirmed and found.email == used.address:
        return
    await _own(tx, found, used.address)
    await links.end_all(tx, found.account_id, Purpose.CONFIRM, Purpose.RESET)
    if not found.is_confirmed:
        # Somebody else may have made the account, and wait in it for whoever has the mailbox.
        await end_other_visits(house, tx, found.account_id, visit)
        await events.record(tx, Happened.EMAIL_CONFIRMED, account_id=found.account_id, network=network)
        return
    await events.record(tx, Happened.EMAIL_CHANGED, account_id=found.account_id, network=network)
    facts = {"address": found.email or "", "username": found.username, "network": network}
    await outbox.queue(house, tx, Letter.ADDRESS_CHANGED, found.account_id, found.iso_639_1, facts)


async def end_other_visits(house: House, tx: Tx, account_id: int, visit: str) -> None:
    """Sign every browser of an account out but the one with this visit; every one, when there is none."""
    digest, _ = await first_of(tx, visits.FIND, house.digests.candidates(Kind.VISIT, visit), now=tx.now)
    await tx.run(visits.END_OTHERS, account_id=account_id, digest=digest or b"")


def gravatar(written: str) -> str:
    """What Gravatar calls an e-mail address."""
    return _md5(written.strip().lower())


def neutral(username: str) -> str:
    """The same shape for somebody who does not want to be known by their address: it names nobody's."""
    return _md5(username_key(username))


async def _own(tx: Tx, found: Profile, written: str) -> None:
    key = read_address(written).key
    await tx.run(addresses.RELEASE, account_id=found.account_id)
    if await tx.one(addresses.OWN, account_id=found.account_id, address_key=key, now=tx.now) is None:
        raise Refused(Fault.EMAIL_TAKEN)
    known = found.email is not None and found.gravatar_hash == gravatar(found.email)
    await tx.run(
        accounts.CONFIRM_ADDRESS,
        account_id=found.account_id,
        written=written,
        address_key=key,
        gravatar_hash=gravatar(written) if known else found.gravatar_hash,
        now=tx.now,
    )


async def _end_links(tx: Tx, account_id: int, mail_id: int) -> None:
    """End what was mailed since a change of address that is taken back, and what a slow mailbox would still get."""
    # In this order: a mail that is being claimed is waited for here, and its link ends below.
    await outbox.call_off(tx, account_id, Letter.CONFIRM_ADDRESS)
    await outbox.call_off(tx, account_id, Letter.RESET_PASSWORD)
    await outbox.call_off(tx, account_id, Letter.ADDRESS_CHANGED, mail_id)
    await links.end_all(tx, account_id, Purpose.CONFIRM, Purpose.RESET)
    await links.end_since(tx, account_id, Purpose.REVERT, mail_id)


async def _count_code(house: House, tx: Tx, account_id: int) -> None:
    await throttle.take(house, tx, Fault.RATE_LIMITED, CODES, account_id)


async def _confirm_by_code(house: House, tx: Tx, account_id: int, code: str, visit: str, network: str) -> None:
    used = await links.use_code(house, tx, Purpose.CONFIRM, account_id, code)
    if used is None:
        raise Refused(Fault.CODE_WRONG)
    await own(house, tx, used, network, visit)


async def _count(house: House, tx: Tx, address: str) -> None:
    if house.post is None:
        raise Refused(Fault.MAIL_OFF)
    await throttle.take_from(house, tx, LINKS, address)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
