"""This file holds the statements of the catalogue."""

from sqlalchemy import bindparam, func, select

from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.schema import titles

# What a row of a film or series on the wire is made of; see `model.media.Title`.
COLUMNS = (
    titles.c.media_type,
    titles.c.id,
    titles.c.title,
    titles.c.original_title,
    titles.c.original_language,
    titles.c.release_date,
    titles.c.popularity,
    titles.c.adult,
    titles.c.video,
)

LOAD = Statement(
    insert(titles)
    .values({column.name: bindparam(column.name) for column in titles.columns})
    .on_conflict_do_nothing(index_elements=[titles.c.media_type, titles.c.id]),
    no_row,
)

ANY = Statement(select(func.count()).select_from(select(titles.c.id).limit(1).subquery()), only)

EXISTS = Statement(
    select(titles.c.id).where(titles.c.media_type == bindparam("media_type"), titles.c.id == bindparam("media_id")),
    only,
)
