"""The sessions of an app in the order in which its people are counted, so that the count may end early."""

from admitone.store.migrations.steps import add_index, drop_index

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OLD, NEW = "ix_sessions_app_id", "ix_sessions_app_id_ended_at_account_id"


def upgrade() -> None:
    """Make the one that finds an app's sessions as the old one did, and those that have not ended by person."""
    add_index(NEW, "sessions", ["app_id", "ended_at", "account_id"])
    drop_index(OLD, "sessions")


def downgrade() -> None:
    """Have the old one again."""
    add_index(OLD, "sessions", ["app_id"])
    drop_index(NEW, "sessions")
