"""What apps changed and what was there before; who made a list and put something on it, and at which place."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# As in store.schema, frozen: SQLite's STRICT tables know one integer type.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of changes, and the columns that undoing needs."""
    op.create_table(
        "changes",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("list_id", NUMBER, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("media_id", NUMBER, nullable=False),
        sa.Column("season", NUMBER, nullable=False),
        sa.Column("episode", NUMBER, nullable=False),
        sa.Column("app_id", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("undone_at", NUMBER, nullable=True),
        sa.CheckConstraint("kind in ('rating', 'favorite', 'watchlist', 'list', 'item')", name=op.f("ck_changes_kind")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_changes_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "kind", "list_id", "media_type", "media_id", "season", "episode", "app_id",
            name=op.f("pk_changes"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index("ix_changes_account_id_app_id_at", "changes", ["account_id", "app_id", "at"])
    op.create_index("ix_changes_at", "changes", ["at", "account_id", "app_id"])
    op.add_column("ratings", sa.Column("rated_at_before", NUMBER, nullable=True))
    op.add_column("ratings", sa.Column("app_before", NUMBER, nullable=True))
    op.add_column("list_items", sa.Column("place", NUMBER, nullable=True))
    op.add_column("lists", sa.Column("app_id", NUMBER, nullable=True))
    op.add_column("list_items", sa.Column("app_id", NUMBER, nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("list_items", "app_id")
    op.drop_column("lists", "app_id")
    op.drop_column("list_items", "place")
    op.drop_column("ratings", "app_before")
    op.drop_column("ratings", "rated_at_before")
    op.drop_index("ix_changes_at", table_name="changes")
    op.drop_index("ix_changes_account_id_app_id_at", table_name="changes")
    op.drop_table("changes")
