"""This file lets calls of a world go wrong on purpose."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from admitone.testing.control import Control


class Faults:
    """The fault rules of a world, in the order in which they are tried."""

    def __init__(self, control: Control, place: str) -> None:
        """`place` is the world's path."""
        self._control = control
        self._place = f"{place}/faults"

    def add(self, path: str = "*", *, times: int | None = 1, delay: timedelta | float | str = 0, **rule: Any) -> None:
        """Let the next calls that match go wrong: one of them unless `times` says otherwise, None for all.

        What matches: `path` with * for anything (/3/movie/*/rating), `method`, `app`. What happens: `status` with
        `code`, `message` or a whole `body`; `retry_after`; `delay` in real seconds; `drop` cuts the connection before
        an answer, `truncate` in the middle of it; `probability` lets chance decide, alike in each run.
        """
        if isinstance(delay, timedelta):
            delay = delay.total_seconds()
        wanted = {**rule, "path": path, "times": times, "delay": delay}
        self._control.call("POST", self._place, {name: value for name, value in wanted.items() if value is not None})

    @contextmanager
    def during(self, path: str = "*", **rule: Any) -> Iterator[None]:
        """The same for all calls within a block; afterwards the rules are those of before."""
        before = self.rules
        self.add(path, **{"times": None, **rule})
        try:
            yield
        finally:
            self._control.call("PUT", self._place, {"faults": [each["rule"] for each in before]})

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._control.call("DELETE", self._place)

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The rules in force, each with how many calls it has met."""
        return list(self._control.call("GET", self._place)["faults"])
