"""The database says which programs may use it, so that a newer one's steps need not stop an older one."""

import sqlalchemy as sa
from alembic import op

from admitone.store.migrations.steps import support_since

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of one row."""
    op.create_table(
        "schema_support",
        sa.Column("since", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("since", name=op.f("pk_schema_support")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    support_since("0001")


def downgrade() -> None:
    """Drop it."""
    op.drop_table("schema_support")
