"""What lists have in the fourth generation, and the index of who rated what high."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
HIGH = sa.text("halves >= 14")


def upgrade() -> None:
    """Let lists have a country, an order and a picture, and what is on them a comment."""
    op.add_column("lists", sa.Column("iso_3166_1", sa.Text(), server_default="US", nullable=False))
    op.add_column("lists", sa.Column("sort_by", SMALL, server_default="1", nullable=False))
    op.add_column("lists", sa.Column("backdrop_path", sa.Text(), server_default="", nullable=False))
    op.add_column("list_items", sa.Column("comment", sa.Text(), nullable=True))
    op.create_index(
        "ix_ratings_liked",
        "ratings",
        ["media_type", "media_id", "account_id"],
        sqlite_where=HIGH,
        postgresql_where=HIGH,
    )


def downgrade() -> None:
    """Take the columns and the index back."""
    op.drop_index("ix_ratings_liked", table_name="ratings")
    op.drop_column("list_items", "comment")
    op.drop_column("lists", "backdrop_path")
    op.drop_column("lists", "sort_by")
    op.drop_column("lists", "iso_3166_1")
