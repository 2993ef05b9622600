"""This file holds the statements of the catalogue, and the columns of which every row of titles is made."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Text, and_, bindparam, func, literal, select

from admitone.model.media import KEPT_SOURCES, MediaType, Title
from admitone.store.engine import searching
from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.schema import titles, votes


def facts(media_type: ColumnElement[Any], media_id: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    """The columns of a `Title`, in its order, whether a catalogue knows it or not; from what `with_facts` joins."""
    return (
        media_type,
        media_id,
        *(func.coalesce(column, "") for column in (titles.c.title, titles.c.original_title)),
        *(func.coalesce(column, "") for column in (titles.c.original_language, titles.c.release_date)),
        *(func.coalesce(column, 0) for column in (titles.c.popularity, titles.c.adult, titles.c.video)),
        titles.c.imdb_id,
        titles.c.wikidata_id,
        *(func.coalesce(column, 0) for column in (votes.c.people, votes.c.halves)),
    )


def with_facts(source: FromClause, media_type: ColumnElement[Any], media_id: ColumnElement[Any]) -> FromClause:
    """`source`, and what is known of the title that each of its rows names."""
    known = source.outerjoin(titles, and_(titles.c.media_type == media_type, titles.c.id == media_id))
    return with_votes(known, media_type, media_id)


def with_votes(source: FromClause, media_type: ColumnElement[Any], media_id: ColumnElement[Any]) -> FromClause:
    """`source`, and how people here rated the title that each of its rows names."""
    whole = and_(votes.c.season == 0, votes.c.episode == 0)
    return source.outerjoin(votes, and_(votes.c.media_type == media_type, votes.c.media_id == media_id, whole))


def of_type(media_type: MediaType) -> ColumnElement[str]:
    """A kind of title, as a column."""
    return literal(media_type.value)


LOAD = Statement(
    insert(titles)
    .values({column.name: bindparam(column.name) for column in titles.columns})
    .on_conflict_do_nothing(index_elements=[titles.c.media_type, titles.c.id]),
    no_row,
)

ANY = Statement(select(func.count()).select_from(select(titles.c.id).limit(1).subquery()), only)

COUNT = Statement(select(func.count()).select_from(titles), only)

EXISTS = Statement(
    select(titles.c.id).where(titles.c.media_type == bindparam("media_type"), titles.c.id == bindparam("media_id")),
    only,
    together=(),
)

_titles = select(*facts(titles.c.media_type, titles.c.id)).select_from(
    with_votes(titles, titles.c.media_type, titles.c.id)
)

SHOW = Statement(
    _titles.where(titles.c.media_type == bindparam("media_type"), titles.c.id == bindparam("media_id")),
    Title._make,
)

# :media_type :most :offset
POPULAR = Statement(
    _titles.where(titles.c.media_type == bindparam("media_type"))
    .order_by(titles.c.popularity.desc(), titles.c.id)
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("offset", type_=BigInteger)),
    Title._make,
)
TOTAL = Statement(select(func.count()).select_from(titles).where(titles.c.media_type == bindparam("media_type")), only)

# By the name that another catalogue gave it.
BY_EXTERNAL_ID = {
    source: Statement(
        _titles.where(titles.c[source.value] == bindparam("external_id")).order_by(titles.c.media_type, titles.c.id),
        Title._make,
    )
    for source in KEPT_SOURCES
}

# :typed :most; what a search ranks. The three ways differ in what can be found at all, not in their rows.
SIMILAR = Statement(searching.similar(_titles), Title._make)
BEGINNING = Statement(
    _titles.where(titles.c.searched.startswith(bindparam("typed", type_=Text)))
    .order_by(titles.c.popularity.desc(), titles.c.id)
    .limit(bindparam("most", type_=BigInteger)),
    Title._make,
)
