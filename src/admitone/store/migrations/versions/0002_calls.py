"""Calls are counted, by app and network, in each second."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# As in store.schema, frozen: SQLite's STRICT tables know one integer type.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of calls."""
    op.create_table(
        "calls",
        sa.Column("bucket", sa.LargeBinary(), nullable=False),
        sa.Column("second", NUMBER, nullable=False),
        sa.Column("given", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_calls"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_calls_second", "calls", ["second"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_calls_second", table_name="calls")
    op.drop_table("calls")
