"""This file gives people who forgot their password a link to choose another, and tells nobody whether it did."""

from typing import NamedTuple

from admitone.basics.digests import Kind
from admitone.basics.letters import Letter
from admitone.flows import events, throttle
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.logins import Proof
from admitone.flows.people import addresses, factors, links, outbox, passwords, places, second_steps
from admitone.flows.people.notices import tell
from admitone.flows.people.second_steps import Answer
from admitone.flows.visits import Coming
from admitone.model.faults import Fault, Refused
from admitone.model.limits import LINKS, LOGIN_BY_ACCOUNT, LOGIN_DAILY
from admitone.model.names import username_key
from admitone.model.people.links import Link, Purpose
from admitone.model.people.profile import Profile
from admitone.model.web.networks import network_of
from admitone.store import request_tokens, sessions, visits
from admitone.store.engine.tx import Tx
from admitone.store.people import accounts
from admitone.store.people import places as known

LONGEST_ASKED = 254  # characters


class Opened(NamedTuple):
    """A link that works, and the password hash of its account as it stood then; nothing for none.

    With `second_step` the mailbox alone is not enough.
    """

    link: Link
    password_hash: str
    second_step: bool


async def ask(house: House, tx: Tx, typed: str, language: str, address: str) -> None:
    """Have a link sent to whoever this user name or address belongs to, if it is anybody's: nobody is told.

    It is looked up when the mail is sent, so that nothing here depends on it. Raises MAIL_OFF, RATE_LIMITED.
    """
    if house.post is None:
        raise Refused(Fault.MAIL_OFF)
    await throttle.take_from(house, tx, LINKS, address)
    facts = {outbox.ASKED: typed.strip()[:LONGEST_ASKED]}
    await outbox.queue(house, tx, Letter.RESET_PASSWORD, None, language, facts)


async def look(house: House, tx: Tx, text: str) -> Opened:
    """Open a link; changes nothing. Raises LINK_DEAD."""
    link = await links.find(house, tx, Purpose.RESET, text)
    if link is None or link.used_at is not None:
        raise Refused(Fault.LINK_DEAD)
    found = await addresses.of_account(house, tx, link.account_id)
    return Opened(link, found.password_hash or "", await _asks(house, tx, found))


async def prove(house: House, text: str, answer: Answer, coming: Coming) -> str:
    """Take the second step of whoever has opened a link; what says so to `reset`, for this link only.

    The code comes first (ASVS 6.4.3, ux.md §7.5). Raises LINK_DEAD, STEP_CODE_WRONG, CODE_LIMITED.
    """
    opened = await house.read(look, text)
    await second_steps.prove(house, opened.link.account_id, answer, coming)
    return house.digests.of(Kind.HALFWAY, _marked(text, opened)).hex()


def is_proved(house: House, text: str, opened: Opened, proved: str) -> bool:
    """Whether `prove` has said this of the link, and the password is still the one that it was then."""
    return proved in [each.hex() for each in house.digests.candidates(Kind.HALFWAY, _marked(text, opened))]


async def reset(house: House, text: str, password: str, address: str, proved: str = "") -> Proof:
    """Set a new password with a link: the proof to sign in with. Every browser is signed out; apps are asked about.

    Raises LINK_DEAD, SECOND_STEP_NEEDED without what `prove` gave, and what `passwords.hashed` says.
    """
    opened = await house.read(look, text)
    if opened.second_step and not is_proved(house, text, opened, proved):
        raise Refused(Fault.SECOND_STEP_NEEDED)
    words = (opened.link.username, opened.link.address)
    minimum = await house.read(passwords.minimum, opened.link.account_id)
    new_hash = await passwords.hashed(house, password, words, minimum)
    await house.write(_reset, text, opened, new_hash, network_of(address))
    return Proof(opened.link.account_id, new_hash)


async def disconnect_all(_house: House, tx: Tx, account_id: int, network: str) -> None:
    """End every app's session of an account, and what was approved and not yet fetched."""
    # In this order: an exchange that is under way is waited for here, and its session ends below.
    await tx.run(request_tokens.REVOKE_ALL_OF_ACCOUNT, account_id=account_id, now=tx.now)
    await tx.run(sessions.END_ALL_OF_ACCOUNT, account_id=account_id, now=tx.now)
    await events.record(tx, Happened.APPS_DISCONNECTED, account_id=account_id, network=network)


async def _asks(house: House, tx: Tx, found: Profile) -> bool:
    """Whether the second step is asked. Not of who has only claimed the address: they may have planted it (A11)."""
    return found.is_confirmed and bool((await factors.of_account(house, tx, found.account_id)).authenticator)


def _marked(text: str, opened: Opened) -> str:
    return f"reset\0{text}\0{opened.password_hash}"


async def _reset(house: House, tx: Tx, text: str, opened: Opened, new_hash: str, network: str) -> None:
    used = await links.use(house, tx, Purpose.RESET, text)
    if used is None:
        raise Refused(Fault.LINK_DEAD)
    account_id = used.account_id
    before = await addresses.of_account(house, tx, account_id)
    if await _asks(house, tx, before) and not opened.second_step:
        raise Refused(Fault.LINK_DEAD)  # the second step was turned on while this password was being chosen
    changed = await tx.one(
        accounts.CHANGE_PASSWORD,
        account_id=account_id,
        old_hash=opened.password_hash,
        new_hash=new_hash,
        recovered_at=tx.now,
    )
    if changed is None:
        raise Refused(Fault.LINK_DEAD)  # the password was changed otherwise while this one was being chosen
    await tx.run(visits.END_ALL_OF_ACCOUNT, account_id=account_id)
    # Whoever came by a link has the mailbox: an address that was only claimed is theirs now, and what was put into the
    # account before is not.
    if not before.is_confirmed:
        await factors.void(tx, account_id)
        await tx.run(known.FORGET_ALL, account_id=account_id)
        await disconnect_all(house, tx, account_id, network)
    await addresses.own(house, tx, used, network)
    await links.end_all(tx, account_id, Purpose.CONFIRM, Purpose.RESET)
    # Strangers may have used up the tries of this account; its owner has just shown who they are.
    for limit in (LOGIN_BY_ACCOUNT, LOGIN_DAILY):
        await throttle.forget(house, tx, limit, username_key(opened.link.username))
    await places.trust_none(tx, account_id)
    await tell(house, tx, account_id, Letter.PASSWORD_CHANGED, network=network)
