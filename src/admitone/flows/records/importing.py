"""This file takes in what people bring: read, shown, and then done in batches that survive being killed."""

import asyncio
import json
from typing import Any, NamedTuple

from admitone.flows import events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.records import jobs as running
from admitone.flows.records.matching import Found, find
from admitone.model.faults import Fault, Refused
from admitone.model.paging import ROWS, Page, offset
from admitone.model.records.entries import Clue, Entry, File, Reading, Skip, Sort, Unread
from admitone.model.records.jobs import KEPT_MS, LEASE_MS, READING_MS, Job, JobState, Outcome, Task
from admitone.model.records.reading import read
from admitone.store import lists, ratings
from admitone.store.engine.tx import Tx
from admitone.store.records import belongings, jobs

BATCH = 25
STAGED = 500
DEFAULT_LANGUAGE = "en"
EXAMPLES = 5


class LeftOut(NamedTuple):
    """Something of a file that came to nothing, and why; `line` is 0 for a file as a whole, or unsaid."""

    shown: str
    why: Skip
    file: str
    line: int
    sort: Sort | None = None


class Preview(NamedTuple):
    """What an import would bring: how many entries of each sort, lists, some titles; how many lines come to nothing."""

    sorts: dict[Sort, int]
    shelves: tuple[str, ...]
    examples: tuple[str, ...]
    unread: int


async def begin(house: House, account_id: int, sent: list[File], whose: str = "") -> None:
    """Read files and keep what they hold, to be shown and confirmed; an import that is not running makes way.

    Raises RECORDS_UNKNOWN, RECORDS_BROKEN, RECORDS_TOO_LARGE, RECORDS_OF_MANY, JOB_RUNNING.
    """
    async with house.reading:
        found = await asyncio.to_thread(read, sent, whose)
    await running.clear(house, account_id, Task.IMPORT)
    job = await house.write(_begin, account_id, found)
    rows = await asyncio.to_thread(_rows, found)
    for start in range(0, len(rows), STAGED):
        await house.write(_stage, job.id, rows[start : start + STAGED])
        await asyncio.sleep(0)
    await house.write(running.move, job.id, JobState.READING, JobState.READY, KEPT_MS)


async def start(_house: House, tx: Tx, account_id: int) -> None:
    """Do what was shown. Raises JOB_UNKNOWN when it is over, or was started already."""
    until = tx.now + KEPT_MS
    job_id = await tx.one(jobs.START, account_id=account_id, task=Task.IMPORT.value, now=tx.now, until=until)
    if job_id is None:
        raise Refused(Fault.JOB_UNKNOWN)
    await events.record(tx, Happened.IMPORT_STARTED, account_id=account_id)


def preview(job: Job) -> Preview:
    """What a job that was read would do."""
    told = json.loads(job.shelves)
    sorts = {Sort(name): count for name, count in told["sorts"].items()}
    names = tuple(shelf[0] for shelf in told["shelves"])
    return Preview(sorts, names, tuple(told["examples"]), told["unread"])


async def outcomes(_house: House, tx: Tx, job: Job) -> dict[str, int]:
    """How many entries came to what."""
    return dict(await tx.all(jobs.OUTCOMES, job_id=job.id))


async def left_out(house: House, tx: Tx, job: Job, page: int) -> Page[LeftOut]:
    """One page of what came to nothing, in the order of the files."""
    rows = await tx.all(jobs.LEFT_OUT_ROWS, job_id=job.id, most=ROWS, offset=offset(page))
    counts = await outcomes(house, tx, job)
    total = sum(counts.get(skip.value, 0) for skip in Skip)
    return Page(page, [_left_out(row.entry, row.outcome) for row in rows], total)


async def advance(house: House, tx: Tx, job: Job) -> Job | None:
    """Do the next entries of a job that is leased; the job as it is then, None when somebody else has it."""
    if job.done == 0:
        job = await _with_lists(tx, job)
    rows = await tx.all(jobs.NEXT_ROWS, job_id=job.id, seen=job.done, most=min(BATCH, job.total - job.done))
    done = rows[-1].number if rows else job.total
    moved = await tx.one(jobs.ADVANCE, job_id=job.id, seen=job.done, done=done, until=tx.now + LEASE_MS)
    if moved is None:
        return None
    shelves = json.loads(job.shelves)["shelves"]
    for row in rows:
        entry = _entry(json.loads(row.entry))
        outcome = await _bring(house, tx, job.account_id, entry, shelves)
        await tx.run(jobs.SET_OUTCOME, job_id=job.id, number=row.number, outcome=outcome.value)
    if done >= job.total:
        await running.move(house, tx, job.id, JobState.RUNNING, JobState.DONE, KEPT_MS)
        await events.record(tx, Happened.IMPORT_DONE, account_id=job.account_id, detail=job.origins)
    return job._replace(done=done, state=JobState.DONE if done >= job.total else job.state)


async def _begin(_house: House, tx: Tx, account_id: int, found: Reading) -> Job:
    counts = {sort: sum(entry.sort is sort for entry in found.entries) for sort in Sort}
    shown = dict.fromkeys(entry.clue.title for entry in found.entries[:STAGED] if entry.clue.title)
    told = {
        "sorts": {sort.value: count for sort, count in counts.items() if count},
        "shelves": [[*shelf, 0] for shelf in found.shelves],
        "examples": list(shown)[:EXAMPLES],
        "unread": len(found.unread),
    }
    job = await tx.one(
        jobs.BEGIN,
        account_id=account_id,
        task=Task.IMPORT.value,
        state=JobState.READING.value,
        origins=", ".join(origin.value for origin in found.origins),
        shelves=json.dumps(told),
        total=len(found.entries),
        now=tx.now,
        until=tx.now + READING_MS,
    )
    if job is None:
        raise Refused(Fault.JOB_RUNNING)
    return job


def _rows(found: Reading) -> list[dict[str, Any]]:
    """Entries are numbered from 1; behind them stands what came to nothing, its outcome known."""
    entries = [(json.dumps(entry), "") for entry in found.entries]
    unread = [(json.dumps(each), each.why.value) for each in found.unread]
    numbered = enumerate([*entries, *unread], start=1)
    return [{"number": number, "entry": entry, "outcome": outcome} for number, (entry, outcome) in numbered]


async def _stage(_house: House, tx: Tx, job_id: int, rows: list[dict[str, Any]]) -> None:
    await tx.many(jobs.ADD_ROW, [{"job_id": job_id, **row} for row in rows])


async def _with_lists(tx: Tx, job: Job) -> Job:
    """The job with the numbers of its lists: those that the person has by the same name, else new ones."""
    told = json.loads(job.shelves)
    own: dict[str, list[int]] = {}
    start = 0
    while page := await tx.all(belongings.LISTS, account_id=job.account_id, most=STAGED, offset=start):
        for each in page:
            own.setdefault(each.name, []).append(each.id)
        start += STAGED
    for shelf in told["shelves"]:
        name, description, language, public, _ = shelf
        same = own.get(name)
        shelf[4] = same.pop(0) if same else await _new_list(tx, job.account_id, name, description, language, public)
    text = json.dumps(told)
    await tx.run(jobs.SET_SHELVES, job_id=job.id, shelves=text)
    return job._replace(shelves=text)


async def _new_list(tx: Tx, account_id: int, name: str, description: str, language: str, public: bool) -> int:
    made = await tx.one(
        lists.CREATE,
        account_id=account_id,
        name=name,
        description=description,
        iso_639_1=language or DEFAULT_LANGUAGE,
        public=int(public),
        app_id=None,
        now=tx.now,
    )
    return made.id if made else 0


async def _bring(house: House, tx: Tx, account_id: int, entry: Entry, shelves: list[list[Any]]) -> Outcome | Skip:
    found = await find(house, tx, entry.clue)
    if isinstance(found, Skip):
        return found
    # Nothing was rated or kept in the future.
    at = min(entry.at, tx.now)
    if entry.sort is Sort.RATING:
        return await _bring_rating(tx, account_id, entry, found, at)
    which = {"media_type": found.media_type.value, "media_id": found.id}
    if entry.sort is Sort.LISTED:
        list_id = shelves[entry.list_number][4]
        # Its person may have deleted it since.
        if await tx.one(lists.TOUCH, list_id=list_id, account_id=account_id, now=tx.now) is None:
            return Skip.UNKNOWN
        added = await tx.one(lists.ADD_ITEM, list_id=list_id, **which, app_id=None, now=at or tx.now)
    else:
        added = await tx.one(
            belongings.BRING_MARK, account_id=account_id, mark=entry.sort.value, **which, at=at or tx.now
        )
    return Outcome.SAME if added is None else Outcome.ADDED


async def _bring_rating(tx: Tx, account_id: int, entry: Entry, found: Found, at: int) -> Outcome | Skip:
    clue = entry.clue
    if clue.media_type == "episode" and not (clue.season and clue.episode):
        return Skip.UNKNOWN
    subject = {
        "media_type": "episode" if clue.media_type == "episode" else found.media_type.value,
        "media_id": found.id,
        "season": clue.season,
        "episode": clue.episode,
    }
    given = await tx.one(
        belongings.BRING_RATING,
        account_id=account_id,
        **subject,
        halves=entry.halves,
        at=at or tx.now,
        newer_than=at,
    )
    if given is None:
        ours = await tx.one(belongings.RATING, account_id=account_id, **subject)
        return Outcome.SAME if ours == entry.halves else Outcome.KEPT
    people, halves = 0 if given.before else 1, given.halves - given.before
    if people or halves:
        await tx.run(ratings.VOTE, **subject, people=people, halves=halves)
    if not given.before:
        return Outcome.ADDED
    return Outcome.CHANGED if halves else Outcome.SAME


def _entry(kept: list[Any]) -> Entry:
    sort, clue, halves, at, number = kept
    return Entry(Sort(sort), Clue(*clue), halves, at, number)


def _left_out(kept: str, outcome: str) -> LeftOut:
    row = json.loads(kept)
    if len(row) == len(Unread._fields):
        unread = Unread(*row)
        return LeftOut(unread.shown, Skip(outcome), unread.file, unread.line)
    entry = _entry(row)
    clue = entry.clue
    shown = f"{clue.title} ({clue.year})" if clue.title and clue.year else clue.title
    return LeftOut(shown or clue.imdb_id or str(clue.tmdb_id), Skip(outcome), "", 0, entry.sort)
