"""The index of what happened to somebody, without what happened to nobody: that has one of its own since 0014."""

import sqlalchemy as sa

from admitone.store.migrations.steps import add_index, drop_index

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SOMEBODY = sa.text("account_id IS NOT NULL")


def upgrade() -> None:
    """Make it in place of the one of all."""
    add_index("ix_events_somebody", "events", ["account_id"], sqlite_where=SOMEBODY, postgresql_where=SOMEBODY)
    drop_index("ix_events_account_id", "events")


def downgrade() -> None:
    """Make the one of all again."""
    add_index("ix_events_account_id", "events", ["account_id"])
    drop_index("ix_events_somebody", "events")
