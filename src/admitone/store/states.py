"""This file holds the statement behind account_states: what one person did with one title, in one go."""

from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Text, and_, bindparam, case, select

from admitone.model.media import Mark
from admitone.store.engine.statements import Statement
from admitone.store.schema import marks, ratings, titles


class States(NamedTuple):
    """A title to one person: marked or not (0 or 1), rated with so many half points or None; whether it is known."""

    favorite: int
    watchlist: int
    halves: int | None
    known: int = 1


_account = bindparam("account_id", type_=BigInteger)
_title = (bindparam("title_type", type_=Text), bindparam("media_id", type_=BigInteger))


def _marked(mark: Mark) -> ColumnElement[int]:
    found = select(marks.c.times).where(
        marks.c.account_id == _account,
        marks.c.mark == mark.value,
        marks.c.media_type == _title[0],
        marks.c.media_id == _title[1],
    )
    return case((found.exists(), 1), else_=0)


_rated = (
    select(ratings.c.halves)
    .where(
        and_(
            ratings.c.account_id == _account,
            ratings.c.media_type == bindparam("media_type", type_=Text),
            ratings.c.media_id == _title[1],
            ratings.c.season == bindparam("season", type_=BigInteger),
            ratings.c.episode == bindparam("episode", type_=BigInteger),
        )
    )
    .scalar_subquery()
)

_known = case(
    (select(titles.c.id).where(titles.c.media_type == _title[0], titles.c.id == _title[1]).exists(), 1), else_=0
)

# :account_id :media_type :title_type :media_id :season :episode → always one row.
STATES = Statement(select(_marked(Mark.FAVORITE), _marked(Mark.WATCHLIST), _rated, _known), States._make, together=())
