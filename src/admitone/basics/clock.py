"""This file tells the time: whole UTC milliseconds, from the machine or from a hand that moves it.

It is the only place that asks the machine; everything else is given an instant.
"""

import time
from threading import Lock
from typing import Protocol

_NANOSECONDS_IN_A_MILLISECOND = 1_000_000


class Clock(Protocol):
    """Anything that knows the present instant."""

    def now(self) -> int:
        """Return the present instant in UTC milliseconds since 1970."""
        ...


class SystemClock:
    """The machine's clock, held so that it never steps back.

    When the wall clock is set back, this one stays at the latest instant it told until the wall has passed it, so that
    nothing that has expired comes back to life (security.md F13, I17).
    """

    def __init__(self) -> None:
        """Start at the wall's present instant."""
        self._lock = Lock()
        self._latest = 0

    def now(self) -> int:
        """Return the present instant in UTC milliseconds, never less than any told before."""
        wall = time.time_ns() // _NANOSECONDS_IN_A_MILLISECOND
        if wall == self._latest:  # as nearly always: it need not be moved
            return wall
        with self._lock:
            self._latest = max(self._latest, wall)
            return self._latest

    def not_before(self, ms: int) -> None:
        """Raise the floor to `ms`: the store's latest instant at start, so that a restart does not step back either."""
        with self._lock:
            self._latest = max(self._latest, ms)


class ManualClock:
    """A clock that stands still until it is moved: for tests and the sandbox."""

    def __init__(self, start_ms: int) -> None:
        """Stand at `start_ms`."""
        self._now = start_ms

    def now(self) -> int:
        """Return the instant the clock stands at, in UTC milliseconds."""
        return self._now

    def advance(self, ms: int) -> None:
        """Move forward by `ms` milliseconds; a negative step is a mistake of the caller and raises ValueError."""
        if ms < 0:
            msg = f"a clock advances by zero or more milliseconds, not by {ms}; set() moves it back"
            raise ValueError(msg)
        self._now += ms

    def set(self, ms: int) -> None:
        """Stand at `ms`, be it earlier or later."""
        self._now = ms
