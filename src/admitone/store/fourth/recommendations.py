"""This file holds the statements behind recommendations: each looks at a bounded number of rows, by an index."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, ColumnElement, Text, bindparam, literal_column, select, union_all

from admitone.model.media import Title
from admitone.model.paging import ROWS
from admitone.model.recommendations import ALIKE, LIKED, RATERS, TASTES, THEIRS
from admitone.store.engine.statements import Statement, only
from admitone.store.schema import ratings, titles
from admitone.store.titles import facts, with_votes


def pair(row: Iterable[int]) -> tuple[int, int]:
    """Make of a row two numbers that belong together."""
    first, second = row
    return first, second


_account = bindparam("account_id", type_=BigInteger)
_kind = bindparam("media_type", type_=Text)
# Spelled out, or the index of what was rated high would not be used.
_liked = ratings.c.halves >= literal_column(str(LIKED))

# :account_id :media_type → what the person likes most, the latest of it first.
TASTE = Statement(
    select(ratings.c.media_id)
    .where(ratings.c.account_id == _account, ratings.c.media_type == _kind, _liked)
    .order_by(ratings.c.halves.desc(), ratings.c.rated_at.desc(), ratings.c.media_id)
    .limit(TASTES),
    only,
)


def titles_of(ids: list[int], places: int) -> dict[str, int]:
    """Values for the places of a statement: those that there are, and 0, which nothing has, for the rest."""
    return {f"id_{place}": ids[place] if place < len(ids) else 0 for place in range(places)}


def _place(number: int) -> ColumnElement[int]:
    return bindparam(f"id_{number}", type_=BigInteger)


_raters = (
    select(ratings.c.media_id, ratings.c.account_id)
    .where(
        ratings.c.media_type == _kind, ratings.c.media_id == _place(number), _liked, ratings.c.account_id != _account
    )
    .order_by(ratings.c.account_id.desc())
    .limit(RATERS)
    .subquery()
    for number in range(TASTES)
)
# :account_id :media_type :id_0 … → who likes each of these titles, as pairs of title and person; the newest people.
RATERS_OF = Statement(union_all(*(select(each) for each in _raters)), pair)

_mine = ratings.alias("mine")
_known = (
    select(_mine.c.media_id)
    .where(
        _mine.c.account_id == _account,
        _mine.c.media_type == ratings.c.media_type,
        _mine.c.media_id == ratings.c.media_id,
    )
    .exists()
)
_theirs = (
    select(ratings.c.account_id, ratings.c.media_id)
    .where(ratings.c.account_id == _place(number), ratings.c.media_type == _kind, _liked, ~_known)
    .order_by(ratings.c.rated_at.desc(), ratings.c.media_id)
    .limit(THEIRS)
    .subquery()
    for number in range(ALIKE)
)
# :account_id :media_type :id_0 … → what each of these people likes that the asker has not rated, the latest of it.
LIKED_BY = Statement(union_all(*(select(each) for each in _theirs)), pair)

# :media_type :id_0 …
TITLES = Statement(
    select(*facts(titles.c.media_type, titles.c.id))
    .select_from(with_votes(titles, titles.c.media_type, titles.c.id))
    .where(titles.c.media_type == _kind, titles.c.id.in_([_place(number) for number in range(ROWS)])),
    Title._make,
)
