"""This file tells the time: whole UTC milliseconds, from the machine or from a hand that moves it.

It is the only place that asks the machine; everything else is given an instant.
"""

import time
from threading import Lock
from typing import Protocol

_NANOSECONDS_IN_A_MILLISECOND = 1_000_000
SLOWER = 2  # as the wall, while that catches up


class Clock(Protocol):
    """Anything that knows the present instant."""

    def now(self) -> int:
        """Return the present instant in UTC milliseconds since 1970."""
        ...


class SystemClock:
    """The machine's clock, held so that it never steps back.

    When the wall clock is set back, this one goes on from the latest instant it told, at half the speed, until the wall
    has passed it: nothing that has expired comes back to life (security.md F13, I17), and what lasts for a second, such
    as the calls that an app may make in it, does not last until then.
    """

    def __init__(self) -> None:
        """Start at the wall's present instant."""
        self._lock = Lock()
        self._latest = 0
        self._held: tuple[int, int] | None = None  # while the wall is behind: from which instant on, since when

    def now(self) -> int:
        """Return the present instant in UTC milliseconds, never less than any told before."""
        wall = time.time_ns() // _NANOSECONDS_IN_A_MILLISECOND
        if wall == self._latest and self._held is None:  # as nearly always: it need not be moved
            return wall
        with self._lock:
            if wall >= self._latest:
                self._latest, self._held = wall, None
            else:
                self._latest = max(self._latest, self._slowly())
            return self._latest

    def _slowly(self) -> int:
        """The instant that it is when nobody asks the wall: half of what has passed since that was found behind."""
        steady = time.monotonic_ns()
        if self._held is None:
            self._held = self._latest, steady
        instant, since = self._held
        return instant + (steady - since) // (SLOWER * _NANOSECONDS_IN_A_MILLISECOND)

    def not_before(self, ms: int) -> None:
        """Raise the floor to `ms`: the store's latest instant at start, so that a restart does not step back either."""
        with self._lock:
            if ms > self._latest:
                self._latest, self._held = ms, None


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
