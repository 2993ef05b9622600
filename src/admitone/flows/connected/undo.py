"""This file undoes what an app wrote: only where nobody else has changed it since, the latest change first."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from admitone.flows.connected import connections
from admitone.flows.house import House
from admitone.model.apps import App
from admitone.model.connected.changes import ABSENT, PERSON, Change, Kind, Thing, Undone, parts
from admitone.model.faults import Fault, Refused
from admitone.model.paging import ROWS, Page, offset
from admitone.store import lists
from admitone.store.connected import changes, restore
from admitone.store.engine.tx import Tx
from admitone.store.ratings import VOTE

BATCH = 100
TOLD = 200  # changes that are told one by one after undoing many

Restore = Callable[[Tx, int, Change], Awaitable[Undone]]


class Written(NamedTuple):
    """What an app wrote: one page of it, and how much of all is not undone yet."""

    app: App
    page: Page[Change]
    left: int
    now: int


class Report(NamedTuple):
    """What became of undoing: how often each outcome, and what was kept as it is, with the reason."""

    app: App
    outcomes: Counter[Undone]
    kept: list[tuple[Change, Undone]]


async def written(house: House, tx: Tx, account_id: int, public_id: str, page: int) -> Written:
    """What an app changed, the latest first. Raises SESSION_NOT_FOUND for one that was never connected."""
    app = await connections.find_app(house, tx, account_id, public_id)
    which = {"account_id": account_id, "app_id": app.id}
    rows = await tx.all(changes.PAGE, **which, most=ROWS, offset=offset(page))
    total = await tx.one(changes.TOTAL, **which) or 0
    return Written(app, Page(page, rows, total), await tx.one(changes.LEFT_TOTAL, **which) or 0, tx.now)


async def find(house: House, tx: Tx, account_id: int, public_id: str, thing: Thing) -> Change:
    """What an app made of one thing. Raises SESSION_NOT_FOUND, and ROUTE_UNKNOWN where it changed nothing of it."""
    app = await connections.find_app(house, tx, account_id, public_id)
    change = await tx.one(changes.ONE, account_id=account_id, app_id=app.id, **thing._asdict())
    if change is None:
        raise Refused(Fault.ROUTE_UNKNOWN)
    return change


async def one(house: House, tx: Tx, account_id: int, public_id: str, thing: Thing) -> tuple[Change, Undone]:
    """Undo one change; what became of it. Raises as `find`."""
    change = await find(house, tx, account_id, public_id, thing)
    return change, await _undo(tx, account_id, change)


async def everything(house: House, account_id: int, public_id: str) -> Report:
    """Undo all that an app changed up to now, a batch a transaction; what became of it. Raises SESSION_NOT_FOUND."""
    app = await house.read(connections.find_app, account_id, public_id)
    outcomes: Counter[Undone] = Counter()
    kept: list[tuple[Change, Undone]] = []
    until, passed = house.clock.now(), 0
    while True:
        done = await house.write(_batch, account_id, app.id, until, passed)
        for change, outcome in done:
            outcomes[outcome] += 1
            passed += outcome is not Undone.DONE
            if outcome is not Undone.DONE and len(kept) < TOLD:
                kept.append((change, outcome))
        if len(done) < BATCH:
            return Report(app, outcomes, kept)


async def _batch(
    _house: House, tx: Tx, account_id: int, app_id: int, until: int, passed: int
) -> list[tuple[Change, Undone]]:
    which = {"account_id": account_id, "app_id": app_id}
    found = await tx.all(changes.LEFT, **which, until=until, most=BATCH, offset=passed)
    return [(change, await _undo(tx, account_id, change)) for change in found]


async def _undo(tx: Tx, account_id: int, change: Change) -> Undone:
    if change.undone_at is not None:
        return Undone.BEFORE
    which = {"account_id": account_id, "app_id": change.app_id, **change.thing._asdict(), "at": change.at}
    later = await tx.one(changes.LATER, **which)
    if later is not None:
        return Undone.PERSON if later == PERSON else Undone.APP
    if change.before == change.after:
        outcome = Undone.DONE
    else:
        outcome = await RESTORE[Kind(change.thing.kind)](tx, account_id, change)
    if outcome is Undone.DONE:
        await tx.one(changes.UNDO, **which, now=tx.now)
    return outcome


async def _rating(tx: Tx, account_id: int, change: Change) -> Undone:
    which = change.thing._asdict()
    del which["kind"], which["list_id"]
    left: dict[str, Any] = {}
    back: dict[str, Any] = {}
    if change.after != ABSENT:
        halves, at, _ = parts(change.after)
        left = {"halves": halves, "at": at}
    if change.before != ABSENT:
        halves, at, app_id = parts(change.before)
        back = {"halves_then": halves, "at_then": at, "app_then": app_id}
    statement = restore.RATING_BACK if left and back else restore.RATING_AWAY if left else restore.RATING_AGAIN
    if await tx.one(statement, account_id=account_id, **which, **left, **back) is None:
        return Undone.PERSON
    people = bool(back) - bool(left)
    moved = back.get("halves_then", 0) - left.get("halves", 0)
    if people or moved:
        await tx.run(VOTE, **which, people=people, halves=moved)
    return Undone.DONE


async def _mark(tx: Tx, account_id: int, change: Change) -> Undone:
    thing = change.thing
    which = {"account_id": account_id, "mark": thing.kind, "media_type": thing.media_type, "media_id": thing.media_id}
    if change.before == ABSENT:
        done = await tx.one(restore.MARK_AWAY, **which, at=parts(change.after)[0])
    else:
        at, app_id = parts(change.before)
        done = await tx.one(restore.MARK_AGAIN, **which, at_then=at, app_then=app_id)
    return Undone.PERSON if done is None else Undone.DONE


async def _item(tx: Tx, account_id: int, change: Change) -> Undone:
    thing = change.thing
    if await tx.one(lists.TOUCH, list_id=thing.list_id, account_id=account_id, now=tx.now) is None:
        return Undone.GONE
    which = {"list_id": thing.list_id, "media_type": thing.media_type, "media_id": thing.media_id}
    if change.before == ABSENT:
        done = await tx.one(restore.ITEM_AWAY, **which, **_standing(change.after))
    elif change.after == ABSENT:
        done = await tx.one(restore.ITEM_AGAIN, **which, **_standing(change.before, "_then"))
    else:
        left, back = _standing(change.after), _standing(change.before, "_then")
        done = await tx.one(restore.ITEM_BACK, **which, **left, **back)
    return Undone.PERSON if done is None else Undone.DONE


def _standing(written: str, when: str = "") -> dict[str, Any]:
    names = (f"{name}{when}" for name in ("at", "place", "app", "comment"))
    return dict(zip(names, parts(written), strict=True))


async def _list(tx: Tx, account_id: int, change: Change) -> Undone:
    which = {"list_id": change.thing.list_id, "account_id": account_id}
    if change.before == ABSENT:
        if await tx.one(restore.LIST_AWAY, **which, **_said(change.after)) is not None:
            return Undone.DONE
        standing = await tx.one(restore.ITEMS, **which)
        return Undone.GONE if standing is None else Undone.FILLED if standing else Undone.PERSON
    if change.after == ABSENT:
        done = await tx.one(restore.LIST_AGAIN, **which, **_said(change.before), now=tx.now)
    else:
        left, back = _said(change.after), _said(change.before, "_then")
        done = await tx.one(restore.LIST_BACK, **which, **left, **back, now=tx.now)
    return Undone.PERSON if done is None else Undone.DONE


def _said(written: str, when: str = "") -> dict[str, Any]:
    names = (f"{name}{when}" for name in lists.Said._fields)
    return dict(zip(names, parts(written), strict=True))


RESTORE: dict[Kind, Restore] = {
    Kind.RATING: _rating,
    Kind.FAVORITE: _mark,
    Kind.WATCHLIST: _mark,
    Kind.ITEM: _item,
    Kind.LIST: _list,
}
