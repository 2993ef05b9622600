"""This file removes accounts that somebody made with an address that nobody has confirmed in a week (A11)."""

from admitone.flows import events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.resting import rest_after
from admitone.store.engine.tx import Tx
from admitone.store.people import unconfirmed
from admitone.store.records import leaving

BATCH = 50
EVENTS = 500


async def sweep(house: House, rest: float = 0) -> int:
    """Remove them, with a rest after each batch; how many there were. Their names are free again.

    None where no mail is sent: nobody could confirm. One that holds ratings, marks, lists or an app, or that an app is
    working with, stays: somebody would miss it. Until its address is confirmed it can do nobody harm.
    """
    if house.post is None:
        return 0
    total = 0
    while removed := await rest_after(house.write(_batch), rest):
        total += removed
    return total


async def _batch(_house: House, tx: Tx) -> int:
    removed = 0
    for account_id in await tx.all(unconfirmed.DUE, now=tx.now, most=BATCH):
        if await tx.one(unconfirmed.REMOVE, account_id=account_id, now=tx.now) is None:
            continue
        while await tx.run(leaving.FORGET_EVENTS, account_id=account_id, most=EVENTS):
            pass
        await events.record(tx, Happened.ACCOUNT_NEVER_CONFIRMED)
        removed += 1
    return removed
