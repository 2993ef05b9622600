"""This file holds the gates of undoing: each restores what was there only where what an app left is still there."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    SmallInteger,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)

from admitone.store.engine.statements import Statement, insert, only
from admitone.store.lists import placed
from admitone.store.schema import apps, list_items, lists, marks, ratings


def _number(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=BigInteger)


_account = _number("account_id")
# None of an app that has been removed since.
_app_before = select(apps.c.id).where(apps.c.id == _number("app_then")).scalar_subquery()

_rating: dict[str, ColumnElement[Any]] = {
    "account_id": _account,
    "media_type": bindparam("media_type", type_=Text),
    "media_id": _number("media_id"),
    "season": _number("season"),
    "episode": _number("episode"),
}
_rated = and_(
    *(ratings.c[name] == value for name, value in _rating.items()),
    ratings.c.halves == bindparam("halves", type_=SmallInteger),
    ratings.c.rated_at == _number("at"),
)
_rating_before = {
    "halves": bindparam("halves_then", type_=SmallInteger),
    "rated_at": _number("at_then"),
    "app_id": _app_before,
}
RATING_AWAY = Statement(delete(ratings).where(_rated).returning(ratings.c.halves), only)
RATING_BACK = Statement(update(ratings).where(_rated).values(_rating_before).returning(ratings.c.halves), only)
_new_rating = insert(ratings).values({**_rating, **_rating_before, "halves_before": literal(0, SmallInteger)})
RATING_AGAIN = Statement(_new_rating.on_conflict_do_nothing().returning(ratings.c.halves), only)

_mark: dict[str, ColumnElement[Any]] = {
    "account_id": _account,
    "mark": bindparam("mark", type_=Text),
    "media_type": bindparam("media_type", type_=Text),
    "media_id": _number("media_id"),
}
MARK_AWAY = Statement(
    delete(marks)
    .where(*(marks.c[name] == value for name, value in _mark.items()), marks.c.marked_at == _number("at"))
    .returning(marks.c.marked_at),
    only,
)
_new_mark = insert(marks).values(
    {**_mark, "marked_at": _number("at_then"), "times": literal(1, BigInteger), "app_id": _app_before}
)
MARK_AGAIN = Statement(_new_mark.on_conflict_do_nothing().returning(marks.c.marked_at), only)

_item: dict[str, ColumnElement[Any]] = {
    "list_id": _number("list_id"),
    "media_type": bindparam("media_type", type_=Text),
    "media_id": _number("media_id"),
}
_stands = and_(
    *(list_items.c[name] == value for name, value in _item.items()),
    list_items.c.added_at == _number("at"),
    placed == bindparam("place", type_=Double),
    list_items.c.comment.is_not_distinct_from(bindparam("comment", type_=Text)),
)
_item_before = {
    "added_at": _number("at_then"),
    "stands_at": bindparam("place_then", type_=Double),
    "app_id": _number("app_then"),
    "comment": bindparam("comment_then", type_=Text),
}
ITEM_AWAY = Statement(delete(list_items).where(_stands).returning(list_items.c.id), only)
# Also what an app took off and put on again: back to where it was.
ITEM_BACK = Statement(update(list_items).where(_stands).values(_item_before).returning(list_items.c.id), only)
_new_item = insert(list_items).values({**_item, **_item_before})
ITEM_AGAIN = Statement(_new_item.on_conflict_do_nothing().returning(list_items.c.id), only)

_fields: dict[str, ColumnElement[Any]] = {
    "name": bindparam("name", type_=Text),
    "description": bindparam("description", type_=Text),
    "iso_639_1": bindparam("iso_639_1", type_=Text),
    "public": bindparam("public", type_=SmallInteger),
    "made_at": _number("made_at"),
    "iso_3166_1": bindparam("iso_3166_1", type_=Text),
    "sort_by": bindparam("sort_by", type_=SmallInteger),
    "backdrop_path": bindparam("backdrop_path", type_=Text),
}
_empty = ~exists(select(list_items.c.id).where(list_items.c.list_id == lists.c.id))
_list = (lists.c.id == _number("list_id"), lists.c.account_id == _account)
_as_left = (*_list, *(lists.c[name] == value for name, value in _fields.items()))
LIST_AWAY = Statement(delete(lists).where(*_as_left, _empty).returning(lists.c.id), only)
# Who made it and when stays; what an app may change besides is all that comes back.
LIST_BACK = Statement(
    update(lists)
    .where(*_as_left)
    .values(
        {name: bindparam(f"{name}_then", type_=_fields[name].type) for name in _fields if name != "made_at"}
        | {"changed_at": _number("now")}
    )
    .returning(lists.c.id),
    only,
)
# With the number it had, which is never given out again: links and apps find it where it was.
_new_list = insert(lists).values(
    {"id": _number("list_id"), "account_id": _account, **_fields, "changed_at": _number("now")}
    | {"app_id": _number("app_id")}
)
LIST_AGAIN = Statement(_new_list.on_conflict_do_nothing().returning(lists.c.id), only)

# How much stands on a list of one's own; None where there is no such list.
ITEMS = Statement(
    select(select(func.count()).where(list_items.c.list_id == lists.c.id).scalar_subquery()).where(*_list), only
)
