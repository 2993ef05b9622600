"""This file is what every command stands in: its options, its way into the house, its way of saying things."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from admitone import settings as reading
from admitone.app import open_house
from admitone.basics.keyring import KeyRingError
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.pages.words import say_refused
from admitone.settings import Settings, SettingsError
from admitone.store.engine import AddressError, SchemaError

T = TypeVar("T")

Config = Annotated[Path | None, typer.Option("--config", help="A TOML file with settings.", show_default=False)]
Database = Annotated[
    str | None, typer.Option("--database", help="sqlite:///FILE or postgresql://…", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

UNUSABLE = 2

# Where an operator can do something else about it than a person on a page.
FOR_OPERATORS = {
    Fault.ACCOUNT_UNKNOWN: "There is nobody of this user name; `admitone account list` shows everybody.",
    Fault.APP_UNKNOWN: "There is no such app; `admitone app list` shows them all.",
    Fault.RETURN_ADDRESS_BAD: "People cannot be sent back to this address.",
    Fault.STORE_BUSY: "The database is too busy; try again.",
    Fault.STORE_DOWN: "The database cannot be used.",
    Fault.OUTCOME_UNKNOWN: "The database broke off; look whether it was done before you try again.",
}


def settings(config: Path | None, **flags: Any) -> Settings:
    """The settings, with the flags that were given. Ends the program with a sentence when they cannot be read."""
    try:
        return reading.load(flags, file=config)
    except SettingsError as error:
        stop(str(error), UNUSABLE)


def in_house(chosen: Settings, work: Callable[[House], Awaitable[T]]) -> T:
    """Open the house, do one thing in it, close it; refusals and broken set-ups end the program with a sentence."""

    async def run() -> T:
        async with open_house(chosen) as house:
            return await work(house)

    with sentences():
        return asyncio.run(run())


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what an operator can mend into a sentence and status 1; anything else is a bug and keeps its traceback."""
    try:
        yield
    except Refused as refusal:
        stop(explained(refusal))
    except (AddressError, SchemaError, KeyRingError, OSError) as error:
        stop(str(error))


def explained(refusal: Refused) -> str:
    """A refusal in a sentence or two: for an operator, or in the words that people see on the pages."""
    notice = say_refused(refusal)
    said = FOR_OPERATORS.get(refusal.fault) or " ".join((f"{notice.title}.", *notice.sentences))
    return f"{said} ({refusal.detail})" if refusal.detail else said


def stop(sentence: str, status: int = 1) -> NoReturn:
    """End the program with a sentence on standard error."""
    print(f"admitone: {sentence}", file=sys.stderr)
    raise typer.Exit(status)


def show(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Print rows: as JSON, or as a table for people."""
    if as_json:
        print(json.dumps(list(rows), indent=2))
        return
    # Only here, because rich takes longer to load than most commands take.
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in rows[0] if rows else ():
        table.add_column(name.replace("_", " "))
    for row in rows:
        table.add_row(*(("" if value is None else str(value)) for value in row.values()))
    Console(soft_wrap=True, markup=False, highlight=False).print(table)


def tell(facts: dict[str, Any], *, as_json: bool) -> None:
    """Print one thing: as a JSON object, or a line for each fact."""
    if as_json:
        print(json.dumps(facts, indent=2))
        return
    width = max(map(len, facts), default=0)
    for name, value in facts.items():
        print(f"{name.replace('_', ' '):{width}}  {value}")


def write_whole(path: Path, text: str) -> None:
    """Write a file that appears at once: whoever waits for it must never see half of it. Raises OSError."""
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def day(ms: int) -> str:
    """The day of an instant."""
    return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()
