"""The index by which sessions are found that ended long ago."""

import sqlalchemy as sa

from admitone.store.migrations.steps import add_index, drop_index

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OVER = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    """Make it; a session that lives is not in it."""
    add_index("ix_sessions_ended_at", "sessions", ["ended_at"], sqlite_where=OVER, postgresql_where=OVER)


def downgrade() -> None:
    """Drop it."""
    drop_index("ix_sessions_ended_at", "sessions")
