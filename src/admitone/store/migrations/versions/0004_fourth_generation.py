"""The fourth generation: its request tokens, and user access tokens as another form of sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Let request tokens say their generation, and sessions have a second form."""
    op.add_column("request_tokens", sa.Column("generation", SMALL, server_default="3", nullable=False))
    op.add_column("request_tokens", sa.Column("redirect_to", sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("access_digest", sa.LargeBinary(), nullable=True))
    op.create_index("ix_sessions_access_digest", "sessions", ["access_digest"], unique=True)


def downgrade() -> None:
    """Take the columns back."""
    op.drop_index("ix_sessions_access_digest", table_name="sessions")
    op.drop_column("sessions", "access_digest")
    op.drop_column("request_tokens", "redirect_to")
    op.drop_column("request_tokens", "generation")
