"""This file writes instants (UTC milliseconds) as people say them: "4 minutes ago", "6 March 2026"."""

from dataclasses import dataclass
from datetime import UTC, datetime

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in words, and as a `datetime` attribute says it."""

    stamp: str
    words: str


def ago(instant: int, now: int) -> Moment:
    """`instant` as seen at `now`: relative below 24 hours, then yesterday with its time, then the date (ux.md §4.1)."""
    past = max(0, now - instant)
    moment = _utc(instant)
    if past < MINUTE:
        words = "less than a minute ago"
    elif past < HOUR:
        words = _count(past // MINUTE, "minute")
    elif past < DAY:
        words = _count(past // HOUR, "hour")
    elif _utc(now).date().toordinal() - moment.date().toordinal() == 1:
        words = f"yesterday at {moment:%H:%M} UTC"
    else:
        words = _date(moment)
    return Moment(_stamp(moment), words)


def day(instant: int, now: int) -> Moment:
    """The date of `instant`, without the year if it is this one's."""
    moment = _utc(instant)
    words = _date(moment)
    if moment.year == _utc(now).year:
        words = words.rsplit(" ", 1)[0]
    return Moment(_stamp(moment), words)


def _utc(instant: int) -> datetime:
    return datetime.fromtimestamp(instant / 1000, UTC)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _date(moment: datetime) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _count(number: int, unit: str) -> str:
    return f"1 {unit} ago" if number == 1 else f"{number} {unit}s ago"
