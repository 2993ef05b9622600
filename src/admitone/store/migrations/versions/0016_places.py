"""Places between places on lists, and numbers of what is on them that are never given out twice."""

import sqlalchemy as sa
from alembic import op

from admitone.store.migrations.steps import remake_alone

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLACE: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    """Add the column; PostgreSQL gives no number out twice as it is, SQLite only where the table says so."""
    op.add_column("list_items", sa.Column("stands_at", PLACE, nullable=True))
    _remake(sa.Column("stands_at", PLACE, nullable=True), lasting=True)


def downgrade() -> None:
    """Take both back: what was moved stands where it was put first."""
    op.drop_column("list_items", "stands_at")
    _remake(lasting=False)


def _remake(*more: sa.Column[float], lasting: bool) -> None:
    remake_alone(
        "list_items",
        {"ix_list_items_media_type_media_id": ["media_type", "media_id"]},
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("list_id", NUMBER, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("media_id", NUMBER, nullable=False),
        sa.Column("added_at", NUMBER, nullable=False),
        sa.Column("place", NUMBER, nullable=True),
        sa.Column("app_id", NUMBER, nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        *more,
        sa.CheckConstraint("media_type in ('movie', 'tv')", name=op.f("ck_list_items_media_type")),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_list_items_list_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_items")),
        sa.UniqueConstraint(
            "list_id", "media_type", "media_id", name=op.f("uq_list_items_list_id_media_type_media_id")
        ),
        sqlite_strict=True,
        sqlite_autoincrement=lasting,
    )
