"""This file keeps imports and archives: finds a person's, moves one on, and clears what is over, a batch at a time."""

from admitone.flows.house import House
from admitone.flows.resting import rest_after
from admitone.model.faults import Fault, Refused
from admitone.model.records.jobs import Job, JobState, Task
from admitone.store.engine.tx import Tx
from admitone.store.records import jobs

BATCH = 500


async def find(_house: House, tx: Tx, account_id: int, task: Task) -> Job | None:
    """A person's import or archive, None when there is none."""
    return await tx.one(jobs.FIND, account_id=account_id, task=task.value, now=tx.now)


async def move(_house: House, tx: Tx, job_id: int, before: JobState, after: JobState, lasts: int) -> None:
    """Let a job go from one state to another, once. Raises JOB_UNKNOWN when it is not in the first."""
    values = {"before": before.value, "after": after.value}
    if await tx.one(jobs.MOVE, job_id=job_id, **values, until=tx.now + lasts) is None:
        raise Refused(Fault.JOB_UNKNOWN)


async def clear(house: House, account_id: int, task: Task) -> None:
    """Take away a person's import or archive, unless it is running. Raises JOB_RUNNING."""
    job_id = await house.read(_ending, account_id, task)
    if job_id is not None:
        await _empty(house, job_id)
        await house.write(_end, account_id, task)


async def sweep(house: House, rest: float = 0) -> int:
    """Take away every job whose time is over, with a rest after each batch; how many there were."""
    count = 0
    while (job_id := await house.read(_expired)) is not None:
        await _empty(house, job_id, rest)
        await house.write(_remove, job_id)
        count += 1
    return count


async def _ending(house: House, tx: Tx, account_id: int, task: Task) -> int | None:
    job_id: int | None = await tx.one(jobs.ENDING, account_id=account_id, task=task.value)
    if job_id is None and await find(house, tx, account_id, task) is not None:
        raise Refused(Fault.JOB_RUNNING)
    return job_id


async def _empty(house: House, job_id: int, rest: float = 0) -> None:
    while await rest_after(house.write(_drop_rows, job_id), rest):
        pass
    await house.write(_drop_parts, job_id)


async def _drop_rows(_house: House, tx: Tx, job_id: int) -> int:
    return await tx.run(jobs.DROP_ROWS, job_id=job_id, most=BATCH)


async def _drop_parts(_house: House, tx: Tx, job_id: int) -> None:
    await tx.run(jobs.DROP_PARTS, job_id=job_id)


async def _end(_house: House, tx: Tx, account_id: int, task: Task) -> None:
    await tx.one(jobs.END, account_id=account_id, task=task.value)


async def _expired(_house: House, tx: Tx) -> int | None:
    found: int | None = await tx.one(jobs.EXPIRED, now=tx.now)
    return found


async def _remove(_house: House, tx: Tx, job_id: int) -> None:
    await tx.one(jobs.REMOVE, job_id=job_id)
