"""How, from where and on which browser an app was approved, and links in mails that disconnect it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEEP = """
    create temporary table kept as
    select digest, code_digest, mail_id, account_id, purpose, address, made_at, expires_at, used_at from mail_links
"""
BACK = """
    insert into mail_links
    (digest, code_digest, mail_id, account_id, purpose, address, made_at, expires_at, used_at)
    select digest, code_digest, mail_id, account_id, purpose, address, made_at, expires_at, used_at from kept
"""
APPROVED = ("approved_how", "approved_network", "approved_browser")


def upgrade() -> None:
    """Add the columns, and let links have one purpose more."""
    op.add_column("sessions", sa.Column("approved_at", NUMBER, nullable=True))
    for table in ("request_tokens", "sessions"):
        for name in APPROVED:
            op.add_column(table, sa.Column(name, sa.Text(), server_default="", nullable=False))
    _links_again("'confirm', 'reset', 'revert', 'disconnect'", sa.Column("connection", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take them back; what is left of such links goes too."""
    op.execute("delete from mail_links where purpose = 'disconnect'")
    _links_again("'confirm', 'reset', 'revert'")
    for name in APPROVED:
        op.drop_column("request_tokens", name)
    for name in (*APPROVED, "approved_at"):
        op.drop_column("sessions", name)


def _links_again(purposes: str, *more: sa.Column[bytes]) -> None:
    """Make the table of links anew with what was in it: SQLite can change no constraint of a table that is there."""
    op.execute(KEEP)
    op.drop_table("mail_links")
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
        *more,
        sa.CheckConstraint(f"purpose in ({purposes})", name=op.f("ck_mail_links_purpose")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_mail_links_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_mail_links")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_mail_links_expires_at"), "mail_links", ["expires_at"], unique=False)
    op.create_index(op.f("ix_mail_links_account_id_purpose"), "mail_links", ["account_id", "purpose"], unique=False)
    op.execute(BACK)
    op.execute("drop table kept")
