"""This file is what keeps a house in order: `admitone migrate`, `sweep` and `doctor`."""

import asyncio
import os
from pathlib import Path

import msgspec
import typer

from admitone.basics import log
from admitone.basics.keyring import KeyRing, KeyRingError
from admitone.cli import frame
from admitone.flows import sweep as sweeping
from admitone.flows.house import House
from admitone.flows.sweep import Swept
from admitone.model.faults import Refused
from admitone.settings import Settings, problems, unread
from admitone.store import engine
from admitone.store.engine import address


def migrate(
    config: frame.Config = None,
    database: frame.Database = None,
    as_json: frame.AsJson = False,
) -> None:
    """Bring the database to this program's schema; `serve` does it by itself."""
    chosen = frame.settings(config, database=database)
    with frame.sentences():
        migrated = asyncio.run(engine.migrate(chosen.database))
    frame.tell({"before": migrated.before or "nothing", "after": migrated.after}, as_json=as_json)


def sweep(
    config: frame.Config = None,
    database: frame.Database = None,
    as_json: frame.AsJson = False,
) -> None:
    """Remove what has expired; `serve` does it by itself."""
    chosen = frame.settings(config, database=database)

    async def alone(house: House) -> Swept | None:
        async with engine.alone(chosen.database, engine.Errand.SWEEPING) as leading:
            return await sweeping.sweep(house) if leading else None

    swept = frame.in_house(chosen, alone)
    if swept is None:
        frame.stop("Another process is sweeping this database; there is nothing to do.")
    frame.tell(swept._asdict(), as_json=as_json)


def doctor(
    config: frame.Config = None,
    database: frame.Database = None,
    as_json: frame.AsJson = False,
) -> None:
    """Show the configuration, secrets masked, and what is wrong with it; status 1 when something is."""
    chosen = frame.settings(config, database=database)
    wrong = [*problems(chosen), *unread(), *_broken(chosen)]
    shown = msgspec.to_builtins(chosen)
    shown["database"] = _masked(chosen.database)
    shown["read_database"] = _masked(chosen.read_database) if chosen.read_database else ""
    shown["smtp_password"] = "***" if chosen.smtp_password else ""
    if as_json:
        frame.tell({"settings": shown, "problems": wrong}, as_json=True)
    else:
        frame.tell(shown, as_json=False)
        print(*(["", *(f"Problem: {problem}" for problem in wrong)] if wrong else ["", "Nothing is wrong."]), sep="\n")
    raise typer.Exit(1 if wrong else 0)


def _broken(chosen: Settings) -> list[str]:
    """What fails when it is tried; trying makes nothing that is not there."""
    found = []
    try:
        path = address.sqlite_path(chosen.database) if address.is_sqlite(chosen.database) else None
        if path is None or path.exists():
            asyncio.run(engine.look(chosen.database))
        else:
            found.extend(_unmakeable("database", path))
    except (engine.AddressError, engine.SchemaError) as error:
        found.append(f"database: {error}")
    except Refused as refusal:
        found.append(f"database: it cannot be reached: {refusal.detail}")
    ring = Path(chosen.key_ring)
    try:
        if ring.exists():
            KeyRing.load_or_make(ring)
        else:
            found.extend(_unmakeable("key_ring", ring))
    except KeyRingError as error:
        found.append(f"key_ring: {error}")
    return found


def _unmakeable(setting: str, path: Path) -> list[str]:
    if path.parent.is_dir() and os.access(path.parent, os.W_OK):
        return []
    return [f"{setting}: {path} cannot be made: {path.parent} is no folder that can be written to."]


def _masked(database: str) -> str:
    try:
        return engine.masked(database)
    except engine.AddressError:
        return log.redact(database)
