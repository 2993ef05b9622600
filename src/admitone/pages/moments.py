"""This file writes instants (UTC milliseconds) as people say them: "4 minutes ago", "6 March 2026"."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from babel.dates import format_date, format_skeleton, format_time, format_timedelta

from admitone.basics.languages import gettext, language
from admitone.pages.people.tastes import zone

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in words, and as a `datetime` attribute says it."""

    stamp: str
    words: str


def ago(instant: int, now: int) -> Moment:
    """`instant` as seen at `now`: relative below 24 hours, then yesterday with its time, then the date (ux.md §4.1)."""
    past = max(0, now - instant)
    moment = _local(instant)
    if past < MINUTE:
        words = gettext("less than a minute ago")
    elif past < HOUR:
        words = _past(timedelta(minutes=past // MINUTE))
    elif past < DAY:
        words = _past(timedelta(hours=past // HOUR))
    elif _local(now).date().toordinal() - moment.date().toordinal() == 1:
        at = format_time(moment, "short", locale=language().locale)
        words = (
            gettext("yesterday at {time} UTC", time=at) if zone() is UTC else gettext("yesterday at {time}", time=at)
        )
    else:
        words = _date(moment)
    return Moment(_stamp(moment), words)


def day(instant: int, now: int) -> Moment:
    """The date of `instant`, without the year if it is this one's."""
    moment = _local(instant)
    if moment.year == _local(now).year:
        return Moment(_stamp(moment), format_skeleton("MMMMd", moment, locale=language().locale))
    return Moment(_stamp(moment), _date(moment))


def date(instant: int) -> Moment:
    """The date of `instant`, with its year."""
    moment = _local(instant)
    return Moment(_stamp(moment), _date(moment))


def _local(instant: int) -> datetime:
    return datetime.fromtimestamp(instant / 1000, zone())


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _date(moment: datetime) -> str:
    return format_date(moment, "long", locale=language().locale)


def _past(length: timedelta) -> str:
    return format_timedelta(-length, add_direction=True, threshold=1, locale=language().locale)
