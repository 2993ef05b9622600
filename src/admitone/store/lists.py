"""This file holds the statements of lists; every change names its owner in the WHERE clause."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Text, and_, bindparam, delete, func, select, update
from sqlalchemy import insert as plain_insert

from admitone.model.lists import MediaList
from admitone.model.media import MediaType, Title, unknown_title
from admitone.store.engine.statements import Statement, insert, only
from admitone.store.schema import accounts, list_items, lists, titles
from admitone.store.titles import COLUMNS as TITLE_COLUMNS

_ours = (lists.c.id == bindparam("list_id", type_=BigInteger), lists.c.account_id == bindparam("account_id"))

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
    )
    .returning(lists.c.id),
    only,
)

_item_count = select(func.count()).where(list_items.c.list_id == lists.c.id).scalar_subquery()

SHOW = Statement(
    select(
        lists.c.id,
        lists.c.account_id,
        accounts.c.username,
        lists.c.name,
        lists.c.description,
        lists.c.iso_639_1,
        lists.c.public,
        _item_count,
    )
    .select_from(lists.join(accounts, accounts.c.id == lists.c.account_id))
    .where(lists.c.id == bindparam("list_id")),
    MediaList._make,
)

# Touching the list first is what makes two changes of one list wait for each other, and proves whose it is.
TOUCH = Statement(update(lists).where(*_ours).values(changed_at=bindparam("now")).returning(lists.c.id), only)

_item = {
    "list_id": bindparam("list_id", type_=BigInteger),
    "media_type": bindparam("media_type", type_=Text),
    "media_id": bindparam("media_id", type_=BigInteger),
    "added_at": bindparam("now", type_=BigInteger),
}

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
    .returning(list_items.c.id),
    only,
)


def _title(row: Iterable[Any]) -> Title:
    media_type, media_id, *facts = row
    known = facts[0] is not None
    return Title(*facts) if known else unknown_title(MediaType(media_type), media_id)


ITEMS = Statement(
    select(list_items.c.media_type, list_items.c.media_id, *TITLE_COLUMNS)
    .select_from(
        list_items.outerjoin(
            titles, and_(titles.c.media_type == list_items.c.media_type, titles.c.id == list_items.c.media_id)
        )
    )
    .where(list_items.c.list_id == bindparam("list_id"))
    .order_by(list_items.c.id)
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("offset", type_=BigInteger)),
    _title,
)

DELETE = Statement(delete(lists).where(*_ours).returning(lists.c.id), only)
