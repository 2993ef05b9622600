"""In which time zone, and in which colours, people want to read."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("accounts", sa.Column("time_zone", sa.Text(), server_default="", nullable=False))
    op.add_column("accounts", sa.Column("appearance", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("accounts", "appearance")
    op.drop_column("accounts", "time_zone")
