"""Imports and archives, and accounts that are leaving."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# As in store.schema, frozen: SQLite's STRICT tables know one integer type.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the five tables."""
    op.create_table(
        "jobs",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("shelves", sa.Text(), nullable=False),
        sa.Column("total", NUMBER, nullable=False),
        sa.Column("done", NUMBER, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("leased_until", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.CheckConstraint("task in ('import', 'export')", name=op.f("ck_jobs_task")),
        sa.CheckConstraint("state in ('reading', 'ready', 'running', 'done', 'failed')", name=op.f("ck_jobs_state")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_jobs_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("account_id", "task", name=op.f("uq_jobs_account_id_task")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_jobs_expires_at"), "jobs", ["expires_at"])
    op.create_table(
        "job_rows",
        sa.Column("job_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_rows_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_rows")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "job_parts",
        sa.Column("job_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_parts_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_parts")),
        sqlite_strict=True,
    )
    op.create_table(
        "leavings",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("asked_at", NUMBER, nullable=False),
        sa.Column("erase_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_leavings_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_leavings")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_leavings_erase_at"), "leavings", ["erase_at"])
    op.create_table(
        "reserved_names",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_reserved_names")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_reserved_names_until"), "reserved_names", ["until"])


def downgrade() -> None:
    """Drop them, in the other order."""
    op.drop_index(op.f("ix_reserved_names_until"), table_name="reserved_names")
    op.drop_table("reserved_names")
    op.drop_index(op.f("ix_leavings_erase_at"), table_name="leavings")
    op.drop_table("leavings")
    op.drop_table("job_parts")
    op.drop_table("job_rows")
    op.drop_index(op.f("ix_jobs_expires_at"), table_name="jobs")
    op.drop_table("jobs")
