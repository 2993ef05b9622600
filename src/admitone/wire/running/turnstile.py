"""This file lets callers in, or turns them away at once when they would only wait: the server stays quick when flooded.

How long callers wait is seen in two places, one after the other: how late the event loop is with what is due (so long
nobody reads what somebody asks who comes then; the processor is the bottleneck), and how long flows wait for their turn
at the database.
"""

import asyncio
import time
from collections.abc import Callable

import structlog

from admitone.basics.telling import metrics
from admitone.model.faults import Fault, Refused
from admitone.model.shedding import INTERVAL_S, Room
from admitone.wire import answers
from admitone.wire.asgi import USUAL_ENCODED, Receive, Scope, Send
from admitone.wire.exchange import NOBODY_KEEPS

TELL_S = 10.0  # between two lines in the log about callers who were turned away
COME_BACK = Refused(Fault.OVERLOADED, retry_after=1)
BUSY = answers.refused(COME_BACK)
# Made once: the less a refusal costs, the more callers are let in.
BUSY_HEADERS = [
    *USUAL_ENCODED,
    (b"content-type", BUSY.content_type),
    (b"content-length", b"%d" % len(BUSY.body)),
    (b"cache-control", NOBODY_KEEPS),
    (b"retry-after", b"1"),
]

_log = structlog.get_logger()


class Turnstile:
    """At the entrance of a process: counts who is inside, and says who may not come in."""

    def __init__(self, waited: Callable[[], float]) -> None:
        """`waited` tells for how many seconds the flow that has waited longest for the database has waited."""
        self._waited = waited
        self._room = Room()
        self._inside = 0
        self._most_inside = 0  # since the last look
        self._refused = 0

    def enter(self) -> bool:
        """Let a request in, which must leave again, or turn it away."""
        if self._inside >= self._room.places:
            self._refused += 1
            metrics.TURNED_AWAY.inc()
            return False
        self._inside += 1
        self._most_inside = max(self._most_inside, self._inside)
        return True

    def leave(self) -> None:
        """A request that came in has its answer, or is gone."""
        self._inside -= 1

    def look(self, late_s: float) -> None:
        """Take account of how long callers wait now; `late_s` is how late the event loop was with what was due."""
        self._room.look(late_s + self._waited(), self._most_inside)
        self._most_inside = self._inside
        metrics.ROOM.set(self._room.places)

    async def watch_for_ever(self) -> None:
        """Look again and again, and tell of those who were turned away."""
        told = time.monotonic()
        while True:
            due = time.monotonic() + INTERVAL_S
            await asyncio.sleep(INTERVAL_S)
            now = time.monotonic()
            self.look(now - due)
            if self._refused and now - told >= TELL_S:
                _log.warning("turned away", fault=Fault.OVERLOADED.value, requests=self._refused)
                told, self._refused = now, 0


async def turn_away(scope: Scope, _receive: Receive, send: Send) -> None:
    """An ASGI application for programs that are turned away: 503, code 9, Retry-After."""
    await send({"type": "http.response.start", "status": BUSY.status, "headers": BUSY_HEADERS})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else BUSY.body})
