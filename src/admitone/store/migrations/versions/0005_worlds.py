"""Worlds of a sandbox that keeps them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# As in store.schema, frozen: SQLite's STRICT tables know one integer type.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of worlds."""
    op.create_table(
        "kept_worlds",
        sa.Column("world", sa.Text(), nullable=False),
        sa.Column("is_default", SMALL, nullable=False),
        sa.Column("saved_at", NUMBER, nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("world", name=op.f("pk_kept_worlds")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("kept_worlds")
