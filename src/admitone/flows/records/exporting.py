"""This file makes the archive of everything that is kept about a person: one ZIP of JSON and CSV."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

from admitone.basics.letters import Letter
from admitone.basics.packing import PART, Packing
from admitone.flows import events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import notices
from admitone.flows.records import jobs as running
from admitone.model.faults import Fault, Refused
from admitone.model.records import own
from admitone.model.records.entries import Clue, Entry, Shelf, Sort
from admitone.model.records.jobs import KEPT_MS, LEASE_MS, Job, JobState, Task
from admitone.store.engine.statements import Statement
from admitone.store.engine.tx import Tx
from admitone.store.records import belongings, jobs
from admitone.store.records.belongings import MarkRow, RatingRow

BATCH = 500
MARKS = {Sort.FAVORITE: "favourites", Sort.WATCHLIST: "watchlist"}


async def begin(house: House, account_id: int) -> None:
    """Let the archive be made; one that was made before makes way. Raises JOB_RUNNING."""
    await running.clear(house, account_id, Task.EXPORT)
    await house.write(_begin, account_id)


async def make(house: House, job: Job) -> None:
    """Make the archive of a job that is leased, from its beginning; then tell the person."""
    packing = Packing()
    try:
        await _pack(house, job, packing)
        size = await asyncio.to_thread(packing.close)
        await house.write(_forget_parts, job.id)
        number = 0
        while content := await asyncio.to_thread(packing.part, number):
            await house.write(_keep_part, job, number, content)
            number += 1
        await house.write(_finish, job, size)
    finally:
        await asyncio.to_thread(packing.throw_away)


async def parts(house: House, job: Job) -> AsyncIterator[bytes]:
    """The archive, piece by piece."""
    for number in range(-(-job.total // PART)):
        content = await house.read(_part, job.id, number)
        if content is None:
            return
        yield content


async def ready(house: House, tx: Tx, account_id: int) -> Job:
    """The archive that can be fetched. Raises JOB_UNKNOWN."""
    job = await running.find(house, tx, account_id, Task.EXPORT)
    if job is None or job.state != JobState.DONE:
        raise Refused(Fault.JOB_UNKNOWN)
    await events.record(tx, Happened.EXPORT_FETCHED, account_id=account_id)
    return job


async def _begin(_house: House, tx: Tx, account_id: int) -> None:
    job = await tx.one(
        jobs.BEGIN,
        account_id=account_id,
        task=Task.EXPORT.value,
        state=JobState.RUNNING.value,
        origins="",
        shelves="",
        total=0,
        now=tx.now,
        until=tx.now + KEPT_MS,
    )
    if job is None:
        raise Refused(Fault.JOB_RUNNING)
    await events.record(tx, Happened.EXPORT_STARTED, account_id=account_id)


async def _pack(house: House, job: Job, packing: Packing) -> None:
    who = {"account_id": job.account_id}
    await packing.add("profile", "profile", [_profile(row) for row in await _page(house, belongings.PROFILE, 0, who)])
    await _pack_rows(house, job, packing, "ratings", Sort.RATING.value, belongings.RATINGS, who, _rating)
    for sort, name in MARKS.items():
        marked = {**who, "mark": sort.value}
        await _pack_rows(house, job, packing, name, sort.value, belongings.MARKS, marked, _marked(sort))
    await _pack_lists(house, job, packing)
    for name, statement, columns in OTHERS:
        told = _told(columns)
        await _pack_rows(house, job, packing, name, name, statement, who, told)


async def _pack_rows(
    house: House,
    job: Job,
    packing: Packing,
    name: str,
    kind: str,
    statement: Statement[Any],
    values: dict[str, Any],
    told: Callable[[Any], dict[str, Any]],
) -> None:
    start = 0
    await packing.add(name, kind, [])
    while rows := await _page(house, statement, start, values):
        await packing.add(name, kind, [told(row) for row in rows])
        await house.write(_still_ours, job)
        start += BATCH


async def _pack_lists(house: House, job: Job, packing: Packing) -> None:
    start = 0
    await packing.add("lists", "lists", [])
    while found := await _page(house, belongings.LISTS, start, {"account_id": job.account_id}):
        for each in found:
            items: list[Entry] = []
            while rows := await _page(house, belongings.ITEMS, len(items), {"list_id": each.id}):
                items += [_entry(Sort.LISTED, row) for row in rows]
            shelf = Shelf(each.name, each.description, each.iso_639_1, bool(each.public))
            await packing.add("lists", "lists", [own.list_row(shelf, items)])
            await house.write(_still_ours, job)
        start += BATCH


async def _page(house: House, statement: Statement[Any], start: int, values: dict[str, Any]) -> list[Any]:
    return await house.read(_rows, statement, start, values)


async def _rows(_house: House, tx: Tx, statement: Statement[Any], start: int, values: dict[str, Any]) -> list[Any]:
    if statement is belongings.PROFILE:
        return await tx.all(statement, **values)
    return await tx.all(statement, **values, most=BATCH, offset=start)


async def _still_ours(_house: House, tx: Tx, job: Job) -> None:
    if await tx.one(jobs.ADVANCE, job_id=job.id, seen=0, done=0, until=tx.now + LEASE_MS) is None:
        raise Refused(Fault.JOB_UNKNOWN)


async def _forget_parts(_house: House, tx: Tx, job_id: int) -> None:
    await tx.run(jobs.DROP_PARTS, job_id=job_id)


async def _keep_part(house: House, tx: Tx, job: Job, number: int, content: bytes) -> None:
    await _still_ours(house, tx, job)
    await tx.run(jobs.ADD_PART, job_id=job.id, number=number, content=content)


async def _finish(house: House, tx: Tx, job: Job, size: int) -> None:
    await running.move(house, tx, job.id, JobState.RUNNING, JobState.DONE, KEPT_MS)
    await tx.run(jobs.SET_TOTAL, job_id=job.id, total=size)
    await notices.tell(house, tx, job.account_id, Letter.EXPORT_READY)


async def _part(_house: House, tx: Tx, job_id: int, number: int) -> bytes | None:
    content: bytes | None = await tx.one(jobs.PART, job_id=job_id, number=number)
    return content


def _rating(row: RatingRow) -> dict[str, Any]:
    clue = Clue(
        row.media_type, row.media_id, row.imdb_id or "", row.title or "", row.year or 0, row.season, row.episode
    )
    return own.row(Entry(Sort.RATING, clue, row.halves, row.at))


def _marked(sort: Sort) -> Callable[[MarkRow], dict[str, Any]]:
    return lambda row: own.row(_entry(sort, row))


def _entry(sort: Sort, row: MarkRow) -> Entry:
    return Entry(sort, Clue(row.media_type, row.media_id, row.imdb_id or "", row.title or "", row.year or 0), 0, row.at)


def _told(columns: tuple[str, ...]) -> Callable[[Iterable[Any]], dict[str, Any]]:
    return lambda row: dict(zip(columns, row, strict=True))


def _profile(row: Iterable[Any]) -> dict[str, Any]:
    return dict(zip(PROFILE, row, strict=True))


PROFILE = ("username", "name", "email", "language", "country", "include_adult", "made_at", "object_id", "id")
CHANGES = (
    *("at", "app", "what", "list_id", "type", "tmdb_id", "season", "episode"),
    *("before", "after", "undone_at"),
)
# What else there is: the name of the file, where it comes from, its columns. Instants are milliseconds since 1970.
OTHERS: tuple[tuple[str, Statement[Any], tuple[str, ...]], ...] = (
    (
        "connected_apps",
        belongings.CONNECTIONS,
        (
            *("app", "website", "network", "made_at", "used_at", "ended_at"),
            *("approved_at", "approved_how", "approved_network", "approved_browser"),
        ),
    ),
    ("changes_by_apps", belongings.CHANGES, CHANGES),
    ("passkeys", belongings.PASSKEYS, ("name", "maker", "synced", "uses", "made_at", "used_at")),
    ("app_passwords", belongings.APP_PASSWORDS, ("name", "made_at", "used_at")),
    ("known_places", belongings.KNOWN_PLACES, ("made_at", "expires_at", "trusted_until")),
    ("signed_in", belongings.VISITS, ("made_at", "seen_at", "expires_at", "network")),
    ("history", belongings.EVENTS, ("at", "what", "network", "detail", "app")),
)
