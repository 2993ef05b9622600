"""This file keeps a world's log: every call and answer, with the fault that explains a refusal, and no secret in it."""

import asyncio
from collections import deque
from collections.abc import Callable

import msgspec

from admitone.sandbox.clock import written

MOST_ENTRIES = 500
MOST_CHARACTERS = 200_000


class Entry(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One thing that happened in a world, at `at` by the world's clock.

    `kind` is `call` (a request and its answer), `person` (what a scripted person did) or `control` (the world was
    changed by its developer). `fault` is why it was refused, finer than the wire tells; `reason` says it in words.
    `rule` is the fault rule that acted. Texts are masked.
    """

    number: int
    at: str
    kind: str
    what: str
    method: str = ""
    path: str = ""
    query: str = ""
    body: str = ""
    status: int = 0
    answer: str = ""
    location: str = ""
    milliseconds: float = 0.0
    app: str = ""
    agent: str = ""
    fault: str = ""
    reason: str = ""
    rule: int = 0

    @property
    def size(self) -> int:
        """About how many characters it keeps."""
        return 200 + len(self.path) + len(self.query) + len(self.body) + len(self.answer) + len(self.reason)


class WorldLog:
    """The newest entries of one world; the oldest go when there are too many or they are too long together."""

    def __init__(self, now: Callable[[], int]) -> None:
        """`now` tells the world's instant."""
        self._now = now
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._waiting: set[asyncio.Event] = set()
        self.newest = 0

    def write(self, kind: str, what: str, **facts: object) -> Entry:
        """Add what happened just now; every text of it is masked already."""
        self.newest += 1
        entry = msgspec.convert(
            {"number": self.newest, "at": written(self._now()), "kind": kind, "what": what, **facts}, Entry
        )
        self._keep(entry)
        for event in self._waiting:
            event.set()
        return entry

    def after(self, number: int, most: int = MOST_ENTRIES) -> list[Entry]:
        """The entries after that number, oldest first; the newest of them where there are more than `most`."""
        return [entry for entry in self._entries if entry.number > number][-most:] if most else []

    async def wait(self, number: int, seconds: float) -> None:
        """Wait until there is an entry after that number, or so many seconds."""
        if self.newest > number:
            return
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(event)

    def restore(self, entries: list[Entry]) -> None:
        """Have exactly these entries, as far as there is room."""
        self._entries.clear()
        self._size, self.newest = 0, max((entry.number for entry in entries), default=0)
        for entry in entries:
            self._keep(entry)

    def _keep(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._size += entry.size
        while len(self._entries) > MOST_ENTRIES or (self._size > MOST_CHARACTERS and len(self._entries) > 1):
            self._size -= self._entries.popleft().size
