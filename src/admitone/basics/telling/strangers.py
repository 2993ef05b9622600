"""This file counts what strangers send that is no request, and lets one line a minute tell of it."""

import logging
from typing import Final

from admitone.basics.clock import Clock
from admitone.basics.telling import metrics

EVERY_MS: Final = 60_000
MOST: Final = 16  # kinds of warnings that are told apart


class Strangers(logging.Filter):
    """Keeps whoever sends rubbish from filling the log: of each of the server's warnings one a minute, with a count."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[str, _Kind] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is written; what is not is in the count of the next."""
        if record.levelno != logging.WARNING:
            return True
        metrics.UNREADABLE.inc()
        name = str(record.msg) if str(record.msg) in self._kinds or len(self._kinds) < MOST else ""
        kind = self._kinds.setdefault(name, _Kind())
        kind.untold += 1
        now = self._clock.now()
        if kind.told_at is not None and 0 <= now - kind.told_at < EVERY_MS:
            return False
        record.msg, record.args = f"{record.getMessage()} (times since the last such line: {kind.untold})", None
        kind.told_at, kind.untold = now, 0
        return True


class _Kind:
    """When one kind of warning was last told of, and how many came since."""

    def __init__(self) -> None:
        self.told_at: int | None = None
        self.untold = 0
