"""This file removes what has long ended, in batches so short and so far apart that nobody notices."""

from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from admitone.flows.events import NOBODYS_MS
from admitone.flows.house import House
from admitone.flows.people import unconfirmed
from admitone.flows.records import jobs, leaving
from admitone.flows.resting import HURRIED, REST, Pace
from admitone.model.connected.changes import DAY_MS, KEPT_MS, MOST
from admitone.model.limits import SECOND_MS
from admitone.model.people.history import SHOWN_MS
from admitone.model.people.posting import REMEMBERED_MS
from admitone.store import calls, events, guests, limits, request_tokens, sessions, visits
from admitone.store.connected import changes
from admitone.store.engine.statements import Statement
from admitone.store.engine.tx import Tx
from admitone.store.people import challenges, invitations, links, mails, places

BUSY = 50  # apps at work for a person that are looked at for too many changes, and
LOOKED = 5_000  # changes, the latest, by which those are found
# Kept this long past its end, so that logs and pages can still say "expired" rather than "unknown".
GRACE_MS = 24 * 60 * 60 * 1000


class Ended(NamedTuple):
    """One kind of rows that end: how they are removed, when the first ended, and how long they are kept after that."""

    sweep: Statement[Any]
    first: Statement[int | None]
    kept_ms: int = 0
    unit_ms: int = 1  # of the instants in the table
    each: Statement[None] | None = None  # removes one of those that `sweep` finds, where it removes none itself


# By the names of `Swept`.
KINDS = {
    "request_tokens": Ended(request_tokens.SWEEP, request_tokens.FIRST_END, GRACE_MS),
    # As long as its person's history tells of it; the token it came from is gone long before, and is not spent again.
    "sessions": Ended(sessions.SWEEP, sessions.FIRST_END, SHOWN_MS),
    "visits": Ended(visits.SWEEP, visits.FIRST_END, GRACE_MS),
    # With what the guest rated: nobody can ask for it any more.
    "guest_sessions": Ended(guests.SWEEP, guests.FIRST_END),
    # An empty bucket says the same as no bucket.
    "limits": Ended(limits.SWEEP, limits.FIRST_END),
    "calls": Ended(calls.SWEEP, calls.FIRST_END, unit_ms=SECOND_MS),
    "mails": Ended(mails.SWEEP, mails.FIRST_END, REMEMBERED_MS),
    "mail_links": Ended(links.SWEEP, links.FIRST_END, GRACE_MS),
    "known_places": Ended(places.SWEEP, places.FIRST_END),
    "answered_challenges": Ended(challenges.SWEEP, challenges.FIRST_END, GRACE_MS),
    "changes": Ended(changes.ENDED, changes.FIRST_END, KEPT_MS, each=changes.FORGET),
    "invitations": Ended(invitations.SWEEP, invitations.FIRST_END, REMEMBERED_MS),
    # What happened to nobody in particular, or to people who are gone.
    "events": Ended(events.SWEEP, events.FIRST_END, NOBODYS_MS),
}


class Swept(NamedTuple):
    """How many rows of each kind were removed."""

    request_tokens: int = 0
    sessions: int = 0
    visits: int = 0
    guest_sessions: int = 0
    limits: int = 0
    calls: int = 0
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


async def sweep(house: House, rest: float = REST) -> Swept:
    """Remove every expired row, and every account whose time has come; how many there were.

    After each batch nothing is done for `rest` times as long as it took, or as `Pace` says.
    """
    pace = Pace(rest)
    trimmed = sum([await _clear(house, pace, _trim, busy) for busy in await house.read(_busy)])
    late = await house.read(overdue)
    counts = {name: await _clear(house, pace, _batch, kind) for name, kind in KINDS.items() if late[name]}
    counts["changes"] = counts.get("changes", 0) + trimmed
    rest = min(rest, HURRIED)  # these come seldom, and one may have much to it
    return Swept(
        **counts,
        jobs=await jobs.sweep(house, rest),
        accounts=await leaving.sweep(house, rest),
        unconfirmed=await unconfirmed.sweep(house, rest),
    )


async def overdue(_house: House, tx: Tx) -> dict[str, int]:
    """For how many milliseconds the oldest row of each kind could have been removed; 0 when there is none."""
    late = {}
    for name, kind in KINDS.items():
        first = await tx.one(kind.first)
        # Only what ended before the instant, not at it.
        late[name] = 0 if first is None else max(0, tx.now - kind.kept_ms - first * kind.unit_ms)
    return late


async def _clear(house: House, pace: Pace, batch: Callable[..., Coroutine[Any, Any, int]], what: object) -> int:
    """Remove all there is of something. A power cut may bring some back, so no batch waits for the disk."""
    return await pace.clear(lambda most: house.note(batch, what, most))


async def _batch(_house: House, tx: Tx, kind: Ended, most: int) -> int:
    before = (tx.now - kind.kept_ms) // kind.unit_ms
    if kind.each is None:
        return await tx.run(kind.sweep, before=before, most=most)
    return await _remove(tx, kind.each, await tx.all(kind.sweep, before=before, most=most))


async def _busy(_house: House, tx: Tx) -> list[changes.Author]:
    return await tx.all(changes.BUSY, since=tx.now - DAY_MS, looked=LOOKED, most=BUSY)


async def _trim(_house: House, tx: Tx, busy: changes.Author, most: int) -> int:
    """Keep no more of an app's changes than can be undone in reason."""
    whose = busy._asdict()
    if (before := await tx.one(changes.KEPT_FROM, newer=MOST - 1, **whose)) is None:
        return 0
    ended = await tx.all(changes.ENDED_OF_APP, before=before, most=most, **whose)
    return await _remove(tx, changes.FORGET, ended)


async def _remove(tx: Tx, each: Statement[None], keys: list[changes.Key]) -> int:
    await tx.many(each, [key._asdict() for key in keys])
    return len(keys)
