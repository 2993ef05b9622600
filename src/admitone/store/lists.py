"""This file holds the statements of lists; every change names its owner in the WHERE clause."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Text, and_, bindparam, delete, func, select, update
from sqlalchemy import insert as plain_insert

from admitone.model.lists import MediaList
from admitone.model.media import Title
from admitone.store.engine.statements import Statement, insert, only
from admitone.store.schema import accounts, list_items, lists
from admitone.store.titles import facts, with_facts

_ours = (lists.c.id == bindparam("list_id", type_=BigInteger), lists.c.account_id == bindparam("account_id"))

_item_count = select(func.count()).where(list_items.c.list_id == lists.c.id).scalar_subquery()

_lists = select(
    lists.c.id,
    lists.c.account_id,
    accounts.c.username,
    lists.c.name,
    lists.c.description,
    lists.c.iso_639_1,
    lists.c.public,
    _item_count,
).select_from(lists.join(accounts, accounts.c.id == lists.c.account_id))

SHOW = Statement(_lists.where(lists.c.id == bindparam("list_id")), MediaList._make)

# Touching the list first is what makes two changes of one list wait for each other, and proves whose it is.
TOUCH = Statement(update(lists).where(*_ours).values(changed_at=bindparam("now")).returning(lists.c.id), only)

_item = {
    "list_id": bindparam("list_id", type_=BigInteger),
    "media_type": bindparam("media_type", type_=Text),
    "media_id": bindparam("media_id", type_=BigInteger),
    "added_at": bindparam("now", type_=BigInteger),
    "app_id": bindparam("app_id", type_=BigInteger),
}


class Standing(NamedTuple):
    """A title as it stands on a list, or stood there: since when, at which place, put there by which app."""

    media_type: str
    media_id: int
    added_at: int
    place: float
    app_id: int | None
    comment: str | None


class Said(NamedTuple):
    """All that is said of a list, and which app made it."""

    name: str
    description: str
    iso_639_1: str
    public: int
    made_at: int
    iso_3166_1: str
    sort_by: int
    backdrop_path: str
    app_id: int | None


class Made(NamedTuple):
    """A list that was made just now."""

    id: int
    said: Said


def made(row: Iterable[Any]) -> Made:
    """A list that was made, of its columns: its number first."""
    list_id, *said = row
    return Made(list_id, Said._make(said))


SAID = tuple(lists.c[name] for name in Said._fields)
placed = func.coalesce(list_items.c.stands_at, list_items.c.place, list_items.c.id)
# The order of a list; two can stand at one place when a title came back to where another was moved meanwhile.
IN_PLACE = (placed, list_items.c.id)
STANDING = (
    list_items.c.media_type,
    list_items.c.media_id,
    list_items.c.added_at,
    placed,
    list_items.c.app_id,
    list_items.c.comment,
)

CREATE = Statement(
    plain_insert(lists)
    .values(
        account_id=bindparam("account_id"),
        name=bindparam("name"),
        description=bindparam("description"),
        iso_639_1=bindparam("iso_639_1"),
        public=bindparam("public"),
        made_at=bindparam("now"),
        changed_at=bindparam("now"),
        app_id=bindparam("app_id"),
    )
    .returning(lists.c.id, *SAID),
    made,
)

# No row when it is on the list already.
ADD_ITEM = Statement(
    insert(list_items)
    .values(_item)
    .on_conflict_do_nothing(index_elements=[list_items.c.list_id, list_items.c.media_type, list_items.c.media_id])
    .returning(list_items.c.id),
    only,
)

REMOVE_ITEM = Statement(
    delete(list_items)
    .where(
        list_items.c.list_id == bindparam("list_id"),
        list_items.c.media_type == bindparam("media_type"),
        list_items.c.media_id == bindparam("media_id"),
    )
    .returning(*STANDING),
    Standing._make,
)


ITEMS = Statement(
    select(*facts(list_items.c.media_type, list_items.c.media_id))
    .select_from(with_facts(list_items, list_items.c.media_type, list_items.c.media_id))
    .where(list_items.c.list_id == bindparam("list_id"))
    .order_by(*IN_PLACE)
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("offset", type_=BigInteger)),
    Title._make,
)

HAS_ITEM = Statement(
    select(list_items.c.id).where(
        list_items.c.list_id == bindparam("list_id"),
        list_items.c.media_type == bindparam("media_type"),
        list_items.c.media_id == bindparam("media_id"),
    ),
    only,
)

CLEAR = Statement(
    delete(list_items).where(list_items.c.list_id == bindparam("list_id")).returning(*STANDING), Standing._make
)


def _page(*conditions: ColumnElement[bool]) -> Statement[MediaList]:
    return Statement(
        _lists.where(*conditions)
        .order_by(lists.c.id.desc())
        .limit(bindparam("most", type_=BigInteger))
        .offset(bindparam("offset", type_=BigInteger)),
        MediaList._make,
    )


def _total(*conditions: ColumnElement[bool]) -> Statement[int]:
    return Statement(select(func.count()).select_from(lists).where(*conditions), only)


_of_account = lists.c.account_id == bindparam("account_id")
# Public lists only: who keeps a private list is nobody's business.
_with_title = and_(
    lists.c.public == 1,
    lists.c.id.in_(
        select(list_items.c.list_id).where(
            list_items.c.media_type == bindparam("media_type"), list_items.c.media_id == bindparam("media_id")
        )
    ),
)

# Newest first, as recorded.
OF_ACCOUNT, OF_ACCOUNT_TOTAL = _page(_of_account), _total(_of_account)
WITH_TITLE, WITH_TITLE_TOTAL = _page(_with_title), _total(_with_title)

DELETE = Statement(delete(lists).where(*_ours).returning(*SAID), Said._make)
