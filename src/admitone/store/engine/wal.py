"""This file moves SQLite's write-ahead log into the database, on a thread of its own beside whoever reads and writes.

A commit that did it would keep everybody waiting who comes after it, for as long as a thousand pages take.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

MOVE = "PRAGMA wal_checkpoint(PASSIVE)"
MOST_CHANGED = 1_000  # rows; with their indexes some thousand pages
# Where the log has so many pages all the same, whoever commits moves it.
MOST_PAGES = 16_000


class Log:
    """The write-ahead log of one file, as one process sees it. Belongs to the event loop in which it is used."""

    def __init__(self, connection: sqlite3.Connection, finish: Callable[[], None]) -> None:
        """`finish` is called when `rest` has become true."""
        # Whether something was written while the log was moved: the log begins anew only where nothing is left of it,
        # so this little is to be moved while nobody writes.
        self.rest = False
        self._connection = connection
        self._to_finish = finish
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="log")
        self._moving: asyncio.Future[object] | None = None
        self._rows = 0

    def grew(self, rows: int) -> None:
        """So many rows more were changed: begin to move it, when that is worth while and not under way."""
        self._rows += rows
        if self._moving is None and self._rows >= MOST_CHANGED:
            self._rows = 0
            self._moving = self._move()
            self._moving.add_done_callback(self._has_moved)

    async def finish(self) -> None:
        """Move the rest, which whoever calls keeps from growing."""
        await self._move()
        self._rows = 0

    async def aclose(self) -> None:
        """Wait for what is under way."""
        if self._moving is not None:
            self._moving.remove_done_callback(self._has_moved)
            await asyncio.wait([self._moving])
        self._thread.shutdown()
        self._connection.close()

    def _move(self) -> "asyncio.Future[object]":
        return asyncio.get_running_loop().run_in_executor(self._thread, self._connection.execute, MOVE)

    def _has_moved(self, moving: "asyncio.Future[object]") -> None:
        self._moving = None
        # A disk that fails is told to those who commit.
        if not moving.cancelled() and moving.exception() is None and self._rows:
            self.rest = True
            self._to_finish()
