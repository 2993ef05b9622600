"""This file makes and changes people's lists by the fourth generation: the same lists that the third shows."""

from collections.abc import Sequence
from typing import NamedTuple

from admitone.flows import throttle
from admitone.flows.connected import changes
from admitone.flows.house import House
from admitone.flows.media import lists as media_lists
from admitone.model.connected.changes import ABSENT, Kind, Thing, state
from admitone.model.faults import Fault, Refused
from admitone.model.limits import MACHINE_LISTS
from admitone.model.lists import FourthList, ListSort, is_machine_made
from admitone.model.media import MediaType, numbers_a_title
from admitone.model.paging import ROWS, Page, offset
from admitone.store import lists
from admitone.store.engine.tx import Tx
from admitone.store.fourth import lists as fourth
from admitone.store.fourth.lists import Listed
from admitone.store.lists import Standing

__all__ = ["Item", "ListChange", "Listed", "NewFourthList"]


class NewFourthList(NamedTuple):
    """What a person says of a new list."""

    name: str
    description: str
    iso_639_1: str
    iso_3166_1: str
    public: bool
    sort: ListSort


class ListChange(NamedTuple):
    """What is to change about a list; None for what is not."""

    name: str | None
    description: str | None
    public: bool | None
    sort: ListSort | None
    backdrop_path: str | None


class Item(NamedTuple):
    """A title that is to be put on a list, taken off it, or commented on; no comment for a comment that stays."""

    media_type: MediaType
    media_id: int
    comments: bool = False
    comment: str | None = None


async def create(house: House, tx: Tx, account_id: int, app_id: int | None, new: NewFourthList) -> int:
    """Make a list; its id. `app_id` is who does it, here and below: None for the person on our own pages.

    Raises LIST_SPAM for many at once with names that a program made up (wire C.5).
    """
    if is_machine_made(new.name):
        await throttle.take(house, tx, Fault.LIST_SPAM, MACHINE_LISTS, account_id)
    made = await tx.one(
        fourth.CREATE,
        account_id=account_id,
        name=new.name,
        description=new.description,
        iso_639_1=new.iso_639_1,
        iso_3166_1=new.iso_3166_1,
        public=int(new.public),
        sort_by=new.sort.number,
        app_id=app_id,
        now=tx.now,
    )
    assert made is not None  # noqa: S101 - an insert without a conflict clause returns its row or raises
    await changes.record(tx, account_id, app_id, Thing(Kind.LIST, made.id), ABSENT, state(*made.said))
    return made.id


async def show(
    _house: House, tx: Tx, list_id: int, account_id: int | None, sort: ListSort | None, page: int
) -> tuple[FourthList, Page[Listed]]:
    """A list and one page of what is on it, in an order of its own unless asked for another.

    Raises LIST_UNKNOWN, and LIST_PRIVATE for a stranger's private one.
    """
    found = await tx.one(fourth.SHOW, list_id=list_id)
    if found is None:
        raise Refused(Fault.LIST_UNKNOWN)
    if not found.public and found.account_id != account_id:
        raise Refused(Fault.LIST_PRIVATE)
    rows = await tx.all(fourth.ITEMS[sort or found.sort], list_id=list_id, most=ROWS, offset=offset(page))
    return found, Page(page, rows, found.item_count)


async def update(house: House, tx: Tx, account_id: int, app_id: int | None, list_id: int, change: ListChange) -> bool:
    """Change what is said of one's own list; False where nothing is to change. Raises LIST_UNKNOWN, LIST_OF_OTHER."""
    if all(value is None for value in change):
        await media_lists.must_own(house, tx, account_id, list_id)
        return False
    await media_lists.touch(tx, account_id, list_id)
    before = await tx.one(fourth.BEFORE, list_id=list_id)
    after = await tx.one(
        fourth.UPDATE,
        list_id=list_id,
        account_id=account_id,
        name=change.name,
        description=change.description,
        public=None if change.public is None else int(change.public),
        sort_by=None if change.sort is None else change.sort.number,
        backdrop_path=change.backdrop_path,
        now=tx.now,
    )
    if before and after and before != after:
        await changes.record(tx, account_id, app_id, Thing(Kind.LIST, list_id), state(*before), state(*after))
    return True


async def add(
    house: House, tx: Tx, account_id: int, app_id: int | None, list_id: int, items: Sequence[Item]
) -> list[bool]:
    """Put titles on one's own list; of each, whether it was put there: not an unknown one, nor one that was there.

    Raises LIST_UNKNOWN, LIST_OF_OTHER.
    """
    await media_lists.touch(tx, account_id, list_id)
    statement = fourth.ADD_ITEM if house.catalogue else lists.ADD_ITEM
    places = [
        await tx.one(statement, **_names(list_id, item), app_id=app_id, now=tx.now)
        if house.catalogue or numbers_a_title(item.media_id)
        else None
        for item in items
    ]
    put = [(_thing(list_id, item), place) for item, place in zip(items, places, strict=True) if place is not None]
    rows = [(thing, ABSENT, media_lists.put(tx.now, place, app_id)) for thing, place in put]
    await changes.record_all(tx, account_id, app_id, rows)
    return [place is not None for place in places]


async def comment(
    _house: House, tx: Tx, account_id: int, app_id: int | None, list_id: int, items: Sequence[Item]
) -> list[bool]:
    """Comment on titles of one's own list; of each, whether it is on it. Raises LIST_UNKNOWN, LIST_OF_OTHER."""
    await media_lists.touch(tx, account_id, list_id)
    found = []
    said: list[changes.States] = []
    for item in items:
        names = _names(list_id, item)
        before = await tx.one(fourth.ITEM, **names)
        found.append(before is not None)
        if before and item.comments and item.comment != before.comment:
            after = before._replace(comment=item.comment)
            await tx.run(fourth.COMMENT, **names, comment=item.comment)
            said.append((_thing(list_id, item), media_lists.standing(before), media_lists.standing(after)))
    await changes.record_all(tx, account_id, app_id, said)
    return found


async def remove(
    _house: House, tx: Tx, account_id: int, app_id: int | None, list_id: int, items: Sequence[Item]
) -> list[bool]:
    """Take titles off one's own list; of each, whether it was on it. Raises LIST_UNKNOWN, LIST_OF_OTHER."""
    await media_lists.touch(tx, account_id, list_id)
    found = [await _taken(tx, list_id, item) for item in items]
    gone = media_lists.taken_off(list_id, [taken for taken in found if taken is not None])
    await changes.record_all(tx, account_id, app_id, gone)
    return [taken is not None for taken in found]


async def of_account(_house: House, tx: Tx, account_id: int, page: int) -> Page[FourthList]:
    """One page of a person's lists, private ones included, newest first."""
    rows = await tx.all(fourth.OF_ACCOUNT, account_id=account_id, most=ROWS, offset=offset(page))
    return Page(page, rows, await tx.one(lists.OF_ACCOUNT_TOTAL, account_id=account_id) or 0)


async def _taken(tx: Tx, list_id: int, item: Item) -> Standing | None:
    taken = await tx.one(lists.REMOVE_ITEM, **_names(list_id, item))
    return taken  # noqa: RET504 - mypy reads the type of the statement off the return type otherwise


def _thing(list_id: int, item: Item) -> Thing:
    return Thing(Kind.ITEM, list_id, item.media_type.value, item.media_id)


def _names(list_id: int, item: Item) -> dict[str, int | str]:
    return {"list_id": list_id, "media_type": item.media_type.value, "media_id": item.media_id}
