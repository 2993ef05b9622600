"""This file holds the statements that read all that a person has, page by page, and put it back with its dates."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, SmallInteger, Text, and_, bindparam, literal, select

from admitone.model.media import Title
from admitone.store.connected.tables import changes
from admitone.store.engine.statements import Row, Statement, insert, only
from admitone.store.lists import IN_PLACE
from admitone.store.people.factor_tables import app_passwords, known_places, passkeys
from admitone.store.schema import accounts, apps, events, list_items, lists, marks, ratings, sessions, titles, visits
from admitone.store.titles import facts, with_votes

_THING = ("list_id", "media_type", "media_id", "season", "episode")

ACCOUNT = bindparam("account_id", type_=BigInteger)
MOST = bindparam("most", type_=BigInteger)
OFFSET = bindparam("offset", type_=BigInteger)


class Named(NamedTuple):
    """What is known of a title."""

    imdb_id: str | None
    title: str | None
    year: int | None


class RatingRow(NamedTuple):
    """One rating."""

    media_type: str
    media_id: int
    season: int
    episode: int
    halves: int
    at: int
    imdb_id: str | None
    title: str | None
    year: int | None


class Brought(NamedTuple):
    """What a rating that was brought is and was, in half points; 0 before for a new one."""

    halves: int
    before: int


class MarkRow(NamedTuple):
    """One title that is a favourite or on the watchlist, or on a list."""

    media_type: str
    media_id: int
    at: int
    imdb_id: str | None
    title: str | None
    year: int | None


class ListRow(NamedTuple):
    """One list."""

    id: int
    name: str
    description: str
    iso_639_1: str
    public: int
    made_at: int
    changed_at: int


class EventRow(NamedTuple):
    """One row of the audit."""

    at: int
    kind: str
    network: str
    detail: str
    app: str | None


def _page(rows: Select[Any], make: Callable[[Any], Row]) -> Statement[Row]:
    """Some of the rows: at most :most, behind :offset others."""
    return Statement(rows.limit(MOST).offset(OFFSET), make)


_named = (titles.c.imdb_id, titles.c.title, titles.c.year)

# An episode is told by its series.
_rated_title = and_(
    titles.c.id == ratings.c.media_id,
    (titles.c.media_type == ratings.c.media_type)
    | and_(ratings.c.media_type == "episode", titles.c.media_type == "tv"),
)
RATINGS = _page(
    select(
        ratings.c.media_type,
        ratings.c.media_id,
        ratings.c.season,
        ratings.c.episode,
        ratings.c.halves,
        ratings.c.rated_at,
        *_named,
    )
    .select_from(ratings.outerjoin(titles, _rated_title))
    .where(ratings.c.account_id == ACCOUNT)
    .order_by(ratings.c.media_type, ratings.c.media_id, ratings.c.season, ratings.c.episode),
    RatingRow._make,
)
MARKS = _page(
    select(marks.c.media_type, marks.c.media_id, marks.c.marked_at, *_named)
    .select_from(
        marks.outerjoin(titles, and_(titles.c.media_type == marks.c.media_type, titles.c.id == marks.c.media_id))
    )
    .where(marks.c.account_id == ACCOUNT, marks.c.mark == bindparam("mark", type_=Text))
    .order_by(marks.c.media_type, marks.c.media_id),
    MarkRow._make,
)
LISTS = _page(
    select(
        lists.c.id,
        lists.c.name,
        lists.c.description,
        lists.c.iso_639_1,
        lists.c.public,
        lists.c.made_at,
        lists.c.changed_at,
    )
    .where(lists.c.account_id == ACCOUNT)
    .order_by(lists.c.id),
    ListRow._make,
)
ITEMS = _page(
    select(list_items.c.media_type, list_items.c.media_id, list_items.c.added_at, *_named)
    .select_from(
        list_items.outerjoin(
            titles, and_(titles.c.media_type == list_items.c.media_type, titles.c.id == list_items.c.media_id)
        )
    )
    .where(list_items.c.list_id == bindparam("list_id", type_=BigInteger))
    .order_by(*IN_PLACE),
    MarkRow._make,
)
CONNECTIONS = _page(
    select(
        apps.c.name,
        apps.c.website,
        sessions.c.network,
        sessions.c.made_at,
        sessions.c.used_at,
        sessions.c.ended_at,
        sessions.c.approved_at,
        sessions.c.approved_how,
        sessions.c.approved_network,
        sessions.c.approved_browser,
    )
    .select_from(sessions.join(apps, apps.c.id == sessions.c.app_id))
    .where(sessions.c.account_id == ACCOUNT)
    .order_by(sessions.c.id),
    tuple,
)
EVENTS = _page(
    select(events.c.at, events.c.kind, events.c.network, events.c.detail, apps.c.name)
    .select_from(events.outerjoin(apps, apps.c.id == events.c.app_id))
    .where(events.c.account_id == ACCOUNT)
    .order_by(events.c.id),
    EventRow._make,
)
VISITS = _page(
    select(visits.c.made_at, visits.c.seen_at, visits.c.expires_at, visits.c.network)
    .where(visits.c.account_id == ACCOUNT)
    .order_by(visits.c.made_at, visits.c.digest),
    tuple,
)
# What proves a person, by its name and its dates: the secrets themselves stay here.
PASSKEYS = _page(
    select(
        passkeys.c.name, passkeys.c.aaguid, passkeys.c.synced, passkeys.c.uses, passkeys.c.made_at, passkeys.c.used_at
    )
    .where(passkeys.c.account_id == ACCOUNT)
    .order_by(passkeys.c.id),
    tuple,
)
APP_PASSWORDS = _page(
    select(app_passwords.c.name, app_passwords.c.made_at, app_passwords.c.used_at)
    .where(app_passwords.c.account_id == ACCOUNT)
    .order_by(app_passwords.c.id),
    tuple,
)
KNOWN_PLACES = _page(
    select(known_places.c.made_at, known_places.c.expires_at, known_places.c.trusted_until)
    .where(known_places.c.account_id == ACCOUNT)
    .order_by(known_places.c.made_at, known_places.c.digest),
    tuple,
)
CHANGES = _page(
    select(
        changes.c.at,
        apps.c.name,
        changes.c.kind,
        changes.c.list_id,
        changes.c.media_type,
        changes.c.media_id,
        changes.c.season,
        changes.c.episode,
        changes.c.before,
        changes.c.after,
        changes.c.undone_at,
    )
    .select_from(changes.outerjoin(apps, apps.c.id == changes.c.app_id))
    .where(changes.c.account_id == ACCOUNT)
    .order_by(*(changes.c[name] for name in ("kind", *_THING, "app_id"))),
    tuple,
)
PROFILE = Statement(
    select(
        accounts.c.username,
        accounts.c.name,
        accounts.c.email,
        accounts.c.iso_639_1,
        accounts.c.iso_3166_1,
        accounts.c.include_adult,
        accounts.c.made_at,
        accounts.c.object_id,
        accounts.c.id,
    ).where(accounts.c.id == ACCOUNT),
    tuple,
)

_subject: dict[str, ColumnElement[Any]] = {
    "account_id": ACCOUNT,
    "media_type": bindparam("media_type", type_=Text),
    "media_id": bindparam("media_id", type_=BigInteger),
    "season": bindparam("season", type_=BigInteger),
    "episode": bindparam("episode", type_=BigInteger),
}
_rating = insert(ratings).values(
    {
        **_subject,
        "halves": bindparam("halves", type_=SmallInteger),
        "halves_before": literal(0, SmallInteger),
        "rated_at": bindparam("at", type_=BigInteger),
    }
)
# Ours stays unless it is older than what the file says; :newer_than is 0 where it does not say.
BRING_RATING = Statement(
    _rating.on_conflict_do_update(
        index_elements=[ratings.c[name] for name in _subject],
        set_={
            "halves": _rating.excluded.halves,
            "rated_at": _rating.excluded.rated_at,
            "app_id": None,
            "halves_before": ratings.c.halves,
        },
        where=ratings.c.rated_at < bindparam("newer_than", type_=BigInteger),
    ).returning(ratings.c.halves, ratings.c.halves_before),
    Brought._make,
)
RATING = Statement(
    select(ratings.c.halves).where(*(ratings.c[name] == value for name, value in _subject.items())), only
)
BRING_MARK = Statement(
    insert(marks)
    .values(
        account_id=ACCOUNT,
        mark=bindparam("mark", type_=Text),
        media_type=bindparam("media_type", type_=Text),
        media_id=bindparam("media_id", type_=BigInteger),
        marked_at=bindparam("at", type_=BigInteger),
        times=literal(1, BigInteger),
    )
    .on_conflict_do_nothing(index_elements=[marks.c.account_id, marks.c.mark, marks.c.media_type, marks.c.media_id])
    .returning(marks.c.times),
    only,
)

# Every title of exactly this name, folded; as its first name or its second.
_typed = bindparam("typed", type_=Text)
NAMED = Statement(
    select(*facts(titles.c.media_type, titles.c.id))
    .select_from(with_votes(titles, titles.c.media_type, titles.c.id))
    .where(
        (titles.c.searched == _typed)
        | titles.c.searched.like(_typed + " | %")
        | titles.c.searched.like("% | " + _typed)
    ),
    Title._make,
)
