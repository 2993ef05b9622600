"""This file holds the table of what apps changed, and what was there before."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from admitone.store.schema import KEYED, Instant, Number, metadata

# One row for each thing of a person's and each app that changed it, not one for each change: `before` is what was there
# when the app began, `after` what it left, both as `model.connected.changes` writes them. App 0 is the person.
changes = Table(
    "changes",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("list_id", Number, primary_key=True, autoincrement=False),
    Column("media_type", Text, primary_key=True),
    Column("media_id", Number, primary_key=True, autoincrement=False),
    Column("season", Number, primary_key=True, autoincrement=False),
    Column("episode", Number, primary_key=True, autoincrement=False),
    # No foreign key: what an app did can be undone after the app was removed.
    Column("app_id", Number, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("undone_at", Instant),
    CheckConstraint("kind in ('rating', 'favorite', 'watchlist', 'list', 'item')", name="kind"),
    **KEYED,
)
Index("ix_changes_account_id_app_id_at", changes.c.account_id, changes.c.app_id, changes.c.at)
Index("ix_changes_at", changes.c.at, changes.c.account_id, changes.c.app_id)
