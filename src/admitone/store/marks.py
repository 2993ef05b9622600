"""This file holds the statements of marks: favourites and watchlist."""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Text, and_, bindparam, delete, func, literal, select

from admitone.model.media import MediaType, Title
from admitone.model.paging import Order
from admitone.store.engine.statements import Insert, Statement, insert, only
from admitone.store.picking import picked
from admitone.store.schema import marks, titles
from admitone.store.titles import facts, of_type, with_facts

_key: dict[str, ColumnElement[Any]] = {
    "account_id": bindparam("account_id", type_=BigInteger),
    "mark": bindparam("mark", type_=Text),
    "media_type": bindparam("media_type", type_=Text),
    "media_id": bindparam("media_id", type_=BigInteger),
}
_values: dict[str, ColumnElement[Any]] = {
    **_key,
    "marked_at": bindparam("now", type_=BigInteger),
    "times": literal(1, BigInteger),
    "app_id": bindparam("app_id", type_=BigInteger),
}


def _mark(new: Insert) -> Statement[int]:
    again = new.on_conflict_do_update(
        index_elements=[marks.c[name] for name in _key], set_={"times": marks.c.times + 1}
    )
    return Statement(again.returning(marks.c.times), only)


# → how often it was marked, 1 for the first time; it keeps its place in the order. No row for an unknown title.
MARK = _mark(
    insert(marks).from_select(
        list(_values),
        select(*_values.values()).where(
            titles.c.media_type == bindparam("media_type", type_=Text),
            titles.c.id == bindparam("media_id", type_=BigInteger),
        ),
    )
)
MARK_ANY = _mark(insert(marks).values(_values))


class Taken(NamedTuple):
    """A mark that was taken away just now: when and by which app it was made."""

    marked_at: int
    app_id: int | None


UNMARK = Statement(
    delete(marks)
    .where(and_(*(marks.c[name] == value for name, value in _key.items())))
    .returning(marks.c.marked_at, marks.c.app_id),
    Taken._make,
)

_of_kind = (
    marks.c.account_id == _key["account_id"],
    marks.c.mark == _key["mark"],
)
TOTAL = Statement(
    select(func.count()).select_from(marks).where(*_of_kind, marks.c.media_type == _key["media_type"]), only
)


def _page(media_type: MediaType, order: Order) -> Statement[Title]:
    of_kind = (*_of_kind, marks.c.media_type == media_type.value)
    by = (marks.c.marked_at, marks.c.media_id)
    rows, again = picked((), of_kind, by, reverse=order is Order.NEWEST_FIRST)
    return Statement(
        select(*facts(of_type(media_type), rows.c.media_id))
        .select_from(with_facts(rows, of_type(media_type), rows.c.media_id))
        .order_by(*again),
        Title._make,
    )


# :account_id :mark :most :offset
PAGES = {(media_type, order): _page(media_type, order) for media_type in MediaType for order in Order}
