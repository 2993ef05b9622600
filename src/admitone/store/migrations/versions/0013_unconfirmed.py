"""Until when an address must be confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column."""
    op.add_column("accounts", sa.Column("confirm_by", NUMBER, nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("accounts", "confirm_by")
