"""This file holds the statements of marks and ratings in every order of the fourth generation."""

from typing import NamedTuple

from sqlalchemy import BigInteger, Text, bindparam, select

from admitone.model.media import MediaType, Title
from admitone.model.paging import Sorting
from admitone.store.engine.statements import Statement
from admitone.store.fourth.orders import by
from admitone.store.schema import marks, ratings
from admitone.store.titles import facts, of_type, with_facts


class GivenTitle(NamedTuple):
    """A title, what somebody gave it in half points, when, and by which app, None for themselves."""

    title: Title
    halves: int
    rated_at: int
    app_id: int | None


class MarkedTitle(NamedTuple):
    """A title that somebody keeps: since when, and by which app, None for themselves."""

    title: Title
    marked_at: int
    app_id: int | None


_account = bindparam("account_id", type_=BigInteger)
_most, _offset = bindparam("most", type_=BigInteger), bindparam("offset", type_=BigInteger)


def _marked(media_type: MediaType, sort: Sorting) -> Statement[MarkedTitle]:
    order = by(sort.partition(".")[0], marks.c.marked_at, marks.c.media_id, reverse=sort.reversed)
    return Statement(
        select(*facts(of_type(media_type), marks.c.media_id), marks.c.marked_at, marks.c.app_id)
        .select_from(with_facts(marks, of_type(media_type), marks.c.media_id))
        .where(
            marks.c.account_id == _account,
            marks.c.mark == bindparam("mark", type_=Text),
            marks.c.media_type == media_type.value,
        )
        .order_by(*order)
        .limit(_most)
        .offset(_offset),
        lambda row: MarkedTitle(Title._make(row[:-2]), row[-2], row[-1]),  # type: ignore[index]
    )


def _rated(media_type: MediaType, sort: Sorting) -> Statement[GivenTitle]:
    order = by(sort.partition(".")[0], ratings.c.rated_at, ratings.c.media_id, reverse=sort.reversed)
    return Statement(
        select(*facts(of_type(media_type), ratings.c.media_id), ratings.c.halves, ratings.c.rated_at, ratings.c.app_id)
        .select_from(with_facts(ratings, of_type(media_type), ratings.c.media_id))
        .where(ratings.c.account_id == _account, ratings.c.media_type == media_type.value)
        .order_by(*order)
        .limit(_most)
        .offset(_offset),
        lambda row: GivenTitle(Title._make(row[:-3]), *row[-3:]),  # type: ignore[index]
    )


# :account_id :mark :most :offset
MARKED = {(kind, sort): _marked(kind, sort) for kind in MediaType for sort in Sorting}
# :account_id :most :offset
RATED = {(kind, sort): _rated(kind, sort) for kind in MediaType for sort in Sorting}
