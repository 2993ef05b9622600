"""People's addresses, the outbox, the links in mails, and invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# As in store.schema, frozen: SQLite's STRICT tables know one integer type.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Give accounts an address, and make four tables."""
    op.add_column("accounts", sa.Column("email", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("email_key", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("email_confirmed_at", NUMBER, nullable=True))
    op.add_column("accounts", sa.Column("email_wanted", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("recovered_at", NUMBER, nullable=True))
    op.create_index(op.f("ix_accounts_email_key"), "accounts", ["email_key"])
    op.create_table(
        "addresses",
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("confirmed_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_addresses_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_addresses")),
        sa.UniqueConstraint("account_id", name=op.f("uq_addresses_account_id")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mails",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("hidden", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("claimed_until", NUMBER, nullable=False),
        sa.Column("tries", SMALL, nullable=False),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint("(hidden is null) = (ended_at is not null)", name=op.f("ck_mails_erased")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_mails_account_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mails_account_id"), "mails", ["account_id"])
    op.create_index("ix_mails_ended_at_due_at", "mails", ["ended_at", "due_at"])
    op.create_table(
        "mail_links",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("mail_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("used_at", NUMBER, nullable=True),
        sa.CheckConstraint("purpose in ('confirm', 'reset', 'revert')", name=op.f("ck_mail_links_purpose")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_mail_links_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_mail_links")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_mail_links_expires_at"), "mail_links", ["expires_at"])
    op.create_index("ix_mail_links_account_id_purpose", "mail_links", ["account_id", "purpose"])
    op.create_table(
        "invitations",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("used_at", NUMBER, nullable=True),
        sa.Column("used_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["used_by"], ["accounts.id"], name=op.f("fk_invitations_used_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitations")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitations_expires_at"), "invitations", ["expires_at"])


def downgrade() -> None:
    """Drop them, in the other order."""
    op.drop_index(op.f("ix_invitations_expires_at"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index("ix_mail_links_account_id_purpose", table_name="mail_links")
    op.drop_index(op.f("ix_mail_links_expires_at"), table_name="mail_links")
    op.drop_table("mail_links")
    op.drop_index("ix_mails_ended_at_due_at", table_name="mails")
    op.drop_index(op.f("ix_mails_account_id"), table_name="mails")
    op.drop_table("mails")
    op.drop_table("addresses")
    op.drop_index(op.f("ix_accounts_email_key"), table_name="accounts")
    for name in ("recovered_at", "email_wanted", "email_confirmed_at", "email_key", "email"):
        op.drop_column("accounts", name)
