"""Until when an address must be confirmed, and the index of what happened to nobody in particular."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITS = sa.text("confirm_by IS NOT NULL")
NOBODY = sa.text("account_id IS NULL")


def upgrade() -> None:
    """Add the column and the indexes."""
    op.add_column("accounts", sa.Column("confirm_by", NUMBER, nullable=True))
    op.create_index("ix_accounts_confirm_by", "accounts", ["confirm_by"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_index("ix_events_nobody", "events", ["at"], sqlite_where=NOBODY, postgresql_where=NOBODY)


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_events_nobody", table_name="events")
    op.drop_index("ix_accounts_confirm_by", table_name="accounts")
    op.drop_column("accounts", "confirm_by")
