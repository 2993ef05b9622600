"""This file holds every table, in one MetaData; instants are 64-bit UTC milliseconds, secrets only keyed digests.

One of the three files that may ask which database it is: SQLite's STRICT tables know five types only.
"""

from typing import Any

from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

# SQLite makes a key the row's number only when its type is spelled INTEGER, and STRICT knows no other integer.
Number = BigInteger().with_variant(Integer(), "sqlite")
Small = SmallInteger().with_variant(Integer(), "sqlite")
Place: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")
Instant = Number
Flag = Small
Digest = LargeBinary

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

STRICT: dict[str, Any] = {"sqlite_strict": True}
# Numbers that people and programs hold on to are never given out a second time.
LASTING: dict[str, Any] = {"sqlite_strict": True, "sqlite_autoincrement": True}
# A table that is only ever reached by its key: the key is the table, one tree instead of two.
KEYED: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}

accounts = Table(
    "accounts",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("object_id", Text, nullable=False, unique=True),
    Column("username", Text, nullable=False),
    Column("username_key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text),
    Column("iso_639_1", Text, nullable=False),
    Column("iso_3166_1", Text, nullable=False),
    Column("include_adult", Flag, nullable=False),
    Column("gravatar_hash", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("switched_off_at", Instant),
    # Where mail goes. Not confirmed, it is a claim of whoever typed it; `addresses` says whose an address really is.
    Column("email", Text),
    Column("email_key", Text, index=True),
    Column("email_confirmed_at", Instant),
    # What it shall be changed to, once that is confirmed.
    Column("email_wanted", Text),
    # Until when that must be confirmed, of an account that somebody made by signing up; None where nothing waits.
    Column("confirm_by", Instant),
    # How its person wants to read: empty for UTC, and as the device is.
    Column("time_zone", Text, nullable=False, server_default=""),
    Column("appearance", Text, nullable=False, server_default=""),
    # Since when the account is somebody's again who had lost the password; see `model.people.recovery`.
    Column("recovered_at", Instant),
    **LASTING,
)
_waits = accounts.c.confirm_by.is_not(None)
Index("ix_accounts_confirm_by", accounts.c.confirm_by, sqlite_where=_waits, postgresql_where=_waits)

apps = Table(
    "apps",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("public_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("website", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("owner_id", ForeignKey("accounts.id"), nullable=False),
    Column("first_party", Flag, nullable=False),
    Column("accepted", Flag, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("switched_off_at", Instant),
    CheckConstraint("kind in ('website', 'phone', 'tv', 'script')", name="kind"),
    **LASTING,
)

app_credentials = Table(
    "app_credentials",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("app_id", ForeignKey("apps.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("key_digest", Digest, nullable=False, unique=True),
    Column("read_token_digest", Digest, nullable=False, unique=True),
    Column("hint", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ends_at", Instant),
    **STRICT,
)

app_returns = Table(
    "app_returns",
    metadata,
    Column("app_id", ForeignKey("apps.id", ondelete="CASCADE"), primary_key=True),
    Column("address", Text, primary_key=True),
    **KEYED,
)

request_tokens = Table(
    "request_tokens",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column("app_id", ForeignKey("apps.id", ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("decided_at", Instant),
    Column("decided_by", ForeignKey("accounts.id", ondelete="CASCADE")),
    Column("spent_at", Instant),
    # Of which generation it is, 3 or 4; the address to go back to that was fixed with one of the fourth.
    Column("generation", Small, nullable=False, server_default="3"),
    Column("redirect_to", Text),
    # How it was approved, from which network and on which browser; its session keeps it on.
    Column("approved_how", Text, nullable=False, server_default=""),
    Column("approved_network", Text, nullable=False, server_default=""),
    Column("approved_browser", Text, nullable=False, server_default=""),
    CheckConstraint("state in ('pending', 'approved', 'denied', 'spent')", name="state"),
    CheckConstraint("(state = 'pending') = (decided_by is null)", name="decided"),
    CheckConstraint("(state = 'spent') = (spent_at is not null)", name="spent"),
    **KEYED,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("digest", Digest, nullable=False, unique=True),
    Column("app_id", ForeignKey("apps.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    # Which request token it came from: unique, so that not even a bug in the gate could spend one twice.
    Column("token_digest", Digest, unique=True),
    Column("network", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("ended_at", Instant),
    # Of the user access token that is the same session in the form of the fourth generation.
    Column("access_digest", Digest),
    # When, how, from which network and on which browser its person approved it.
    Column("approved_at", Instant),
    Column("approved_how", Text, nullable=False, server_default=""),
    Column("approved_network", Text, nullable=False, server_default=""),
    Column("approved_browser", Text, nullable=False, server_default=""),
    **STRICT,
)
Index("ix_sessions_access_digest", sessions.c.access_digest, unique=True)
Index("ix_sessions_account_id_app_id", sessions.c.account_id, sessions.c.app_id)
# An app's people who have it connected, one after another.
Index("ix_sessions_app_id_ended_at_account_id", sessions.c.app_id, sessions.c.ended_at, sessions.c.account_id)
_over = sessions.c.ended_at.is_not(None)
Index("ix_sessions_ended_at", sessions.c.ended_at, sqlite_where=_over, postgresql_where=_over)

visits = Table(
    "visits",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("network", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("proved_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    # What browser it is, in few words, and how its person proved who they are.
    Column("browser", Text, nullable=False, server_default=""),
    Column("way", Text, nullable=False, server_default=""),
    # How long a visit lasts unused; each use at least an hour after the last moves the end on.
    Column("lasts", Number, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    **KEYED,
)

titles = Table(
    "titles",
    metadata,
    Column("media_type", Text, primary_key=True),
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("original_title", Text, nullable=False),
    Column("original_language", Text, nullable=False),
    Column("release_date", Text, nullable=False),
    Column("year", Small),
    Column("popularity", Number, nullable=False),  # thousandths
    Column("adult", Flag, nullable=False),
    Column("video", Flag, nullable=False),
    Column("imdb_id", Text),
    Column("wikidata_id", Text),
    # Its names as `model.search` folds them. Each engine keeps an index of their trigrams, see `engine.searching`.
    Column("searched", Text, nullable=False),
    CheckConstraint("media_type in ('movie', 'tv')", name="media_type"),
    **KEYED,
)
Index("ix_titles_media_type_popularity", titles.c.media_type, titles.c.popularity.desc())
Index("ix_titles_imdb_id", titles.c.imdb_id)
Index("ix_titles_wikidata_id", titles.c.wikidata_id)

ratings = Table(
    "ratings",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("media_type", Text, primary_key=True),
    Column("media_id", Number, primary_key=True, autoincrement=False),
    Column("season", Number, primary_key=True, autoincrement=False),  # 0 and 0 for what is no episode
    Column("episode", Number, primary_key=True, autoincrement=False),
    Column("halves", Small, nullable=False),  # half points: 1 is 0.5, 20 is 10.0
    Column("rated_at", Instant, nullable=False),
    # What it was before, 0 when it is new: the change that the title's votes need, without reading first.
    Column("halves_before", Small, nullable=False),
    Column("app_id", ForeignKey("apps.id", ondelete="SET NULL")),
    # When and by which app the value before was given: what undoing needs, without reading first.
    Column("rated_at_before", Instant),
    Column("app_before", Number),
    CheckConstraint("media_type in ('movie', 'tv', 'episode')", name="media_type"),
    CheckConstraint("halves between 1 and 20", name="halves"),
    **KEYED,
)
# For the pages of one account's ratings in the order of rating, totals included: earlier rows are passed by unsorted.
_page = ("account_id", "media_type", "rated_at", "media_id", "season", "episode", "halves")
Index("ix_ratings_page", *(ratings.c[name] for name in _page))
# For who rated a title high: what recommendations ask. 14 is `model.recommendations.LIKED`.
Index(
    "ix_ratings_liked",
    ratings.c.media_type,
    ratings.c.media_id,
    ratings.c.account_id,
    sqlite_where=ratings.c.halves >= 14,
    postgresql_where=ratings.c.halves >= 14,
)

guest_sessions = Table(
    "guest_sessions",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("digest", Digest, nullable=False, unique=True),
    Column("app_id", ForeignKey("apps.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("network", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    **STRICT,
)

guest_ratings = Table(
    "guest_ratings",
    metadata,
    Column("guest_id", ForeignKey("guest_sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("media_type", Text, primary_key=True),
    Column("media_id", Number, primary_key=True, autoincrement=False),
    Column("season", Number, primary_key=True, autoincrement=False),
    Column("episode", Number, primary_key=True, autoincrement=False),
    Column("halves", Small, nullable=False),
    Column("rated_at", Instant, nullable=False),
    Column("halves_before", Small, nullable=False),
    CheckConstraint("media_type in ('movie', 'tv', 'episode')", name="media_type"),
    CheckConstraint("halves between 1 and 20", name="halves"),
    **KEYED,
)

# How many people rated a title or episode, and the sum of their half points; guests do not vote.
votes = Table(
    "votes",
    metadata,
    Column("media_type", Text, primary_key=True),
    Column("media_id", Number, primary_key=True, autoincrement=False),
    Column("season", Number, primary_key=True, autoincrement=False),
    Column("episode", Number, primary_key=True, autoincrement=False),
    Column("people", Number, nullable=False),
    Column("halves", Number, nullable=False),
    **KEYED,
)

# Favourites and watchlist.
marks = Table(
    "marks",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("mark", Text, primary_key=True),
    Column("media_type", Text, primary_key=True),
    Column("media_id", Number, primary_key=True, autoincrement=False),
    Column("marked_at", Instant, nullable=False),
    Column("times", Number, nullable=False),
    Column("app_id", ForeignKey("apps.id", ondelete="SET NULL")),
    CheckConstraint("mark in ('favorite', 'watchlist')", name="mark"),
    CheckConstraint("media_type in ('movie', 'tv')", name="media_type"),
    **KEYED,
)
Index(
    "ix_marks_account_id_mark_media_type_marked_at",
    marks.c.account_id,
    marks.c.mark,
    marks.c.media_type,
    marks.c.marked_at,
)

lists = Table(
    "lists",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("iso_639_1", Text, nullable=False),
    Column("public", Flag, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("app_id", Number),  # which app made it, if one did; it may have been removed since
    Column("iso_3166_1", Text, nullable=False, server_default="US"),
    Column("sort_by", Small, nullable=False, server_default="1"),  # the number of a `model.lists.ListSort`
    Column("backdrop_path", Text, nullable=False, server_default=""),
    **LASTING,
)

list_items = Table(
    "list_items",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("list_id", ForeignKey("lists.id", ondelete="CASCADE"), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("media_id", Number, nullable=False),
    Column("added_at", Instant, nullable=False),
    # Where it stood when undoing brought it back, as programs of before `stands_at` wrote it.
    Column("place", Number),
    Column("app_id", Number),
    Column("comment", Text),
    # Where its person put it (`model.lists.place_between`); what was never moved stands at its own number.
    Column("stands_at", Place),
    CheckConstraint("media_type in ('movie', 'tv')", name="media_type"),
    UniqueConstraint("list_id", "media_type", "media_id"),
    **LASTING,
)
Index("ix_list_items_media_type_media_id", list_items.c.media_type, list_items.c.media_id)

# What happened, who did it, when; one row for each change of state, written in the same transaction.
events = Table(
    "events",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("app_id", Number),
    Column("account_id", Number),
    Column("network", Text, nullable=False),
    Column("detail", Text, nullable=False),
    **STRICT,
)

_somebodys = events.c.account_id.is_not(None)
Index("ix_events_somebody", events.c.account_id, sqlite_where=_somebodys, postgresql_where=_somebodys)
# Of those that are nobody's, or nobody's any more. Were these above too, SQLite would look through them for the oldest.
_nobodys = events.c.account_id.is_(None)
Index("ix_events_nobody", events.c.at, sqlite_where=_nobodys, postgresql_where=_nobodys)

# One row for each bucket of a limit: the instant at which the bucket is empty again (GCRA).
limits = Table(
    "limits",
    metadata,
    Column("bucket", Digest, primary_key=True),
    Column("empty_at", Instant, nullable=False, index=True),
    **KEYED,
)

calls = Table(
    "calls",
    metadata,
    Column("bucket", Digest, primary_key=True),
    Column("second", Number, nullable=False, index=True),
    Column("given", Number, nullable=False),
    **KEYED,
)

# One row: the oldest revision of the schema whose programs may use this database. Steps that only add leave it alone.
schema_support = Table("schema_support", metadata, Column("since", Text, primary_key=True), **KEYED)
