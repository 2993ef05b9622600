"""This file shows people what happened to their account and where they are signed in, and ends visits (ux.md §7.14)."""

from admitone.basics.digests import Kind
from admitone.flows import events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import places
from admitone.model.faults import Fault, Refused
from admitone.model.people.history import ROWS, SHOWN_MS, Page
from admitone.model.visits import Place
from admitone.store import events as audit
from admitone.store import visits
from admitone.store.engine.tx import Tx, first_of


async def page(_house: House, tx: Tx, account_id: int, number: int) -> Page:
    """What happened to an account in the last 90 days; pages are numbered from 1."""
    found = await tx.all(
        audit.OF_ACCOUNT, account_id=account_id, since=tx.now - SHOWN_MS, most=ROWS + 1, offset=(number - 1) * ROWS
    )
    return Page(tuple(found[:ROWS]), len(found) > ROWS)


async def signed_in(_house: House, tx: Tx, account_id: int) -> list[Place]:
    """Where an account is signed in now, the most recently used first."""
    return await tx.all(visits.OF_ACCOUNT, account_id=account_id, now=tx.now)


async def end(_house: House, tx: Tx, account_id: int, digest: bytes, network: str) -> bool:
    """End one visit of an account; False when there is no such visit of theirs any more."""
    browser = await tx.one(visits.END_ONE, account_id=account_id, digest=digest)
    if browser is None:
        return False
    await events.record(tx, Happened.SIGNED_OUT_ELSEWHERE, account_id=account_id, network=network, detail=browser)
    return True


async def end_others(house: House, tx: Tx, account_id: int, text: str, network: str) -> int:
    """End every visit of an account but this one, and trust no browser with the second step; how many ended.

    Raises VISIT_MISSING when this one has ended itself.
    """
    digest, _ = await first_of(tx, visits.FIND, house.digests.candidates(Kind.VISIT, text), now=tx.now)
    if digest is None:
        raise Refused(Fault.VISIT_MISSING)
    ended = await tx.run(visits.END_OTHERS, account_id=account_id, digest=digest)
    await places.trust_none(tx, account_id)
    await events.record(tx, Happened.SIGNED_OUT_ELSEWHERE, account_id=account_id, network=network)
    return ended
