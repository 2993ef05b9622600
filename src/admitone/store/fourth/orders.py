"""This file says by which columns titles are put into order; for rows that `titles.with_facts` has joined."""

from typing import Any

from sqlalchemy import ColumnElement, Float, case, cast, func

from admitone.store.engine.ordering import bytewise
from admitone.store.schema import titles, votes

# What people here gave it on average, in half points, 0 for nobody.
VOTE_AVERAGE: ColumnElement[Any] = case(
    (func.coalesce(votes.c.people, 0) > 0, cast(votes.c.halves, Float) / cast(votes.c.people, Float)), else_=0.0
)

# By the word before the dot of an order.
KEYS: dict[str, ColumnElement[Any]] = {
    "vote_average": VOTE_AVERAGE,
    "primary_release_date": bytewise(func.coalesce(titles.c.release_date, "")),
    "release_date": bytewise(func.coalesce(titles.c.release_date, "")),
    # Folded, so that case and accents do not matter; it begins with the title.
    "title": bytewise(func.coalesce(titles.c.searched, "")),
}


def by(word: str, *kept: ColumnElement[Any], reverse: bool) -> tuple[ColumnElement[Any], ...]:
    """What to order by for the word of an order; `kept` is the order in which rows were made, and decides ties."""
    keys = (KEYS[word], *kept) if word in KEYS else kept
    return tuple(key.desc() if reverse else key.asc() for key in keys)
