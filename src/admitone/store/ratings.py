"""This file holds the statements of ratings: the same for people and for guests, each in a table of their own."""

from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    SmallInteger,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    null,
    select,
)

from admitone.model.media import RatedType, Subject, Title, mean_points
from admitone.model.paging import Order
from admitone.store.engine.statements import Insert, Statement, insert, no_row, only
from admitone.store.picking import Picked, picked
from admitone.store.schema import apps, guest_ratings, ratings, titles, votes
from admitone.store.titles import facts, of_type, with_facts


class Given(NamedTuple):
    """What a rating is and was, in half points; 0 before for a new one. When and by which app it was given before."""

    halves: int
    before: int
    at_before: int | None
    app_before: int | None


class Taken(NamedTuple):
    """A rating that was taken back just now: how many half points, when and by which app it was given."""

    halves: int
    rated_at: int
    app_id: int | None


class RatedTitle(NamedTuple):
    """A title and what one rater gave it, in half points."""

    title: Title
    halves: int


class RatedEpisode(NamedTuple):
    """An episode and what one rater gave it, in half points; `votes` people gave it `total` half points together."""

    series_id: int
    season: int
    episode: int
    halves: int
    votes: int
    total: int

    @property
    def average(self) -> float:
        """What people gave it on average, in points."""
        return mean_points(self.votes, self.total)


_SUBJECT: dict[str, ColumnElement[Any]] = {
    "media_type": bindparam("media_type", type_=Text),
    "media_id": bindparam("media_id", type_=BigInteger),
    "season": bindparam("season", type_=BigInteger),
    "episode": bindparam("episode", type_=BigInteger),
}
_in_catalogue = and_(
    titles.c.media_type == bindparam("title_type", type_=Text), titles.c.id == bindparam("media_id", type_=BigInteger)
)


class RatedPart(NamedTuple):
    """An episode of a season at hand, and what one rater gave it, in half points."""

    episode: int
    halves: int


class Ratings:
    """The statements on one table of ratings; `rater` is the column that says whose they are."""

    def __init__(self, table: Table, rater: Column[int]) -> None:
        """Make all statements of the table."""
        self._table = table
        self._rater = rater
        self._values: dict[str, ColumnElement[Any]] = {
            rater.name: bindparam("rater_id", type_=BigInteger),
            **_SUBJECT,
            "halves": bindparam("halves", type_=SmallInteger),
            "halves_before": literal_column("0", SmallInteger),
            "rated_at": bindparam("now", type_=BigInteger),
        }
        if "app_id" in table.c:
            # None of an app that was removed a moment ago.
            self._values["app_id"] = select(apps.c.id).where(apps.c.id == bindparam("app_id")).scalar_subquery()
        mine = table.c[rater.name] == bindparam("rater_id", type_=BigInteger)
        this = and_(mine, *(table.c[name] == value for name, value in _SUBJECT.items()))

        # No row when the title is not in the catalogue.
        known = select(*self._values.values()).where(_in_catalogue)
        self.rate = self._rate(insert(table).from_select(list(self._values), known))
        # The same where no catalogue is installed: every title exists.
        self.rate_any = self._rate(insert(table).values(self._values))
        app_id = table.c.app_id if "app_id" in table.c else null()
        self.unrate = Statement(
            delete(table).where(this).returning(table.c.halves, table.c.rated_at, app_id), Taken._make
        )
        self.one = Statement(select(table.c.halves).where(this), only)
        of_kind = (mine, table.c.media_type == bindparam("media_type", type_=Text))
        self.total = Statement(select(func.count()).select_from(table).where(*of_kind), only)
        # :rater_id :most :offset
        self.titles = {
            (rated, order): self._title_page(rated, order)
            for rated in (RatedType.MOVIE, RatedType.TV)
            for order in Order
        }
        self.episodes = {order: self._episode_page(order) for order in Order}
        season = (table.c.media_id == _SUBJECT["media_id"], table.c.season == _SUBJECT["season"])
        self.season = Statement(
            select(table.c.episode, table.c.halves)
            .where(mine, table.c.media_type == RatedType.EPISODE.value, *season)
            .order_by(table.c.episode),
            RatedPart._make,
        )

    def _rate(self, new: Insert) -> Statement[Given]:
        kept = self._table
        changed = {name: new.excluded[name] for name in ("halves", "rated_at", "app_id") if name in kept.c}
        key = [kept.c[name] for name in (self._rater.name, *_SUBJECT)]
        before: dict[str, ColumnElement[Any]] = {"halves_before": kept.c.halves}
        told: tuple[ColumnElement[Any], ...] = (kept.c.halves, kept.c.halves_before)
        if "app_before" in kept.c:
            before |= {"rated_at_before": kept.c.rated_at, "app_before": kept.c.app_id}
            told += (kept.c.rated_at_before, kept.c.app_before)
        else:
            told += (null(), null())  # guests' apps change nothing that anybody would want back
        upsert = new.on_conflict_do_update(index_elements=key, set_={**changed, **before})
        return Statement(upsert.returning(*told), Given._make, together=("rater_id", *_SUBJECT))

    def _title_page(self, rated_type: RatedType, order: Order) -> Statement[RatedTitle]:
        title_type = of_type(Subject(rated_type, 0).title_type)
        rows, by = self._picked(rated_type, order, "media_id")
        page = (
            select(*facts(title_type, rows.c.media_id), rows.c.halves)
            .select_from(with_facts(rows, title_type, rows.c.media_id))
            .order_by(*by)
        )
        return Statement(page, lambda row: RatedTitle(Title._make(row[:-1]), row[-1]))  # type: ignore[index]

    def _episode_page(self, order: Order) -> Statement[RatedEpisode]:
        rows, by = self._picked(RatedType.EPISODE, order, "media_id", "season", "episode")
        same = and_(
            votes.c.media_type == RatedType.EPISODE.value,
            *(votes.c[name] == rows.c[name] for name in ("media_id", "season", "episode")),
        )
        page = (
            select(
                rows.c.media_id,
                rows.c.season,
                rows.c.episode,
                rows.c.halves,
                func.coalesce(votes.c.people, 0),
                func.coalesce(votes.c.halves, 0),
            )
            .select_from(rows.outerjoin(votes, same))
            .order_by(*by)
        )
        return Statement(page, RatedEpisode._make)

    def _picked(self, rated_type: RatedType, order: Order, *names: str) -> Picked:
        kept = self._table
        mine = kept.c[self._rater.name] == bindparam("rater_id", type_=BigInteger)
        by = (kept.c.rated_at, *(kept.c[name] for name in names))
        of_kind = (mine, kept.c.media_type == rated_type.value)
        return picked((kept.c.halves,), of_kind, by, reverse=order is Order.NEWEST_FIRST)


OF_PEOPLE = Ratings(ratings, ratings.c.account_id)
OF_GUESTS = Ratings(guest_ratings, guest_ratings.c.guest_id)

# The votes on a title or episode move by what one rating changed; :people :halves are the differences.
_voted = insert(votes).values(
    {**_SUBJECT, "people": bindparam("people", type_=BigInteger), "halves": bindparam("halves", type_=BigInteger)}
)
VOTE = Statement(
    _voted.on_conflict_do_update(
        index_elements=[votes.c[name] for name in _SUBJECT],
        set_={
            "people": votes.c.people + _voted.excluded.people,
            "halves": votes.c.halves + _voted.excluded.halves,
        },
    ),
    no_row,
    together=tuple(_SUBJECT),
)
