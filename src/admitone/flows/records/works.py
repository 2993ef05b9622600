"""This file works on imports and archives: one worker a job, by lease; killed, the next goes on where it was."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from admitone.basics.log import kinds_and_places
from admitone.flows.house import House
from admitone.flows.records import exporting, importing
from admitone.flows.records import jobs as running
from admitone.model.faults import Refused
from admitone.model.records.jobs import KEPT_MS, LEASE_MS, Job, JobState, Task
from admitone.store.engine.tx import Tx
from admitone.store.records import jobs

# For what somebody else has left behind: who orders a job has it begun at once.
LOOK_EVERY_S = 10.0

_log = structlog.get_logger()


async def work(house: House) -> int:
    """Do everything that waits, a job after the other; how many were worked on."""
    count = 0
    while await house.read(_is_due):
        job = await house.write(_lease)
        if job is None:
            break  # somebody else was faster
        await _do(house, job)
        count += 1
    return count


async def work_for_ever(house: House, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Look every few seconds for what waits, whatever happens."""
    while True:
        await attend(house)
        await pause(LOOK_EVERY_S)


async def attend(house: House) -> None:
    """Do what waits now, whatever happens."""
    try:
        await work(house)
    except Refused as refusal:
        _log.warning("no work done", fault=refusal.fault.value)
    except Exception:  # noqa: BLE001 - a bug in one job must not end the work on all
        _log.exception("no work done")


async def _do(house: House, job: Job) -> None:
    try:
        if job.task == Task.EXPORT:
            await exporting.make(house, job)
            return
        left: Job | None = job
        while left is not None and left.state != JobState.DONE:
            left = await house.write(importing.advance, left)
            await asyncio.sleep(0)
    except Refused as refusal:
        # The database is busy or gone, or somebody else has the job: its lease runs out, and it goes on.
        _log.warning("job interrupted", job=job.id, fault=refusal.fault.value)
    except Exception as error:  # noqa: BLE001 - a bug in one job must not hold up all that wait behind it
        _log.error("job failed", job=job.id, task=job.task, exception=kinds_and_places(error))
        await house.write(running.move, job.id, JobState.RUNNING, JobState.FAILED, KEPT_MS)


async def _is_due(_house: House, tx: Tx) -> bool:
    return await tx.one(jobs.IS_DUE, now=tx.now) is not None


async def _lease(_house: House, tx: Tx) -> Job | None:
    return await tx.one(jobs.LEASE, now=tx.now, until=tx.now + LEASE_MS)
