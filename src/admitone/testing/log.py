"""This file reads the log of a world: what was called, what was answered, and why it was refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, overload

from admitone.testing.control import Control


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `kind` is call, person or control, `reason` why it was refused; no secret is in it."""

    number: int = 0
    at: str = ""
    kind: str = ""
    what: str = ""
    method: str = ""
    path: str = ""
    query: str = ""
    body: str = ""
    status: int = 0
    answer: str = ""
    location: str = ""
    milliseconds: float = 0.0
    app: str = ""
    agent: str = ""
    fault: str = ""
    reason: str = ""
    rule: int = 0

    def __str__(self) -> str:
        """The entry on a line, and its reason on another if it has one."""
        at = self.at[11:23]
        if self.kind != "call":
            line = f"{at}  {self.kind:7} {self.what}"
        else:
            asked = f"{self.method} {self.path}{'?' if self.query else ''}{self.query}"
            sent = f" {self.body}" if self.body else ""
            line = f"{at}  {self.status or 'cut':<7} {asked}{sent}"
        return f"{line}\n{'':14}{'':7} {self.reason}" if self.reason else line


NAMES = {field.name for field in fields(Entry)}


class Log(Sequence[Entry]):
    """What happened in a world so far, oldest first; asked for anew each time."""

    def __init__(self, control: Control, place: str) -> None:
        """`place` is the world's path."""
        self._control = control
        self._place = f"{place}/log"

    @property
    def entries(self) -> list[Entry]:
        """All of it."""
        return [_entry(each) for each in self._control.call("GET", self._place)["log"]]

    @property
    def calls(self) -> list[Entry]:
        """What apps and browsers asked."""
        return [entry for entry in self.entries if entry.kind == "call"]

    @property
    def refused(self) -> list[Entry]:
        """What was refused, each with its `fault` and `reason`."""
        return [entry for entry in self.entries if entry.fault or entry.status >= 400]

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        """An entry by its place."""
        return self.entries[index]

    def __iter__(self) -> Iterator[Entry]:
        """Each entry."""
        return iter(self.entries)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.entries)

    def __str__(self) -> str:
        """All of it to be read."""
        return "\n".join(map(str, self.entries))


def _entry(told: dict[str, Any]) -> Entry:
    # A newer sandbox may tell more.
    return Entry(**{name: value for name, value in told.items() if name in NAMES})
