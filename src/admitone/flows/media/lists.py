"""This file makes and changes people's lists."""

from typing import NamedTuple

from admitone.flows.connected import changes
from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.model.connected.changes import ABSENT, Kind, Thing, state
from admitone.model.faults import Fault, Refused
from admitone.model.lists import MediaList
from admitone.model.media import MediaType, Title
from admitone.model.paging import ROWS, Page, offset
from admitone.store import lists
from admitone.store.engine.tx import Tx
from admitone.store.lists import Standing


class NewList(NamedTuple):
    """What a person says of a new list."""

    name: str
    description: str
    iso_639_1: str
    public: bool


async def create(_house: House, tx: Tx, account_id: int, app_id: int | None, new: NewList) -> int:
    """Make a list; its id. `app_id` is who does it, here and below: None for the person on our own pages."""
    made = await tx.one(
        lists.CREATE,
        account_id=account_id,
        name=new.name,
        description=new.description,
        iso_639_1=new.iso_639_1,
        public=int(new.public),
        app_id=app_id,
        now=tx.now,
    )
    assert made is not None  # noqa: S101 - an insert without a conflict clause returns its row or raises
    await changes.record(tx, account_id, app_id, Thing(Kind.LIST, made.id), ABSENT, state(*made.said))
    return made.id


async def show(_house: House, tx: Tx, list_id: int, account_id: int | None, page: int) -> tuple[MediaList, Page[Title]]:
    """A list and one page of what is on it. Raises LIST_UNKNOWN, and LIST_PRIVATE for a stranger's private one."""
    media_list = await _readable(tx, account_id, list_id)
    rows = await tx.all(lists.ITEMS, list_id=list_id, most=ROWS, offset=offset(page))
    return media_list, Page(page, rows, media_list.item_count)


async def add_item(
    house: House, tx: Tx, account_id: int, app_id: int | None, list_id: int, media_type: MediaType, media_id: int
) -> None:
    """Put a title on one's own list. Raises LIST_UNKNOWN, LIST_OF_OTHER, TITLE_UNKNOWN, LIST_ITEM_TWICE."""
    await touch(tx, account_id, list_id)
    await titles.must_exist(house, tx, media_type, media_id)
    which = {"list_id": list_id, "media_type": media_type.value, "media_id": media_id}
    added = await tx.one(lists.ADD_ITEM, **which, app_id=app_id, now=tx.now)
    if added is None:
        raise Refused(Fault.LIST_ITEM_TWICE)
    thing = Thing(Kind.ITEM, list_id, media_type.value, media_id)
    await changes.record(tx, account_id, app_id, thing, ABSENT, put(tx.now, added, app_id))


async def remove_item(
    _house: House, tx: Tx, account_id: int, app_id: int | None, list_id: int, media_type: MediaType, media_id: int
) -> None:
    """Take a title off one's own list. Raises LIST_UNKNOWN, LIST_OF_OTHER, LIST_ITEM_ABSENT."""
    await touch(tx, account_id, list_id)
    removed = await tx.one(lists.REMOVE_ITEM, list_id=list_id, media_type=media_type.value, media_id=media_id)
    if removed is None:
        raise Refused(Fault.LIST_ITEM_ABSENT)
    await changes.record_all(tx, account_id, app_id, taken_off(list_id, [removed]))


async def has_item(
    _house: House, tx: Tx, account_id: int | None, list_id: int, media_type: MediaType, media_id: int
) -> bool:
    """Whether a title is on a list. Raises LIST_UNKNOWN, LIST_PRIVATE."""
    await _readable(tx, account_id, list_id)
    item = await tx.one(lists.HAS_ITEM, list_id=list_id, media_type=media_type.value, media_id=media_id)
    return item is not None


async def clear(_house: House, tx: Tx, account_id: int, app_id: int | None, list_id: int) -> int:
    """Take everything off one's own list; how many there were. Raises LIST_UNKNOWN, LIST_OF_OTHER."""
    await touch(tx, account_id, list_id)
    taken = await tx.all(lists.CLEAR, list_id=list_id)
    await changes.record_all(tx, account_id, app_id, taken_off(list_id, taken))
    return len(taken)


async def of_account(_house: House, tx: Tx, account_id: int, page: int) -> Page[MediaList]:
    """One page of a person's lists, private ones included, newest first."""
    rows = await tx.all(lists.OF_ACCOUNT, account_id=account_id, most=ROWS, offset=offset(page))
    return Page(page, rows, await tx.one(lists.OF_ACCOUNT_TOTAL, account_id=account_id) or 0)


async def with_title(house: House, tx: Tx, media_type: MediaType, media_id: int, page: int) -> Page[MediaList]:
    """One page of the public lists that a title is on, newest first. Raises TITLE_UNKNOWN."""
    await titles.must_exist(house, tx, media_type, media_id)
    which = {"media_type": media_type.value, "media_id": media_id}
    rows = await tx.all(lists.WITH_TITLE, **which, most=ROWS, offset=offset(page))
    return Page(page, rows, await tx.one(lists.WITH_TITLE_TOTAL, **which) or 0)


async def delete(_house: House, tx: Tx, account_id: int, app_id: int | None, list_id: int) -> None:
    """Delete one's own list. Raises LIST_UNKNOWN, LIST_OF_OTHER."""
    await touch(tx, account_id, list_id)
    # Before the list goes, and with it everything on it.
    rows = taken_off(list_id, await tx.all(lists.CLEAR, list_id=list_id))
    deleted = await tx.one(lists.DELETE, list_id=list_id, account_id=account_id)
    if deleted is not None:
        rows.append((Thing(Kind.LIST, list_id), state(*deleted), ABSENT))
    await changes.record_all(tx, account_id, app_id, rows)


def put(at: int, place: float, app_id: int | None) -> str:
    """What is written down of a title that was put on a list just now."""
    return state(at, place, app_id, None)


def standing(item: Standing) -> str:
    """What is written down of a title that stands on a list."""
    # A whole number is written as one on every database: what an app left is recognised by its letters.
    place = int(item.place) if item.place == int(item.place) else item.place
    return state(item.added_at, place, item.app_id, item.comment)


def taken_off(list_id: int, items: list[Standing]) -> list[changes.States]:
    """What is written down of titles that were taken off a list."""
    return [(Thing(Kind.ITEM, list_id, item.media_type, item.media_id), standing(item), ABSENT) for item in items]


async def _readable(tx: Tx, account_id: int | None, list_id: int) -> MediaList:
    media_list = await tx.one(lists.SHOW, list_id=list_id)
    if media_list is None:
        raise Refused(Fault.LIST_UNKNOWN)
    if not media_list.public and media_list.account_id != account_id:
        raise Refused(Fault.LIST_PRIVATE)
    return media_list


async def touch(tx: Tx, account_id: int, list_id: int) -> None:
    """Make other changes of one's own list wait for this one. Raises LIST_UNKNOWN, LIST_OF_OTHER."""
    if await tx.one(lists.TOUCH, list_id=list_id, account_id=account_id, now=tx.now) is None:
        raise Refused(await _why_not(tx, list_id))


async def must_own(_house: House, tx: Tx, account_id: int, list_id: int) -> None:
    """Raises LIST_UNKNOWN, LIST_OF_OTHER for what is not one's own list."""
    media_list = await tx.one(lists.SHOW, list_id=list_id)
    if media_list is None:
        raise Refused(Fault.LIST_UNKNOWN)
    if media_list.account_id != account_id:
        raise Refused(Fault.LIST_OF_OTHER)


async def _why_not(tx: Tx, list_id: int) -> Fault:
    return Fault.LIST_UNKNOWN if await tx.one(lists.SHOW, list_id=list_id) is None else Fault.LIST_OF_OTHER
