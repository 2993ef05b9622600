"""This file is a world's clock: it runs or stands still, and is moved over HTTP while it does."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from admitone.basics.clock import Clock

SECOND = 1000
UNITS = {"ms": 1, "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND, "d": 86_400 * SECOND, "w": 604_800 * SECOND}
PART = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*(ms|[smhdw])", re.ASCII)
EARLIEST = 0
LATEST = 253_402_300_799_999  # the end of 9999, beyond which no date can be written
LONGEST = 100 * 366 * UNITS["d"]


class MovableClock:
    """A clock that follows another at a distance, or stands still."""

    def __init__(self, source: Clock, start: int | None = None, *, frozen: bool = False) -> None:
        """Begin at `start` (UTC milliseconds), else at the source's present instant."""
        self._source = source
        self._ahead = 0
        self._stands: int | None = None
        if frozen:
            self.freeze(start)
        elif start is not None:
            self.set(start)

    def now(self) -> int:
        """The present instant of this world."""
        return self._source.now() + self._ahead if self._stands is None else self._stands

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._stands is not None

    @contextmanager
    def standing(self, ms: int) -> Iterator[None]:
        """Stand at `ms` for a while, then be as before."""
        before = self._ahead, self._stands
        self._stands = ms
        try:
            yield
        finally:
            self._ahead, self._stands = before

    def freeze(self, at: int | None = None) -> None:
        """Stand still from now on: at the present instant, or at `at`."""
        # The instant is said where it matters: between setting a clock that runs and stopping it, it would go on.
        self._stands = self.now() if at is None else at

    def run(self) -> None:
        """Go on from where it stands."""
        if self._stands is not None:
            self._ahead, self._stands = self._stands - self._source.now(), None

    def set(self, ms: int) -> None:
        """Be at `ms`, be it earlier or later; a clock that runs goes on from there."""
        if self._stands is None:
            self._ahead = ms - self._source.now()
        else:
            self._stands = ms


def read_span(text: str | float) -> int:
    """How long `61m`, `1h30m`, `90s`, `2d` or a number of seconds is, in milliseconds. Raises ValueError."""
    if isinstance(text, str):
        compact = text.strip()
        parts = PART.findall(compact)
        if not parts or PART.sub("", compact).strip():
            raise ValueError("a span of time is written like 61m, 1h30m, 90s or 250ms")
        span = round(sum(float(number) * UNITS[unit] for number, unit in parts))
    else:
        if not 0 <= text <= LONGEST / SECOND:  # also false for what is no number
            raise ValueError("a span of time is from 0 seconds to 100 years")
        span = round(text * SECOND)
    if span > LONGEST:
        raise ValueError("a span of time is from 0 seconds to 100 years")
    return span


def read_instant(text: str) -> int:
    """UTC milliseconds of an instant as ISO 8601 writes it; without a zone it is UTC. Raises ValueError."""
    try:
        instant = datetime.fromisoformat(text.strip())
        ms = round((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * SECOND)
    except (ValueError, OverflowError):
        raise ValueError("an instant is written like 2027-01-15T08:00:00Z") from None
    if not EARLIEST <= ms <= LATEST - LONGEST:
        raise ValueError("an instant is from 1970 to 9899")
    return ms


def written(ms: int) -> str:
    """An instant as ISO 8601 writes it."""
    return datetime.fromtimestamp(ms / SECOND, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
