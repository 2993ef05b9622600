"""The index of one person's ratings holds all that a page is picked by, so that nothing is sorted or read for it."""

from admitone.store.migrations.steps import add_index, drop_index

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the wider index, then drop the one that it begins like."""
    columns = ["account_id", "media_type", "rated_at", "media_id", "season", "episode", "halves"]
    add_index("ix_ratings_page", "ratings", columns)
    drop_index("ix_ratings_account_id_media_type_rated_at", "ratings")


def downgrade() -> None:
    """The other way round."""
    add_index("ix_ratings_account_id_media_type_rated_at", "ratings", ["account_id", "media_type", "rated_at"])
    drop_index("ix_ratings_page", "ratings")
