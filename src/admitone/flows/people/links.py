"""This file makes the links and codes that stand in mails, and takes them back when somebody uses them."""

from admitone.basics.digests import Kind
from admitone.flows.house import House
from admitone.model.people.links import BYTES, CODE_DIGITS, LIFE_MS, SIDE_BY_SIDE, Link, NewLink, Purpose, Used
from admitone.store.engine.tx import Tx, first_of
from admitone.store.people import links


async def make(
    house: House, tx: Tx, mail_id: int, account_id: int, purpose: Purpose, address: str, connection: bytes | None = None
) -> NewLink:
    """Make a link, and the code that does the same, for a mail to `address`. What older mails said of it ends.

    `connection` is what a link to disconnect is for: the digest of the request token that it came from.
    """
    link = NewLink(house.entropy.hex(BYTES), _code(house))
    if purpose not in SIDE_BY_SIDE:
        await tx.run(links.END_OLDER, account_id=account_id, purpose=purpose.value, mail_id=mail_id)
    await tx.run(
        links.MAKE,
        digest=house.digests.of(Kind.MAIL, link.text),
        code_digest=house.digests.of(Kind.MAIL, _bound(account_id, link.code)),
        mail_id=mail_id,
        account_id=account_id,
        purpose=purpose.value,
        address=address,
        connection=connection,
        now=tx.now,
        expires_at=tx.now + LIFE_MS[purpose],
    )
    return link


async def find(house: House, tx: Tx, purpose: Purpose, text: str) -> Link | None:
    """The link of this purpose, used or not, None when there is none or it is over; changes nothing."""
    _, link = await first_of(tx, links.FIND, house.digests.candidates(Kind.MAIL, text), purpose=purpose.value)
    return link if link is not None and link.expires_at > tx.now else None


async def use(house: House, tx: Tx, purpose: Purpose, text: str) -> Used | None:
    """Use a link, once: the account and the address it was made for; None when it does not work (any more)."""
    digests = house.digests.candidates(Kind.MAIL, text)
    _, used = await first_of(tx, links.USE, digests, purpose=purpose.value, now=tx.now)
    return used


async def use_code(house: House, tx: Tx, purpose: Purpose, account_id: int, code: str) -> Used | None:
    """The same by the code that stood beside the link, for the account that is signed in."""
    digests = house.digests.candidates(Kind.MAIL, _bound(account_id, code))
    _, used = await first_of(tx, links.USE_CODE, digests, account_id=account_id, purpose=purpose.value, now=tx.now)
    return used


async def end_all(tx: Tx, account_id: int, *purposes: Purpose) -> None:
    """Let no link of these purposes work any more, because what it was made for has changed."""
    for purpose in purposes:
        await tx.run(links.END_ALL, account_id=account_id, purpose=purpose.value)


async def end_since(tx: Tx, account_id: int, purpose: Purpose, mail_id: int) -> None:
    """Let no link of this purpose work any more that is of this mail or of a later one."""
    await tx.run(links.END_SINCE, account_id=account_id, purpose=purpose.value, mail_id=mail_id)


def _code(house: House) -> str:
    return str(int(house.entropy.hex(16), 16) % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def _bound(account_id: int, code: str) -> str:
    """A code is short: it is good for one account only."""
    return f"{account_id}\0{code}"
