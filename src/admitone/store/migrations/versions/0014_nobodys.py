"""The indexes of addresses that wait to be confirmed, and of what happened to nobody in particular."""

import sqlalchemy as sa

from admitone.store.migrations.steps import add_index, drop_index

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WAITS = sa.text("confirm_by IS NOT NULL")
NOBODY = sa.text("account_id IS NULL")


def upgrade() -> None:
    """Make the indexes."""
    add_index("ix_accounts_confirm_by", "accounts", ["confirm_by"], sqlite_where=WAITS, postgresql_where=WAITS)
    add_index("ix_events_nobody", "events", ["at"], sqlite_where=NOBODY, postgresql_where=NOBODY)


def downgrade() -> None:
    """Drop them."""
    drop_index("ix_events_nobody", "events")
    drop_index("ix_accounts_confirm_by", "accounts")
