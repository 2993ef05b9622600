"""This file holds the statements of marks and ratings in every order of the fourth generation."""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, ColumnElement, Select, Text, bindparam, select

from admitone.model.media import MediaType, Title
from admitone.model.paging import Sorting
from admitone.store.engine.statements import Statement
from admitone.store.fourth.orders import KEYS, by
from admitone.store.picking import picked
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
    where = (
        marks.c.account_id == _account,
        marks.c.mark == bindparam("mark", type_=Text),
        marks.c.media_type == media_type.value,
    )
    page = _page(media_type, sort, where, (marks.c.marked_at, marks.c.media_id), marks.c.marked_at, marks.c.app_id)
    return Statement(page, lambda row: MarkedTitle(Title._make(row[:-2]), row[-2], row[-1]))  # type: ignore[index]


def _rated(media_type: MediaType, sort: Sorting) -> Statement[GivenTitle]:
    where = (ratings.c.account_id == _account, ratings.c.media_type == media_type.value)
    told = (ratings.c.halves, ratings.c.rated_at, ratings.c.app_id)
    page = _page(media_type, sort, where, (ratings.c.rated_at, ratings.c.media_id), *told)
    return Statement(page, lambda row: GivenTitle(Title._make(row[:-3]), *row[-3:]))  # type: ignore[index]


def _page(
    media_type: MediaType,
    sort: Sorting,
    where: tuple[ColumnElement[bool], ...],
    kept: tuple[Column[Any], Column[Any]],
    *told: Column[Any],
) -> Select[*tuple[Any, ...]]:
    """A page of titles, and what is `told` beside each; `kept` is when a row was made, and its title."""
    word = sort.partition(".")[0]
    if word not in KEYS:
        rows, again = picked(told, where, kept, reverse=sort.reversed)
        joined = with_facts(rows, of_type(media_type), rows.c.media_id)
        shown = select(*facts(of_type(media_type), rows.c.media_id), *(rows.c[column.name] for column in told))
        return shown.select_from(joined).order_by(*again)
    # What is known of the titles decides, so all of them are looked at.
    shown = select(*facts(of_type(media_type), kept[1]), *told)
    joined = with_facts(kept[0].table, of_type(media_type), kept[1])
    order = by(word, *kept, reverse=sort.reversed)
    return shown.select_from(joined).where(*where).order_by(*order).limit(_most).offset(_offset)


# :account_id :mark :most :offset
MARKED = {(kind, sort): _marked(kind, sort) for kind in MediaType for sort in Sorting}
# :account_id :most :offset
RATED = {(kind, sort): _rated(kind, sort) for kind in MediaType for sort in Sorting}
