"""This file is what keeps a house in order: `admitone migrate`, `sweep` and `doctor`."""

import asyncio
import os
from pathlib import Path

import msgspec
import typer

from admitone.basics import log
from admitone.basics.clock import SystemClock
from admitone.basics.keyring import KeyRing, KeyRingError
from admitone.cli import frame
from admitone.flows import events
from admitone.flows import sweep as sweeping
from admitone.flows.house import House
from admitone.flows.resting import HURRIED
from admitone.flows.sweep import Swept
from admitone.model.faults import Refused
from admitone.settings import Settings, problems, unread
from admitone.store import engine
from admitone.store.engine import address

AHEAD_MS = 10_000  # clocks of machines that keep time differ by less


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
            return await sweeping.sweep(house, HURRIED) if leading else None

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
    newest = 0
    try:
        path = address.sqlite_path(chosen.database) if address.is_sqlite(chosen.database) else None
        if path is None or path.exists():
            newest = asyncio.run(_newest_event(chosen.database))
        else:
            found.extend(_unmakeable("database", path))
    except (engine.AddressError, engine.SchemaError) as error:
        found.append(f"database: {error}")
    except Refused as refusal:
        found.append(f"database: it cannot be reached: {refusal.detail}")
    if (ahead := newest - SystemClock().now()) > AHEAD_MS:
        found.append(
            f"database: what happened last is {ahead // 1000} seconds ahead of this machine's clock. Until that has "
            "caught up, time goes on at half the speed here; if the clock is wrong, set it."
        )
    ring = Path(chosen.key_ring)
    try:
        if newest or ring.exists():
            KeyRing.load(ring)
        else:
            found.extend(_unmakeable("key_ring", ring))
    except KeyRingError as error:
        found.append(f"key_ring: {error}")
    return found


async def _newest_event(database: str) -> int:
    """When something happened last; 0 where nothing did, or the database is still to be migrated."""
    found = await engine.look(database)
    if found.before != found.after:
        return 0
    store = await engine.open_store(database, SystemClock())
    try:
        return await store.read(events.latest)
    finally:
        await store.aclose()


def _unmakeable(setting: str, path: Path) -> list[str]:
    if path.parent.is_dir() and os.access(path.parent, os.W_OK):
        return []
    return [f"{setting}: {path} cannot be made: {path.parent} is no folder that can be written to."]


def _masked(database: str) -> str:
    try:
        return engine.masked(database)
    except engine.AddressError:
        return log.redact(database)
