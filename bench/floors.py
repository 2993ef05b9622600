"""This file is the floors: what the same machine does at the same moment for programs that do nothing but the least.

`python -m bench.floors http` is uvicorn with a bare application that routes and answers 300 bytes;
`python -m bench.floors commits JOB` is group commit into SQLite, in one process, without HTTP.
"""

import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from admitone.store import ratings
from admitone.store.engine.sqlite import connect
from admitone.store.engine.statements import Compilations
from bench.load import Seen

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY = json.dumps({"avatar": {"gravatar": {"hash": "0" * 32}}, "id": 1, "name": "x" * 215}).encode()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def account(_receive: Receive, send: Send) -> None:
    """Answer at once."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


PATHS = {"/3/account": account}


async def bare(scope: Message, receive: Receive, send: Send) -> None:
    """The whole application."""
    await PATHS[scope["path"]](receive, send)


def http() -> None:
    """Serve it as our own program is served."""
    config = uvicorn.Config(
        bare, port=0, http="httptools", loop="uvloop", ws="none", lifespan="off", access_log=False, server_header=False
    )
    config.log_level = "info"  # it says its port
    uvicorn.Server(config).run()


class GroupCommit:
    """Flows wait for their batch; while one batch is being made durable on a thread, the next gathers."""

    def __init__(self, path: Path) -> None:
        """Open a migrated database."""
        self._connection = connect(path)
        self._sql, self._order = Compilations(SQLiteDialect_pysqlite(paramstyle="qmark"))[ratings.OF_PEOPLE.rate]
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
                connection.execute(self._sql, self._order(values)).fetchall()
                batch.append(answer)
            await loop.run_in_executor(self._committer, connection.execute, "COMMIT")
            for answer in batch:
                answer.set_result(None)
            self.written += len(batch)
            await asyncio.sleep(0)


async def commits(job: dict[str, Any]) -> Seen:
    """Keep as many ratings waiting as the job says, for so long."""
    group = GroupCommit(Path(job["path"]))

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
    await asyncio.sleep(job["seconds"])
    seconds, cpu, written = time.perf_counter() - began, time.process_time() - cpu, group.written - written
    for task in tasks:
        if task.done():
            task.result()
        task.cancel()
    return Seen(answers=written, seconds=seconds, cpu_s={"server": cpu})


if __name__ == "__main__":
    if sys.argv[1] == "http":
        http()
    else:
        seen = uvloop.run(commits(json.loads(Path(sys.argv[2]).read_text())))
        print(json.dumps(asdict(seen)))
