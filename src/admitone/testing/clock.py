"""This file moves the clock of a world."""

from datetime import datetime, timedelta
from typing import Any

from admitone.testing.control import Control


class Clock:
    """A world's clock: everything that expires in it obeys."""

    def __init__(self, control: Control, place: str) -> None:
        """`place` is the world's path."""
        self._control = control
        self._place = f"{place}/clock"

    @property
    def now(self) -> datetime:
        """The present instant in the world, in UTC."""
        return _instant(self._control.call("GET", self._place))

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return bool(self._control.call("GET", self._place)["frozen"])

    def advance(self, by: timedelta | float | str = 0, **units: float) -> datetime:
        """Move it forward, by `minutes=61`, a timedelta, seconds or a text like "1h30m"; the new instant."""
        if units:
            by = timedelta(**units) + (by if isinstance(by, timedelta) else timedelta(seconds=float(by)))
        return self._order(advance=by.total_seconds() if isinstance(by, timedelta) else by)

    def set(self, instant: datetime | str) -> datetime:
        """Move it to an instant, be it earlier or later; one without a time zone is UTC."""
        return self._order(set=_written(instant))

    def freeze(self, instant: datetime | str | None = None) -> datetime:
        """Let it stand still, at an instant or where it is."""
        return self._order(freeze=True) if instant is None else self._order(set=_written(instant), freeze=True)

    def run(self) -> datetime:
        """Let it go on."""
        return self._order(freeze=False)

    def _order(self, **order: Any) -> datetime:
        return _instant(self._control.call("POST", self._place, order))


def _written(instant: datetime | str) -> str:
    return instant.isoformat() if isinstance(instant, datetime) else instant


def _instant(state: Any) -> datetime:
    return datetime.fromisoformat(state["now"])
