"""This file is how each database finds titles like what was typed: by trigrams, in an index of its own.

SQLite has a full-text table beside the titles, kept by triggers; PostgreSQL an index of pg_trgm (see the migrations).
The two bring the same candidates but for rare ones at the edge of likeness; which of them fit, and in which order,
`model.search` decides. What was typed comes folded: letters, digits and blanks, so nothing in it is special to LIKE.
"""

from typing import Any

from sqlalchemy import BigInteger, Select, String, Text, bindparam, case, column, func, or_, table

from admitone.store.schema import titles

_typed = bindparam("typed", type_=Text)
_most = bindparam("most", type_=BigInteger)


def similar(rows: Select[*tuple[Any, ...]]) -> dict[str, Select[*tuple[Any, ...]]]:
    """`rows` of titles that share trigrams with what was typed, the likest first, for each database.

    Values: `typed`, a folded text; `trigrams`, its parts as a full-text query (SQLite alone asks for it); `most`.
    """
    found = table("title_search", column("rowid", BigInteger), column("title_search", String), column("rank"))
    title_type = case((found.c.rowid % 2 == 1, "tv"), else_="movie")
    same = (titles.c.media_type == title_type, titles.c.id == found.c.rowid // 2)
    matching = found.c.title_search.op("MATCH")(bindparam("trigrams", type_=Text))
    like = or_(
        titles.c.searched.op("%")(_typed),
        titles.c.searched.contains(_typed),
    )
    by = func.similarity(titles.c.searched, _typed).desc()
    return {
        "sqlite": rows.where(*same, matching).order_by(found.c.rank).limit(_most),
        "postgresql": rows.where(like).order_by(by, titles.c.popularity.desc()).limit(_most),
    }
