"""Until when an address must be confirmed, and the index of what happened to nobody in particular."""

import sqlalchemy as sa
from alembic import op

from admitone.store.migrations.steps import add_index, drop_index

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITS = sa.text("confirm_by IS NOT NULL")
NOBODY = sa.text("account_id IS NULL")


def upgrade() -> None:
    """Add the column and the indexes."""
    # Not when an interrupted try has done it: making an index beside the traffic ends the transaction before it.
    if "confirm_by" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("accounts")}:
        op.add_column("accounts", sa.Column("confirm_by", NUMBER, nullable=True))
    add_index("ix_accounts_confirm_by", "accounts", ["confirm_by"], sqlite_where=WAITS, postgresql_where=WAITS)
    add_index("ix_events_nobody", "events", ["at"], sqlite_where=NOBODY, postgresql_where=NOBODY)


def downgrade() -> None:
    """Take them back."""
    drop_index("ix_events_nobody", "events")
    drop_index("ix_accounts_confirm_by", "accounts")
    op.drop_column("accounts", "confirm_by")
