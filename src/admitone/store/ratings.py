"""This file holds the statements of ratings."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, SmallInteger, Text, and_, bindparam, delete, func, literal, select

from admitone.model.media import MediaType, RatedType, Subject, Title, unknown_title
from admitone.model.paging import Order
from admitone.store.engine.statements import Insert, Statement, insert, only
from admitone.store.schema import apps, ratings, titles
from admitone.store.titles import COLUMNS as TITLE_COLUMNS


class RatedTitle(NamedTuple):
    """A title and what one person gave it, in half points."""

    title: Title
    halves: int


_key = (ratings.c.account_id, ratings.c.media_type, ratings.c.media_id, ratings.c.season, ratings.c.episode)
_values: dict[str, ColumnElement[Any]] = {
    "account_id": bindparam("account_id", type_=BigInteger),
    "media_type": bindparam("media_type", type_=Text),
    "media_id": bindparam("media_id", type_=BigInteger),
    "season": bindparam("season", type_=BigInteger),
    "episode": bindparam("episode", type_=BigInteger),
    "halves": bindparam("halves", type_=SmallInteger),
    "rated_at": bindparam("now", type_=BigInteger),
    "times": literal(1, BigInteger),
    # None of an app that was removed a moment ago.
    "app_id": select(apps.c.id).where(apps.c.id == bindparam("app_id")).scalar_subquery(),
}


def _rate(new: Insert) -> Statement[int]:
    changed = {name: new.excluded[name] for name in ("halves", "rated_at", "app_id")} | {"times": ratings.c.times + 1}
    return Statement(new.on_conflict_do_update(index_elements=_key, set_=changed).returning(ratings.c.times), only)


# → how many times this rating has been set: 1 for a new one. No row when the title is not in the catalogue.
RATE = _rate(
    insert(ratings).from_select(
        list(_values),
        select(*_values.values()).where(
            titles.c.media_type == bindparam("title_type"), titles.c.id == bindparam("media_id", type_=BigInteger)
        ),
    )
)

# The same where no catalogue is installed: every title exists.
RATE_ANY = _rate(insert(ratings).values(_values))

UNRATE = Statement(
    delete(ratings).where(*(column == bindparam(column.name) for column in _key)).returning(ratings.c.halves), only
)


def _rated_title(title_type: MediaType) -> Callable[[Iterable[Any]], RatedTitle]:
    def make(row: Iterable[Any]) -> RatedTitle:
        media_id, halves, *facts = row
        known = facts[0] is not None
        return RatedTitle(Title(*facts) if known else unknown_title(title_type, media_id), halves)

    return make


def _page(rated_type: RatedType, order: Order) -> Statement[RatedTitle]:
    title_type = Subject(rated_type, 0).title_type
    by = (ratings.c.rated_at, ratings.c.media_id)
    return Statement(
        select(ratings.c.media_id, ratings.c.halves, *TITLE_COLUMNS)
        .select_from(
            ratings.outerjoin(titles, and_(titles.c.media_type == title_type.value, titles.c.id == ratings.c.media_id))
        )
        .where(ratings.c.account_id == bindparam("account_id"), ratings.c.media_type == rated_type.value)
        .order_by(*(by if order is Order.OLDEST_FIRST else (column.desc() for column in by)))
        .limit(bindparam("most", type_=BigInteger))
        .offset(bindparam("offset", type_=BigInteger)),
        _rated_title(title_type),
    )


# :account_id :most :offset
PAGES = {(rated, order): _page(rated, order) for rated in (RatedType.MOVIE, RatedType.TV) for order in Order}

TOTAL = Statement(
    select(func.count())
    .select_from(ratings)
    .where(ratings.c.account_id == bindparam("account_id"), ratings.c.media_type == bindparam("media_type")),
    only,
)
