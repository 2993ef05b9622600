"""This file knows how the one who reads a page wants it: in which time zone, light or dark; of the context."""

from contextvars import ContextVar
from datetime import UTC, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

REGIONS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)

_zone: ContextVar[tzinfo] = ContextVar("zone", default=UTC)
_appearance: ContextVar[str] = ContextVar("appearance", default="")


def suit(time_zone: str = "", appearance: str = "") -> None:
    """Show everything so from now on, as far as this context reaches; without a word in UTC, and as the device is."""
    _zone.set(_found(time_zone))
    _appearance.set(appearance)


def zone() -> tzinfo:
    """The time zone of the one who reads."""
    return _zone.get()


def appearance() -> str:
    """`light` or `dark`; empty for as the device is."""
    return _appearance.get()


@cache
def zones() -> tuple[str, ...]:
    """The time zones that somebody may choose, as this machine knows them."""
    return tuple(sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS and "/" in name))


@cache
def _found(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC  # chosen on another machine, which knew more of them
