"""This file is the floor of durable writes: group commit into SQLite, in one process, without HTTP.

`python -m bench.floors.commits JOB` keeps as many ratings waiting as the job says; each batch is one commit, on a
thread, with `synchronous=FULL`. With `savepoints` each rating has one, so that one that fails undoes no other.
"""

import asyncio
import json
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvloop

from admitone.store import ratings
from admitone.store.engine.sqlite import compiled, connect
from bench.loads.seen import Seen

FULL = 2  # what PRAGMA synchronous says


class GroupCommit:
    """Ratings wait for their batch; while one batch is being made durable on a thread, the next gathers."""

    def __init__(self, path: Path, *, savepoints: bool) -> None:
        """Open a migrated database."""
        self._connection = connect(path)
        if self._connection.execute("PRAGMA synchronous").fetchone() != (FULL,):
            raise ValueError("a floor that does not wait for the disk is no floor")
        self._sql, self._order = compiled()[ratings.OF_PEOPLE.rate]
        self._savepoints = savepoints
        self._waiting: deque[tuple[dict[str, Any], asyncio.Future[None]]] = deque()
        self._committer = ThreadPoolExecutor(1)
        self.written = 0

    async def rate(self, values: dict[str, Any]) -> None:
        """Keep one rating; it is durable when this returns."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((values, answer))
        await answer

    async def commit_for_ever(self) -> None:
        """Write what waits."""
        loop, connection = asyncio.get_running_loop(), self._connection
        while True:
            batch = []
            connection.execute("BEGIN IMMEDIATE")
            while self._waiting:
                values, answer = self._waiting.popleft()
                if self._savepoints:
                    connection.execute("SAVEPOINT flow")
                connection.execute(self._sql, self._order(values)).fetchall()
                if self._savepoints:
                    connection.execute("RELEASE flow")
                batch.append(answer)
            await loop.run_in_executor(self._committer, connection.execute, "COMMIT")
            for answer in batch:
                answer.set_result(None)
            self.written += len(batch)
            await asyncio.sleep(0)


async def commits(job: dict[str, Any]) -> Seen:
    """Keep as many ratings waiting as the job says, for so long."""
    group = GroupCommit(Path(job["path"]), savepoints=job["savepoints"])

    async def rate_for_ever(lane: int) -> None:
        number = lane
        while True:
            film = job["films"][number * 7 % len(job["films"])]
            account_id = job["people"][lane % len(job["people"])]
            await group.rate({**job["values"], "media_id": film, "rater_id": account_id})
            number = (number + job["waiting"]) % job["cycle"]

    tasks = [asyncio.create_task(rate_for_ever(lane)) for lane in range(job["waiting"])]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(group.commit_for_ever()))
    await asyncio.sleep(job["warm_s"])
    written, began, cpu = group.written, time.perf_counter(), time.process_time()
    while True:
        await asyncio.sleep(job["seconds"])
        if group.written != written:  # a machine so slow that none was is measured by one batch
            break
    seconds, cpu, written = time.perf_counter() - began, time.process_time() - cpu, group.written - written
    for task in tasks:
        if task.done():
            task.result()
        task.cancel()
    return Seen(answers=written, seconds=seconds, cpu_s={"server": cpu})


if __name__ == "__main__":
    print(json.dumps(asdict(uvloop.run(commits(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))))
