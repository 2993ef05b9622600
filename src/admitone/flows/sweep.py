"""This file removes what has long ended, in batches small enough that nobody notices."""

from typing import NamedTuple

from admitone.flows import events
from admitone.flows.house import House
from admitone.flows.people import unconfirmed
from admitone.flows.records import jobs, leaving
from admitone.model.connected.changes import DAY_MS, KEPT_MS, MOST
from admitone.model.limits import SECOND_MS
from admitone.model.people.posting import REMEMBERED_MS
from admitone.store import calls, guests, limits, request_tokens, visits
from admitone.store.connected import changes
from admitone.store.engine.tx import Tx
from admitone.store.people import challenges, invitations, links, mails, places

BATCH = 500
BUSY = 50
# Kept this long past its end, so that logs and pages can still say "expired" rather than "unknown".
GRACE_MS = 24 * 60 * 60 * 1000


class Swept(NamedTuple):
    """How many rows of each kind were removed."""

    request_tokens: int
    visits: int
    guest_sessions: int
    limits: int
    calls: int
    mails: int = 0
    mail_links: int = 0
    known_places: int = 0
    answered_challenges: int = 0
    changes: int = 0
    invitations: int = 0
    jobs: int = 0
    events: int = 0
    accounts: int = 0
    unconfirmed: int = 0


async def sweep(house: House) -> Swept:
    """Remove every expired row, and every account whose time has come, a batch a transaction; how many there were."""
    total = Swept(0, 0, 0, 0, 0)
    await house.write(_trim)
    while True:
        batch = await house.write(_batch)
        total = Swept(*(before + now for before, now in zip(total, batch, strict=True)))
        if max(batch) < BATCH:
            rest = {"jobs": await jobs.sweep(house), "accounts": await leaving.sweep(house)}
            return total._replace(**rest, unconfirmed=await unconfirmed.sweep(house))


async def longest_expired(_house: House, tx: Tx) -> int:
    """For how many milliseconds the oldest request token that is left has been expired; 0 when none is."""
    first = await tx.one(request_tokens.FIRST_END)
    return max(0, tx.now - first) if first is not None else 0


async def _trim(_house: House, tx: Tx) -> None:
    """Keep no more of an app's changes than can be undone in reason; whoever changed most of late is looked at."""
    for busy in await tx.all(changes.BUSY, since=tx.now - DAY_MS, most=BUSY):
        await tx.run(changes.TRIM, account_id=busy.account_id, app_id=busy.app_id, keep=MOST)


async def _batch(_house: House, tx: Tx) -> Swept:
    before = tx.now - GRACE_MS
    return Swept(
        await tx.run(request_tokens.SWEEP, before=before, most=BATCH),
        await tx.run(visits.SWEEP, before=before, most=BATCH),
        # With what the guest rated: nobody can ask for it any more.
        await tx.run(guests.SWEEP, before=tx.now, most=BATCH),
        # An empty bucket says the same as no bucket.
        await tx.run(limits.SWEEP, before=tx.now, most=BATCH),
        await tx.run(calls.SWEEP, before=tx.now // SECOND_MS, most=BATCH),
        await tx.run(mails.SWEEP, before=tx.now - REMEMBERED_MS, most=BATCH),
        await tx.run(links.SWEEP, before=before, most=BATCH),
        await tx.run(places.SWEEP, before=tx.now, most=BATCH),
        await tx.run(challenges.SWEEP, before=before, most=BATCH),
        await tx.run(changes.SWEEP, before=tx.now - KEPT_MS, most=BATCH),
        await tx.run(invitations.SWEEP, before=tx.now - REMEMBERED_MS, most=BATCH),
        events=await events.sweep(tx, BATCH),
    )
