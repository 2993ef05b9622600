"""This file shows people their own lists and changes them by hand; somebody else's is as good as none."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from admitone.flows.connected import changes
from admitone.flows.films.shelves import app_names, whole
from admitone.flows.fourth import lists as fourth
from admitone.flows.fourth.lists import Item, ListChange, NewFourthList
from admitone.flows.house import House
from admitone.flows.media import lists
from admitone.flows.media import titles as media_titles
from admitone.flows.people import addresses
from admitone.model.connected.changes import Kind, Thing
from admitone.model.faults import Fault, Refused
from admitone.model.lists import FourthList, ListSort, place_between
from admitone.model.media import Subject, Title, unknown_title
from admitone.model.paging import Page
from admitone.store import titles
from admitone.store.engine.tx import Tx
from admitone.store.films import places
from admitone.store.films.places import Placed
from admitone.store.fourth import lists as statements

EVERY = 2**31 - 1


class OwnList(NamedTuple):
    """A list as its person sees it; `app` is the name of the app that made it, empty for none."""

    said: FourthList
    app: str


class ListEntry(NamedTuple):
    """A title on a list: since when, put there by which app, and what its person says of it."""

    title: Title
    subject: Subject
    at: int
    app: str
    comment: str


class OnList(NamedTuple):
    """One title and one list: how it stands there, from 1, or that it does not, with 0."""

    own: OwnList
    title: Title
    entry: ListEntry | None
    position: int


async def of_account(house: House, tx: Tx, account_id: int, page: int) -> Page[OwnList]:
    """One page of a person's lists, the newest first."""
    found = await fourth.of_account(house, tx, account_id, page)
    names = await app_names(tx, (each.app_id for each in found.rows))
    return Page(page, [OwnList(each, names.get(each.app_id, "")) for each in found.rows], found.total)


async def find(_house: House, tx: Tx, account_id: int, list_id: int) -> OwnList:
    """One's own list. Raises LIST_UNKNOWN for every other."""
    found = await tx.one(statements.SHOW, list_id=list_id)
    if found is None or found.account_id != account_id:
        raise Refused(Fault.LIST_UNKNOWN)
    return OwnList(found, (await app_names(tx, [found.app_id])).get(found.app_id, ""))


async def show(
    house: House, tx: Tx, account_id: int, list_id: int, sort: ListSort | None, page: int
) -> tuple[OwnList, Page[ListEntry]]:
    """One's own list and one page of it, in its own order unless asked for another. Raises LIST_UNKNOWN."""
    own = await find(house, tx, account_id, list_id)
    _, found = await fourth.show(house, tx, list_id, account_id, sort, page)
    names = await app_names(tx, (row.app_id for row in found.rows))
    rows = [
        ListEntry(row.title, whole(row.title), row.added_at, names.get(row.app_id, ""), row.comment or "")
        for row in found.rows
    ]
    return own, Page(page, rows, found.total)


async def create(house: House, tx: Tx, account_id: int, new: NewFourthList) -> int:
    """Make a list; its id. Raises LIST_SPAM, and EMAIL_UNCONFIRMED for a public one."""
    if new.public:
        await addresses.must_be_confirmed(house, tx, account_id)
    return await fourth.create(house, tx, account_id, None, new)


async def update(house: House, tx: Tx, account_id: int, list_id: int, change: ListChange) -> None:
    """Change what is said of one's own list. Raises LIST_UNKNOWN, and EMAIL_UNCONFIRMED for one made public."""
    own = await find(house, tx, account_id, list_id)
    if change.public and not own.said.public:
        await addresses.must_be_confirmed(house, tx, account_id)
    await fourth.update(house, tx, account_id, None, list_id, change)


async def clear(house: House, tx: Tx, account_id: int, list_id: int) -> int:
    """Take everything off one's own list; how many there were. Raises LIST_UNKNOWN."""
    await find(house, tx, account_id, list_id)
    return await lists.clear(house, tx, account_id, None, list_id)


async def delete(house: House, tx: Tx, account_id: int, list_id: int) -> OwnList:
    """Delete one's own list; what it was. Raises LIST_UNKNOWN."""
    own = await find(house, tx, account_id, list_id)
    await lists.delete(house, tx, account_id, None, list_id)
    return own


async def entry(house: House, tx: Tx, account_id: int, list_id: int, subject: Subject) -> OnList:
    """How a title stands on one's own list. Raises LIST_UNKNOWN, and TITLE_UNKNOWN for one that is not there either."""
    own = await find(house, tx, account_id, list_id)
    names = _names(list_id, subject)
    standing = await tx.one(statements.ITEM, **names)
    if standing is None:
        return OnList(own, await media_titles.show(house, tx, subject.title_type, subject.id), None, 0)
    title = await _title(tx, subject)
    item = await tx.one(places.FIND, **names)
    assert item is not None  # noqa: S101 - it stands there, in this very transaction
    position = await _position(tx, list_id, item)
    app = (await app_names(tx, [standing.app_id])).get(standing.app_id, "")
    return OnList(own, title, ListEntry(title, subject, standing.added_at, app, standing.comment or ""), position + 1)


async def holds(
    house: House, tx: Tx, account_id: int, list_id: int, subjects: Iterable[Subject]
) -> tuple[OwnList, list[bool]]:
    """One's own list, and of each of some titles whether it is on it. Raises LIST_UNKNOWN."""
    own = await find(house, tx, account_id, list_id)
    return own, [await tx.one(statements.ITEM, **_names(list_id, each)) is not None for each in subjects]


async def add(house: House, tx: Tx, account_id: int, list_id: int, subject: Subject) -> int:
    """Put a title at the end of one's own list; at which place. Raises LIST_UNKNOWN, TITLE_UNKNOWN, LIST_ITEM_TWICE."""
    await find(house, tx, account_id, list_id)
    await lists.add_item(house, tx, account_id, None, list_id, subject.title_type, subject.id)
    return await tx.one(places.TOTAL, list_id=list_id) or 0


async def remove(house: House, tx: Tx, account_id: int, list_id: int, subject: Subject) -> int:
    """Take a title off one's own list; how many are left. Raises LIST_UNKNOWN, LIST_ITEM_ABSENT."""
    await find(house, tx, account_id, list_id)
    await lists.remove_item(house, tx, account_id, None, list_id, subject.title_type, subject.id)
    return await tx.one(places.TOTAL, list_id=list_id) or 0


async def comment(house: House, tx: Tx, account_id: int, list_id: int, subject: Subject, said: str) -> None:
    """Say something of a title on one's own list, or nothing any more. Raises LIST_UNKNOWN, LIST_ITEM_ABSENT."""
    await find(house, tx, account_id, list_id)
    item = Item(subject.title_type, subject.id, comments=True, comment=said or None)
    if await fourth.comment(house, tx, account_id, None, list_id, [item]) == [False]:
        raise Refused(Fault.LIST_ITEM_ABSENT)


async def move(house: House, tx: Tx, account_id: int, list_id: int, subject: Subject, to: int) -> int:
    """Move a title to a place of one's own list, from 1, or as near as there is one; where it stands now.

    Nothing else moves, so only this is written down as changed by the person. Raises LIST_UNKNOWN, LIST_ITEM_ABSENT.
    """
    return await _move(house, tx, account_id, list_id, subject, lambda _: to - 1)


async def step(house: House, tx: Tx, account_id: int, list_id: int, subject: Subject, by: int) -> int:
    """Move a title up or down by so many places, as `move` does."""
    return await _move(house, tx, account_id, list_id, subject, lambda index: index + by)


async def _move(
    house: House, tx: Tx, account_id: int, list_id: int, subject: Subject, wanted: Callable[[int], int]
) -> int:
    await find(house, tx, account_id, list_id)
    await lists.touch(tx, account_id, list_id)
    names = _names(list_id, subject)
    before, item = await tx.one(statements.ITEM, **names), await tx.one(places.FIND, **names)
    if before is None or item is None:
        raise Refused(Fault.LIST_ITEM_ABSENT)
    total = await tx.one(places.TOTAL, list_id=list_id) or 0
    now_at = await _position(tx, list_id, item)
    index = min(max(wanted(now_at), 0), total - 1)
    if index == now_at:
        return index + 1
    place = await _free_place(tx, list_id, item, index, total)
    await tx.run(places.MOVE, list_id=list_id, item_id=item.id, place=place)
    after = before._replace(place=place)
    moved = (Thing(Kind.ITEM, list_id, subject.type.value, subject.id), lists.standing(before), lists.standing(after))
    await changes.record_all(tx, account_id, None, [moved])
    return index + 1


async def _free_place(tx: Tx, list_id: int, item: Placed, index: int, total: int) -> float:
    """A place where a title is the one with this index; the others are numbered anew where there is no room."""
    for _ in range(2):
        most = 1 if index in (0, total - 1) else 2
        around = await tx.all(places.OTHERS, list_id=list_id, item_id=item.id, most=most, offset=max(index - 1, 0))
        lower = None if index == 0 else around[0].place
        upper = None if index == total - 1 else around[-1].place
        place = place_between(lower, upper)
        if place is not None:
            return place
        await _number_anew(tx, list_id, item)
    raise AssertionError("whole numbers have room between them")


async def _number_anew(tx: Tx, list_id: int, item: Placed) -> None:
    """Let the others of a list stand at whole numbers again, a place apart, none behind what comes next."""
    others = await tx.all(places.OTHERS, list_id=list_id, item_id=item.id, most=EVERY, offset=0)
    last = max(each.id for each in others)
    rows = [
        {"list_id": list_id, "item_id": each.id, "place": float(last - len(others) + at)}
        for at, each in enumerate(others, 1)
    ]
    await tx.many(places.MOVE, rows)


async def _position(tx: Tx, list_id: int, item: Placed) -> int:
    return await tx.one(places.BEFORE, list_id=list_id, item_id=item.id, place=item.place) or 0


async def _title(tx: Tx, subject: Subject) -> Title:
    which = {"media_type": subject.title_type.value, "media_id": subject.id}
    return await tx.one(titles.SHOW, **which) or unknown_title(subject.title_type, subject.id)


def _names(list_id: int, subject: Subject) -> dict[str, int | str]:
    return {"list_id": list_id, "media_type": subject.type.value, "media_id": subject.id}
