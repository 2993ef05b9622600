"""This file shows people the apps they have connected, and ends connections: one, an app's, all, or the unused ones."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from admitone.flows import events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import links
from admitone.model.apps import App
from admitone.model.connected.connections import UNUSED_MS, AppOrder, Connected, ConnectedApp, Connection, Deeds
from admitone.model.faults import Fault, Refused
from admitone.model.paging import ROWS, Page, offset
from admitone.model.people.links import Purpose
from admitone.store import apps
from admitone.store.connected import connections
from admitone.store.connected.connections import Ended, Extent, Wrote
from admitone.store.engine.statements import Statement
from admitone.store.engine.tx import Tx


async def overview(_house: House, tx: Tx, account_id: int, order: AppOrder) -> Connected:
    """Every connected app with its latest connections and what it wrote; the latest used first, unless asked else."""
    extents = {extent.app_id: extent for extent in await tx.all(connections.EXTENTS, account_id=account_id)}
    latest: dict[int, list[Connection]] = {}
    for connection in await tx.all(connections.LATEST, account_id=account_id):
        latest.setdefault(connection.app_id, []).append(connection)
    deeds = await _deeds(tx, account_id)
    found = [
        ConnectedApp(app, latest[app.id], extents[app.id].total, deeds.get(app.id, Deeds()))
        for app in await tx.all(connections.APPS, account_id=account_id)
    ]
    unused = await tx.one(connections.UNUSED, account_id=account_id, before=tx.now - UNUSED_MS)
    found.sort(key=lambda each: _place(each.app, extents[each.app.id], order))
    return Connected(found, unused or 0, tx.now)


async def count(_house: House, tx: Tx, account_id: int) -> int:
    """How many apps a person has connected."""
    return len(await tx.all(connections.EXTENTS, account_id=account_id))


async def of_app(
    house: House, tx: Tx, account_id: int, public_id: str, page: int
) -> tuple[ConnectedApp, Page[Connection]]:
    """One app with one page of its connections. Raises SESSION_NOT_FOUND for one that was never connected."""
    app = await find_app(house, tx, account_id, public_id)
    which = {"account_id": account_id, "app_id": app.id}
    rows = await tx.all(connections.OF_APP, **which, most=ROWS, offset=offset(page))
    total = await tx.one(connections.OF_APP_TOTAL, **which) or 0
    deeds = (await _deeds(tx, account_id)).get(app.id, Deeds())
    return ConnectedApp(app, rows, total, deeds), Page(page, rows, total)


async def find_app(_house: House, tx: Tx, account_id: int, public_id: str) -> App:
    """An app that a person has or had connected. Raises SESSION_NOT_FOUND; strangers learn of no other."""
    app = await tx.one(apps.FIND, public_id=public_id)
    if app is None or await tx.one(connections.EVER, account_id=account_id, app_id=app.id, now=tx.now) is None:
        raise Refused(Fault.SESSION_NOT_FOUND)
    return app


class Linked(NamedTuple):
    """What a link from a mail is about: whose account, the app if it is still there, and what became of the link."""

    username: str
    app: App | None
    used: bool
    alive: bool


async def of_link(house: House, tx: Tx, text: str) -> Linked:
    """What a link to disconnect is about; changes nothing. Raises LINK_DEAD."""
    link = await links.find(house, tx, Purpose.DISCONNECT, text)
    if link is None:
        raise Refused(Fault.LINK_DEAD)
    found = await tx.all(connections.OF_TOKEN, connection=link.connection, now=tx.now)
    app: App | None = None
    if found:
        app = await tx.one(apps.FIND_BY_ID, app_id=found[0].app_id)
    return Linked(link.username, app, link.used_at is not None, any(each.alive for each in found))


async def end_by_link(house: House, tx: Tx, text: str, network: str) -> None:
    """End the connection that a mail told of, with its link, once. Raises LINK_DEAD, also when it has ended."""
    used = await links.use(house, tx, Purpose.DISCONNECT, text)
    if used is None:
        raise Refused(Fault.LINK_DEAD)
    # In this order: an exchange that is under way is waited for here, and its session ends below.
    app_id = await tx.one(connections.REVOKE_TOKEN, connection=used.connection, now=tx.now)
    for ended in await tx.all(
        connections.END_OF_TOKEN, account_id=used.account_id, connection=used.connection, now=tx.now
    ):
        app_id = ended.app_id
    if app_id is None:
        raise Refused(Fault.LINK_DEAD)
    await events.record(tx, Happened.DISCONNECTED_BY_MAIL, app_id=app_id, account_id=used.account_id, network=network)


class Aside(NamedTuple):
    """One connection, and what else its app has: how many others live, and the latest used of them."""

    app: App
    connection: Connection
    others: int
    latest: Connection | None


async def one(house: House, tx: Tx, account_id: int, public_id: str, session_id: int) -> Aside:
    """One connection of an app, ended or not, beside the others. Raises SESSION_NOT_FOUND."""
    app = await find_app(house, tx, account_id, public_id)
    which = {"account_id": account_id, "app_id": app.id}
    connection = await tx.one(connections.ONE, **which, session_id=session_id)
    if connection is None:
        raise Refused(Fault.SESSION_NOT_FOUND)
    two = await tx.all(connections.OF_APP, **which, most=2, offset=0)
    total = await tx.one(connections.OF_APP_TOTAL, **which) or 0
    others = total - (connection.ended_at is None)
    return Aside(app, connection, others, next((row for row in two if row.id != session_id), None))


async def end_one(house: House, tx: Tx, account_id: int, public_id: str, session_id: int) -> App:
    """End one connection; one that has ended is no refusal. Raises SESSION_NOT_FOUND for one that is not theirs.

    What was approved for the app and not yet exchanged is taken back too, here and below: nobody can tell for which
    device it was.
    """
    app = (await one(house, tx, account_id, public_id, session_id)).app
    await _end(tx, connections.END_ONE, account_id=account_id, app_id=app.id, session_id=session_id)
    await tx.run(connections.REVOKE, account_id=account_id, app_id=app.id, now=tx.now)
    return app


async def end_of_app(house: House, tx: Tx, account_id: int, public_id: str) -> App:
    """End all connections of an app. Raises SESSION_NOT_FOUND for one that was never connected."""
    app = await find_app(house, tx, account_id, public_id)
    await _end(tx, connections.END_OF_APP, account_id=account_id, app_id=app.id)
    await tx.run(connections.REVOKE, account_id=account_id, app_id=app.id, now=tx.now)
    return app


async def end_all(_house: House, tx: Tx, account_id: int) -> int:
    """End every connection of a person; how many there were."""
    ended = await _end(tx, connections.END_ALL, account_id=account_id)
    await tx.run(connections.REVOKE, account_id=account_id, app_id=None, now=tx.now)
    return ended


async def end_unused(_house: House, tx: Tx, account_id: int) -> int:
    """End the connections that have not been used for half a year; how many there were."""
    return await _end(tx, connections.END_UNUSED, account_id=account_id, before=tx.now - UNUSED_MS)


async def unused(_house: House, tx: Tx, account_id: int) -> int:
    """How many connections of a person have not been used for half a year."""
    return await tx.one(connections.UNUSED, account_id=account_id, before=tx.now - UNUSED_MS) or 0


async def _end(tx: Tx, statement: Statement[Ended], *, account_id: int, **which: Any) -> int:
    ended = await tx.all(statement, account_id=account_id, now=tx.now, **which)
    for session in ended:
        await events.record(tx, Happened.SESSION_ENDED, app_id=session.app_id, account_id=account_id)
    return len(ended)


async def _deeds(tx: Tx, account_id: int) -> dict[int, Deeds]:
    statements = (connections.RATINGS, connections.MARKS, connections.LISTS, connections.ITEMS)
    counts = [_counts(await tx.all(statement, account_id=account_id)) for statement in statements]
    return {app_id: Deeds(*(each.get(app_id, 0) for each in counts)) for app_id in set().union(*counts)}


def _counts(rows: Iterable[Wrote]) -> dict[int, int]:
    return {row.app_id: row.rows for row in rows}


def _place(app: App, extent: Extent, order: AppOrder) -> tuple[Any, ...]:
    if order is AppOrder.NAME:
        return (app.name.casefold(), app.id)
    return (-(extent.used_at if order is AppOrder.USED else extent.made_at), app.id)
