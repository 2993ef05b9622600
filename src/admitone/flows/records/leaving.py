"""This file lets people delete their account: off at once, kept for 14 days, then erased from every table."""

from admitone.basics.digests import Kind
from admitone.basics.letters import Letter
from admitone.flows import apps, events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import addresses, notices
from admitone.flows.resting import rest_after
from admitone.model.faults import Fault, Refused
from admitone.model.records.jobs import GRACE_MS, RESERVED_MS, Leaving, Task
from admitone.store import ratings, request_tokens, sessions, visits
from admitone.store.engine.tx import Tx
from admitone.store.records import jobs, leaving
from admitone.store.records.leaving import OwnApp

BATCH = 200

__all__ = ["OwnApp", "ask", "erase_now", "keep", "of_account", "own_apps", "sweep"]


async def ask(house: House, tx: Tx, account_id: int, network: str, until: str) -> None:
    """Delete an account: signed out and disconnected everywhere at once, erased after 14 days.

    `until` is that day as the letter about it says it. Raises ACCOUNT_SWITCHED_OFF, RECOVERED_LATELY.
    """
    await _must_be_settled(house, tx, account_id)
    if await tx.one(leaving.SWITCH_OFF, account_id=account_id, now=tx.now) is None:
        raise Refused(Fault.ACCOUNT_SWITCHED_OFF)
    await tx.run(leaving.ASK, account_id=account_id, now=tx.now, until=tx.now + GRACE_MS)
    await tx.run(visits.END_ALL_OF_ACCOUNT, account_id=account_id)
    # In this order: an exchange that is under way is waited for here, and its session ends below.
    await tx.run(request_tokens.REVOKE_ALL_OF_ACCOUNT, account_id=account_id, now=tx.now)
    await tx.run(sessions.END_ALL_OF_ACCOUNT, account_id=account_id, now=tx.now)
    await notices.tell(house, tx, account_id, Letter.DELETION_STARTED, network=network, until=until)


async def _must_be_settled(house: House, tx: Tx, account_id: int) -> None:
    try:
        await addresses.must_be_settled(house, tx, account_id)
    except Refused as refused:
        # Nobody by that number who is not switched off: it is leaving already.
        raise Refused(Fault.ACCOUNT_SWITCHED_OFF) if refused.fault is Fault.ACCOUNT_UNKNOWN else refused from refused


async def of_account(_house: House, tx: Tx, account_id: int) -> Leaving | None:
    """Since when an account is leaving, and until when; None when it is not."""
    return await tx.one(leaving.FIND, account_id=account_id)


async def keep(_house: House, tx: Tx, account_id: int) -> None:
    """Take a deletion back: everything is as it was, but for the apps and browsers, which stay away.

    Raises ACCOUNT_UNKNOWN when it is too late.
    """
    asked_at = await tx.one(leaving.TAKE_BACK, account_id=account_id, now=tx.now)
    if asked_at is None:
        raise Refused(Fault.ACCOUNT_UNKNOWN)
    await tx.one(leaving.SWITCH_ON, account_id=account_id, asked_at=asked_at)
    await events.record(tx, Happened.DELETION_TAKEN_BACK, account_id=account_id)


async def erase_now(house: House, account_id: int) -> None:
    """Erase an account that is leaving without waiting any longer.

    Raises ACCOUNT_UNKNOWN, and ADDRESS_CHANGED_LATELY while somebody can still take a change of address back.
    """
    await house.write(_hasten, account_id)
    await _erase(house, account_id)


async def own_apps(_house: House, tx: Tx, account_id: int) -> list[OwnApp]:
    """The apps that a person has registered: they go with the account."""
    return await tx.all(leaving.OWN_APPS, account_id=account_id)


async def sweep(house: House, rest: float = 0) -> int:
    """Erase every account whose time has come, and let go of names that were reserved long enough.

    After each batch there is a rest.
    """
    await house.write(_sweep_names)
    count = 0
    while (account_id := await house.read(_due)) is not None:
        await _erase(house, account_id, rest)
        count += 1
    return count


async def _erase(house: House, account_id: int, rest: float = 0) -> None:
    for step in (_unrate, _unmark, _unlist, _drop_job_rows):
        while await rest_after(house.write(step, account_id), rest):
            pass
    for app in await house.read(own_apps, account_id):
        await house.write(apps.remove, app.public_id)
    await house.write(_last_letter, account_id)
    while await rest_after(house.write(_forget_events, account_id), rest):
        pass
    await house.write(_end, account_id)


async def _must_be_due(tx: Tx, account_id: int) -> None:
    if await tx.one(leaving.STILL_DUE, account_id=account_id, now=tx.now) is None:
        raise Refused(Fault.ACCOUNT_UNKNOWN)


async def _unrate(_house: House, tx: Tx, account_id: int) -> int:
    await _must_be_due(tx, account_id)
    rated = [each._asdict() for each in await tx.all(leaving.RATED, account_id=account_id, most=BATCH)]
    await tx.many(leaving.UNRATE, rated)
    await tx.many(ratings.VOTE, [{**each, "people": -1, "halves": -each["halves"]} for each in rated])
    return len(rated)


async def _unmark(_house: House, tx: Tx, account_id: int) -> int:
    await _must_be_due(tx, account_id)
    marked = await tx.all(leaving.MARKED, account_id=account_id, most=BATCH)
    await tx.many(leaving.UNMARK, [each._asdict() for each in marked])
    return len(marked)


async def _unlist(_house: House, tx: Tx, account_id: int) -> int:
    await _must_be_due(tx, account_id)
    return await tx.run(leaving.UNLIST, account_id=account_id, most=BATCH)


async def _drop_job_rows(_house: House, tx: Tx, account_id: int) -> int:
    await _must_be_due(tx, account_id)
    count = 0
    for task in Task:
        job = await tx.one(jobs.FIND, account_id=account_id, task=task.value, now=0)
        count += await tx.run(jobs.DROP_ROWS, job_id=job.id, most=BATCH) if job else 0
    return count


async def _last_letter(house: House, tx: Tx, account_id: int) -> None:
    await _must_be_due(tx, account_id)
    await notices.tell(house, tx, account_id, Letter.ACCOUNT_DELETED)


async def _forget_events(_house: House, tx: Tx, account_id: int) -> int:
    await _must_be_due(tx, account_id)
    return await tx.run(leaving.FORGET_EVENTS, account_id=account_id, most=BATCH)


async def _end(house: House, tx: Tx, account_id: int) -> None:
    await _must_be_due(tx, account_id)
    key = await tx.one(leaving.NAME_KEY, account_id=account_id)
    await tx.run(leaving.FORGET_EVENTS, account_id=account_id, most=BATCH)
    await tx.one(leaving.ERASE, account_id=account_id)
    await tx.run(leaving.RESERVE, digest=house.digests.of(Kind.NAME, str(key)), until=tx.now + RESERVED_MS)


async def _hasten(_house: House, tx: Tx, account_id: int) -> None:
    letter = Letter.ADDRESS_CHANGED.value
    if await tx.one(leaving.HASTEN, account_id=account_id, letter=letter, now=tx.now) is None:
        waits = await tx.one(leaving.FIND, account_id=account_id)
        raise Refused(Fault.ADDRESS_CHANGED_LATELY if waits else Fault.ACCOUNT_UNKNOWN)


async def _due(_house: House, tx: Tx) -> int | None:
    found: int | None = await tx.one(leaving.DUE, now=tx.now)
    return found


async def _sweep_names(_house: House, tx: Tx) -> None:
    await tx.run(leaving.SWEEP_NAMES, now=tx.now)
