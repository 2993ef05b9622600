"""This file holds the statements of what one person keeps, with when and by which app, as their own pages show it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Text, bindparam, select

from admitone.model.media import MediaType, RatedType, Title
from admitone.model.paging import Order
from admitone.store.engine.statements import Statement
from admitone.store.schema import marks, ratings
from admitone.store.titles import facts, of_type, with_facts


class GivenEpisode(NamedTuple):
    """An episode, as its series and where it stands there; what somebody gave it, when, and by which app."""

    title: Title
    season: int
    episode: int
    halves: int
    rated_at: int
    app_id: int | None


class Given(NamedTuple):
    """What somebody gave one title or episode, in half points, when, and by which app."""

    halves: int
    rated_at: int
    app_id: int | None


class Kept(NamedTuple):
    """As what somebody keeps a title, since when, and by which app."""

    mark: str
    marked_at: int
    app_id: int | None


_account = bindparam("account_id", type_=BigInteger)
_media_type, _media_id = bindparam("media_type", type_=Text), bindparam("media_id", type_=BigInteger)
_part = (ratings.c.season, ratings.c.episode)
_given = (ratings.c.halves, ratings.c.rated_at, ratings.c.app_id)


def _episode(row: Iterable[Any]) -> GivenEpisode:
    values = tuple(row)
    facts_of, part = values[: len(Title._fields)], values[len(Title._fields) :]
    return GivenEpisode(Title._make(facts_of), *part)


def _episodes(order: Order) -> Statement[GivenEpisode]:
    series = of_type(MediaType.TV)
    by = (ratings.c.rated_at, ratings.c.media_id, *_part)
    return Statement(
        select(*facts(series, ratings.c.media_id), *_part, *_given)
        .select_from(with_facts(ratings, series, ratings.c.media_id))
        .where(ratings.c.account_id == _account, ratings.c.media_type == RatedType.EPISODE.value)
        .order_by(*(by if order is Order.OLDEST_FIRST else (column.desc() for column in by)))
        .limit(bindparam("most", type_=BigInteger))
        .offset(bindparam("offset", type_=BigInteger)),
        _episode,
    )


# :account_id :most :offset
EPISODES = {order: _episodes(order) for order in Order}

# :account_id :media_type :media_id :season :episode
GIVEN = Statement(
    select(*_given).where(
        ratings.c.account_id == _account,
        ratings.c.media_type == _media_type,
        ratings.c.media_id == _media_id,
        ratings.c.season == bindparam("season", type_=BigInteger),
        ratings.c.episode == bindparam("episode", type_=BigInteger),
    ),
    Given._make,
)

# :account_id :media_type :media_id
KEPT = Statement(
    select(marks.c.mark, marks.c.marked_at, marks.c.app_id).where(
        marks.c.account_id == _account, marks.c.media_type == _media_type, marks.c.media_id == _media_id
    ),
    Kept._make,
)
