"""What people prove themselves with besides passwords, and where they are known."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, and let visits say on what browser they are and how they were begun."""
    op.create_table(
        "authenticators",
        sa.Column("account_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("step", NUMBER, nullable=False),
        _of_account("authenticators"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_authenticators")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recovery_codes",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("used_at", NUMBER, nullable=True),
        _of_account("recovery_codes"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_codes")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"], unique=False)
    op.create_table(
        "passkeys",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aaguid", sa.Text(), nullable=False),
        sa.Column("synced", SMALL, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("used_at", NUMBER, nullable=True),
        _of_account("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_passkeys_account_id"), "passkeys", ["account_id"], unique=False)
    op.create_table(
        "app_passwords",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("used_at", NUMBER, nullable=True),
        _of_account("app_passwords"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_passwords")),
        sa.UniqueConstraint("digest", name=op.f("uq_app_passwords_digest")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_app_passwords_account_id"), "app_passwords", ["account_id"], unique=False)
    op.create_table(
        "answered_challenges",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_answered_challenges")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_answered_challenges_expires_at"), "answered_challenges", ["expires_at"], unique=False)
    op.create_table(
        "known_places",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("trusted_until", NUMBER, nullable=True),
        _of_account("known_places"),
        sa.PrimaryKeyConstraint("digest", "account_id", name=op.f("pk_known_places")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_known_places_expires_at"), "known_places", ["expires_at"], unique=False)
    op.create_index(op.f("ix_known_places_account_id"), "known_places", ["account_id"], unique=False)
    op.add_column("visits", sa.Column("browser", sa.Text(), nullable=False, server_default=""))
    op.add_column("visits", sa.Column("way", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("visits", "way")
    op.drop_column("visits", "browser")
    for table in (
        "known_places",
        "answered_challenges",
        "app_passwords",
        "passkeys",
        "recovery_codes",
        "authenticators",
    ):
        op.drop_table(table)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["accounts.id"], name=op.f(f"fk_{table}_account_id"), ondelete="CASCADE"
    )
