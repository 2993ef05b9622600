"""This file queues mails in the transaction that causes them, and sends what waits: at least once, one at a time.

What a mail says waits hidden with a key of the ring, and is erased when the mail has ended. Its link is made in the
very transaction that claims it for sending, so that no link is ever kept, not even hidden (decision 12).
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import structlog

from admitone.basics.addresses import read_address
from admitone.basics.digests import Kind
from admitone.basics.late import people_come
from admitone.basics.letters import Letter
from admitone.basics.log import kinds_and_places
from admitone.basics.mail import Kept, Mail, MailError, Post, UndeliverableError
from admitone.flows import throttle
from admitone.flows.house import House
from admitone.flows.people import links
from admitone.model.faults import Refused
from admitone.model.limits import LINKS_TO_ADDRESS
from admitone.model.names import username_key
from admitone.model.people.links import PATHS, Purpose
from admitone.model.people.mails import Addressee, Claimed
from admitone.model.people.posting import (
    CALLED_OFF,
    CLAIM_MS,
    GIVEN_UP,
    NOBODY,
    REFUSED,
    SENT,
    TRIES,
    UNREADABLE,
    Ended,
    pause_ms,
)
from admitone.store.engine.tx import Tx
from admitone.store.people import accounts, addresses, mails

LOOK_EVERY_S = 2.0
ASKED = "asked"
CONNECTION = "connection"

# Which letter brings a link, and what the link is for.
LINKS = {
    Letter.CONFIRM_ADDRESS: Purpose.CONFIRM,
    Letter.RESET_PASSWORD: Purpose.RESET,
    Letter.ADDRESS_CHANGED: Purpose.REVERT,
    Letter.APP_CONNECTED: Purpose.DISCONNECT,
    Letter.APP_CONNECTED_BY_LOGIN: Purpose.DISCONNECT,
}
# What anybody can have sent to somebody else's address.
ASKED_FOR = (Letter.CONFIRM_ADDRESS, Letter.ADDRESS_IN_USE, Letter.RESET_PASSWORD)

Facts = Mapping[str, str]

_log = structlog.get_logger()


class Ready(NamedTuple):
    """A claimed mail, written; `mail` is None when there is nobody to send it to."""

    id: int
    tries: int
    mail: Mail | None
    otherwise: Ended = NOBODY


async def queue(house: House, tx: Tx, letter: Letter, account_id: int | None, language: str, facts: Facts) -> None:
    """Queue a letter; `facts` have the `address` it goes to and what its words ask for. Nothing where no mail is sent.

    With `asked` instead of `address` it goes to whoever has that user name or confirmed address, found only when it is
    sent: so that asking takes the same time for everybody (security.md A4).
    """
    if house.post is None:
        return
    hidden = house.digests.hide(Kind.MAIL, json.dumps(dict(facts), separators=(",", ":")), house.entropy)
    await tx.run(mails.QUEUE, account_id=account_id, letter=letter.value, language=language, hidden=hidden, now=tx.now)


async def call_off(tx: Tx, account_id: int, letter: Letter, mail_id: int = 0) -> None:
    """Send no letter of this kind to an account that still waits, of this mail and of later ones."""
    values = {"account_id": account_id, "letter": letter.value, "mail_id": mail_id}
    await tx.run(mails.CALL_OFF, **values, now=tx.now, outcome=CALLED_OFF.outcome)


async def deliver(house: House) -> int:
    """Send everything that is due; how many mails were handed over. What fails waits for its next try."""
    handed_over = 0
    while house.post is not None and await house.read(_is_due):
        await people_come()
        ready = await house.write(_claim)
        if ready is None:
            break  # somebody else has one in hand
        handed_over += await _hand_over(house, house.post, ready)
    return handed_over


async def deliver_for_ever(house: House, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Look every few seconds for what is due, whatever happens."""
    while True:
        try:
            await deliver(house)
        except Refused as refusal:
            _log.warning("mail not sent", fault=refusal.fault.value)
        except Exception:  # noqa: BLE001 - a bug in one mail must not end the sending of all
            _log.exception("mail not sent")
        await pause(LOOK_EVERY_S)


async def kept(house: House) -> list[Mail]:
    """The mails of a house that keeps them instead of sending them, oldest first: what the sandbox shows."""
    await deliver(house)
    sender = house.post.sender if house.post else None
    return list(sender.mails) if isinstance(sender, Kept) else []


async def _is_due(_house: House, tx: Tx) -> bool:
    return await tx.one(mails.IS_DUE, now=tx.now) is not None


async def _claim(house: House, tx: Tx) -> Ready | None:
    claimed = await tx.one(mails.CLAIM, now=tx.now, until=tx.now + CLAIM_MS)
    if claimed is None or house.post is None:
        return None
    if claimed.tries > TRIES:  # whoever had it in hand never came to say what became of it
        return Ready(claimed.id, claimed.tries, None, GIVEN_UP)
    text = house.digests.reveal(Kind.MAIL, claimed.hidden)
    if text is None:
        return Ready(claimed.id, claimed.tries, None, UNREADABLE)
    facts = await _whole(house, tx, claimed, json.loads(text))
    if facts is None:
        return Ready(claimed.id, claimed.tries, None)
    return _written(house, house.post, claimed, facts)


async def _whole(house: House, tx: Tx, claimed: Claimed, facts: dict[str, str]) -> dict[str, str] | None:
    """Find whom a letter goes to and make its link; None when there is nobody (any more), or has enough of them."""
    account_id = claimed.account_id
    if ASKED in facts:
        found = await _addressee(tx, facts.pop(ASKED))
        if found is None or found.email is None:
            return None
        account_id = found.account_id
        facts.update(username=found.username, address=found.email, language=found.language)
    letter = Letter(claimed.letter)
    purpose = LINKS.get(letter)
    if purpose is None:
        return facts
    if account_id is None:
        return None
    if purpose is Purpose.CONFIRM and (owner := await _owner(tx, facts["address"], account_id)):
        letter = Letter.ADDRESS_IN_USE
        facts.update(letter=letter, other=facts["username"], username=owner)
    if not await _may_have(house, tx, claimed, letter, facts["address"]):
        return None
    if letter is not Letter.ADDRESS_IN_USE:
        connection = bytes.fromhex(facts.pop(CONNECTION)) if CONNECTION in facts else None
        link = await links.make(house, tx, claimed.id, account_id, purpose, facts["address"], connection)
        facts.update(link=PATHS[purpose] + link.text, code=link.code)
    return facts


async def _may_have(house: House, tx: Tx, claimed: Claimed, letter: Letter, address: str) -> bool:
    """Whether one more letter of this kind may go to an address: nobody can fill somebody else's mailbox.

    Each kind is counted by itself, so that nobody keeps a letter away by causing many of another. What nobody asked
    for on a page is not counted: the new password that is due to whoever took a change of address back.
    """
    if claimed.tries > 1 or letter not in ASKED_FOR or (letter is Letter.RESET_PASSWORD and claimed.account_id):
        return True
    return await throttle.has_room(house, tx, LINKS_TO_ADDRESS, letter.value, read_address(address).key)


async def _owner(tx: Tx, address: str, account_id: int) -> str | None:
    """The user name of another account whose this address is."""
    owner = await tx.one(addresses.OWNER, address_key=read_address(address).key)
    return owner.username if owner is not None and owner.account_id != account_id else None


async def _addressee(tx: Tx, asked: str) -> Addressee | None:
    if "@" not in asked:
        return await tx.one(accounts.BY_NAME, username_key=username_key(asked))
    try:
        key = read_address(asked).key
    except Refused:
        return None
    return await tx.one(accounts.BY_ADDRESS, address_key=key)


def _written(house: House, post: Post, claimed: Claimed, facts: dict[str, str]) -> Ready:
    # Another try of a letter with a link brings another link: it must not be taken for a copy of the same mail.
    copy = claimed.tries if "link" in facts else 0
    message_id = house.digests.of(Kind.MAIL, f"message\0{claimed.id}\0{copy}")[1:17].hex()
    language = facts.pop("language", claimed.language)
    letter = Letter(facts.pop("letter", claimed.letter))
    facts.setdefault("when", _moment(claimed.made_at))
    if "link" in facts:
        facts["link"] = post.site_url + facts["link"]
    try:
        mail = post.write(letter, facts, language=language, message_id=message_id, at=claimed.made_at)
    except Exception as error:  # noqa: BLE001 - a bug in one letter must not hold up all that wait behind it
        _log.error("mail not written", mail=claimed.id, letter=claimed.letter, exception=kinds_and_places(error))
        return Ready(claimed.id, claimed.tries, None, UNREADABLE)
    return Ready(claimed.id, claimed.tries, mail)


async def _hand_over(house: House, post: Post, ready: Ready) -> int:
    if ready.mail is None:
        await house.write(_end, ready, ready.otherwise)
        return 0
    try:
        await post.sender.send(ready.mail)
    except UndeliverableError as error:
        _log.warning("mail refused", mail=ready.id, reason=str(error))
        await house.write(_end, ready, REFUSED)
        return 0
    except MailError as error:
        _log.warning("mail not sent", mail=ready.id, tries=ready.tries, reason=str(error))
        await house.write(_put_back, ready)
        return 0
    await house.write(_end, ready, SENT)
    return 1


async def _end(_house: House, tx: Tx, ready: Ready, ended: Ended) -> None:
    await tx.run(mails.END, mail_id=ready.id, tries=ready.tries, now=tx.now, outcome=ended.outcome)


async def _put_back(_house: House, tx: Tx, ready: Ready) -> None:
    pause = pause_ms(ready.tries)
    if pause is None:
        await tx.run(mails.END, mail_id=ready.id, tries=ready.tries, now=tx.now, outcome=GIVEN_UP.outcome)
        return
    await tx.run(mails.PUT_BACK, mail_id=ready.id, tries=ready.tries, until=tx.now + pause)


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M} UTC"
