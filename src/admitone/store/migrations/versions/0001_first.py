"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# As in store.schema, frozen: SQLite's STRICT tables know one integer type.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")

# What finds titles by name. In SQLite a full-text table, the number of whose rows tells which title each is of.
SEARCHED = {
    "sqlite": (
        "CREATE VIRTUAL TABLE title_search USING fts5(searched, tokenize = 'trigram')",
        """CREATE TRIGGER title_search_insert AFTER INSERT ON titles BEGIN
            INSERT INTO title_search (rowid, searched)
            VALUES (new.id * 2 + (new.media_type = 'tv'), new.searched); END""",
        """CREATE TRIGGER title_search_update AFTER UPDATE OF searched ON titles BEGIN
            UPDATE title_search SET searched = new.searched WHERE rowid = new.id * 2 + (new.media_type = 'tv'); END""",
        """CREATE TRIGGER title_search_delete AFTER DELETE ON titles BEGIN
            DELETE FROM title_search WHERE rowid = old.id * 2 + (old.media_type = 'tv'); END""",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX ix_titles_searched ON titles USING gin (searched gin_trgm_ops)",
    ),
}
SEARCHED_NO_MORE = {"sqlite": ("DROP TABLE title_search",), "postgresql": ()}


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "accounts",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("username_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("iso_639_1", sa.Text(), nullable=False),
        sa.Column("iso_3166_1", sa.Text(), nullable=False),
        sa.Column("include_adult", SMALL, nullable=False),
        sa.Column("gravatar_hash", sa.Text(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("switched_off_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("object_id", name=op.f("uq_accounts_object_id")),
        sa.UniqueConstraint("username_key", name=op.f("uq_accounts_username_key")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "events",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("app_id", NUMBER, nullable=True),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_events_account_id"), "events", ["account_id"], unique=False)
    op.create_index(op.f("ix_events_at"), "events", ["at"], unique=False)
    op.create_table(
        "limits",
        sa.Column("bucket", sa.LargeBinary(), nullable=False),
        sa.Column("empty_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_limits")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_limits_empty_at"), "limits", ["empty_at"], unique=False)
    op.create_table(
        "titles",
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("original_title", sa.Text(), nullable=False),
        sa.Column("original_language", sa.Text(), nullable=False),
        sa.Column("release_date", sa.Text(), nullable=False),
        sa.Column("year", SMALL, nullable=True),
        sa.Column("popularity", NUMBER, nullable=False),
        sa.Column("adult", SMALL, nullable=False),
        sa.Column("video", SMALL, nullable=False),
        sa.Column("imdb_id", sa.Text(), nullable=True),
        sa.Column("wikidata_id", sa.Text(), nullable=True),
        sa.Column("searched", sa.Text(), nullable=False),
        sa.CheckConstraint("media_type in ('movie', 'tv')", name=op.f("ck_titles_media_type")),
        sa.PrimaryKeyConstraint("media_type", "id", name=op.f("pk_titles")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_titles_imdb_id", "titles", ["imdb_id"], unique=False)
    op.create_index(
        "ix_titles_media_type_popularity", "titles", ["media_type", sa.literal_column("popularity DESC")], unique=False
    )
    op.create_index("ix_titles_wikidata_id", "titles", ["wikidata_id"], unique=False)
    op.create_table(
        "votes",
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("media_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("season", NUMBER, autoincrement=False, nullable=False),
        sa.Column("episode", NUMBER, autoincrement=False, nullable=False),
        sa.Column("people", NUMBER, nullable=False),
        sa.Column("halves", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("media_type", "media_id", "season", "episode", name=op.f("pk_votes")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "apps",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner_id", NUMBER, nullable=False),
        sa.Column("first_party", SMALL, nullable=False),
        sa.Column("accepted", SMALL, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("switched_off_at", NUMBER, nullable=True),
        sa.CheckConstraint("kind in ('website', 'phone', 'tv', 'script')", name=op.f("ck_apps_kind")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_apps_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apps")),
        sa.UniqueConstraint("name_key", name=op.f("uq_apps_name_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_apps_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "lists",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("iso_639_1", sa.Text(), nullable=False),
        sa.Column("public", SMALL, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("changed_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_lists_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_lists_account_id"), "lists", ["account_id"], unique=False)
    op.create_table(
        "visits",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("proved_at", NUMBER, nullable=False),
        sa.Column("seen_at", NUMBER, nullable=False),
        sa.Column("lasts", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_visits_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_visits")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_visits_account_id"), "visits", ["account_id"], unique=False)
    op.create_index(op.f("ix_visits_expires_at"), "visits", ["expires_at"], unique=False)
    op.create_table(
        "app_credentials",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("app_id", NUMBER, nullable=False),
        sa.Column("key_digest", sa.LargeBinary(), nullable=False),
        sa.Column("read_token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("ends_at", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_app_credentials_app_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_credentials")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_app_credentials_key_digest")),
        sa.UniqueConstraint("read_token_digest", name=op.f("uq_app_credentials_read_token_digest")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_app_credentials_app_id"), "app_credentials", ["app_id"], unique=False)
    op.create_table(
        "app_returns",
        sa.Column("app_id", NUMBER, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_app_returns_app_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("app_id", "address", name=op.f("pk_app_returns")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "guest_sessions",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("app_id", NUMBER, nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("used_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_guest_sessions_app_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_guest_sessions_digest")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_guest_sessions_app_id"), "guest_sessions", ["app_id"], unique=False)
    op.create_index(op.f("ix_guest_sessions_expires_at"), "guest_sessions", ["expires_at"], unique=False)
    op.create_table(
        "list_items",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("list_id", NUMBER, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("media_id", NUMBER, nullable=False),
        sa.Column("added_at", NUMBER, nullable=False),
        sa.CheckConstraint("media_type in ('movie', 'tv')", name=op.f("ck_list_items_media_type")),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_list_items_list_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_items")),
        sa.UniqueConstraint(
            "list_id", "media_type", "media_id", name=op.f("uq_list_items_list_id_media_type_media_id")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_list_items_media_type_media_id", "list_items", ["media_type", "media_id"], unique=False)
    op.create_table(
        "marks",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("media_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("marked_at", NUMBER, nullable=False),
        sa.Column("times", NUMBER, nullable=False),
        sa.Column("app_id", NUMBER, nullable=True),
        sa.CheckConstraint("mark in ('favorite', 'watchlist')", name=op.f("ck_marks_mark")),
        sa.CheckConstraint("media_type in ('movie', 'tv')", name=op.f("ck_marks_media_type")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_marks_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_marks_app_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("account_id", "mark", "media_type", "media_id", name=op.f("pk_marks")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_marks_account_id_mark_media_type_marked_at",
        "marks",
        ["account_id", "mark", "media_type", "marked_at"],
        unique=False,
    )
    op.create_table(
        "ratings",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("media_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("season", NUMBER, autoincrement=False, nullable=False),
        sa.Column("episode", NUMBER, autoincrement=False, nullable=False),
        sa.Column("halves", SMALL, nullable=False),
        sa.Column("rated_at", NUMBER, nullable=False),
        sa.Column("halves_before", SMALL, nullable=False),
        sa.Column("app_id", NUMBER, nullable=True),
        sa.CheckConstraint("media_type in ('movie', 'tv', 'episode')", name=op.f("ck_ratings_media_type")),
        sa.CheckConstraint("halves between 1 and 20", name=op.f("ck_ratings_halves")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_ratings_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_ratings_app_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("account_id", "media_type", "media_id", "season", "episode", name=op.f("pk_ratings")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_ratings_account_id_media_type_rated_at", "ratings", ["account_id", "media_type", "rated_at"], unique=False
    )
    op.create_table(
        "request_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("app_id", NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("decided_at", NUMBER, nullable=True),
        sa.Column("decided_by", NUMBER, nullable=True),
        sa.Column("spent_at", NUMBER, nullable=True),
        sa.CheckConstraint("(state = 'pending') = (decided_by is null)", name=op.f("ck_request_tokens_decided")),
        sa.CheckConstraint("(state = 'spent') = (spent_at is not null)", name=op.f("ck_request_tokens_spent")),
        sa.CheckConstraint("state in ('pending', 'approved', 'denied', 'spent')", name=op.f("ck_request_tokens_state")),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_request_tokens_app_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["accounts.id"], name=op.f("fk_request_tokens_decided_by"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_request_tokens")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_request_tokens_expires_at"), "request_tokens", ["expires_at"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("app_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=True),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("used_at", NUMBER, nullable=False),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_sessions_app_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sessions_token_digest")),
        sqlite_strict=True,
    )
    op.create_index("ix_sessions_account_id_app_id", "sessions", ["account_id", "app_id"], unique=False)
    op.create_index("ix_sessions_app_id", "sessions", ["app_id"], unique=False)
    op.create_table(
        "guest_ratings",
        sa.Column("guest_id", NUMBER, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("media_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("season", NUMBER, autoincrement=False, nullable=False),
        sa.Column("episode", NUMBER, autoincrement=False, nullable=False),
        sa.Column("halves", SMALL, nullable=False),
        sa.Column("rated_at", NUMBER, nullable=False),
        sa.Column("halves_before", SMALL, nullable=False),
        sa.CheckConstraint("media_type in ('movie', 'tv', 'episode')", name=op.f("ck_guest_ratings_media_type")),
        sa.CheckConstraint("halves between 1 and 20", name=op.f("ck_guest_ratings_halves")),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest_sessions.id"], name=op.f("fk_guest_ratings_guest_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "guest_id", "media_type", "media_id", "season", "episode", name=op.f("pk_guest_ratings")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    for statement in SEARCHED[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop every table."""
    for statement in SEARCHED_NO_MORE[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("guest_ratings")
    op.drop_index("ix_sessions_app_id", table_name="sessions")
    op.drop_index("ix_sessions_account_id_app_id", table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_request_tokens_expires_at"), table_name="request_tokens")
    op.drop_table("request_tokens")
    op.drop_index("ix_ratings_account_id_media_type_rated_at", table_name="ratings")
    op.drop_table("ratings")
    op.drop_index("ix_marks_account_id_mark_media_type_marked_at", table_name="marks")
    op.drop_table("marks")
    op.drop_index("ix_list_items_media_type_media_id", table_name="list_items")
    op.drop_table("list_items")
    op.drop_index(op.f("ix_guest_sessions_expires_at"), table_name="guest_sessions")
    op.drop_index(op.f("ix_guest_sessions_app_id"), table_name="guest_sessions")
    op.drop_table("guest_sessions")
    op.drop_table("app_returns")
    op.drop_index(op.f("ix_app_credentials_app_id"), table_name="app_credentials")
    op.drop_table("app_credentials")
    op.drop_index(op.f("ix_visits_expires_at"), table_name="visits")
    op.drop_index(op.f("ix_visits_account_id"), table_name="visits")
    op.drop_table("visits")
    op.drop_index(op.f("ix_lists_account_id"), table_name="lists")
    op.drop_table("lists")
    op.drop_table("apps")
    op.drop_table("votes")
    op.drop_index("ix_titles_wikidata_id", table_name="titles")
    op.drop_index("ix_titles_media_type_popularity", table_name="titles")
    op.drop_index("ix_titles_imdb_id", table_name="titles")
    op.drop_table("titles")
    op.drop_index(op.f("ix_limits_empty_at"), table_name="limits")
    op.drop_table("limits")
    op.drop_index(op.f("ix_events_at"), table_name="events")
    op.drop_index(op.f("ix_events_account_id"), table_name="events")
    op.drop_table("events")
    op.drop_table("accounts")
