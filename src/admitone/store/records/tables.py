"""This file holds the tables of imports and archives, and of accounts that are leaving."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Identity, LargeBinary, Table, Text, UniqueConstraint

from admitone.store.schema import KEYED, STRICT, Digest, Instant, Number, metadata

# Each person has at most one import and one archive; the next takes the place of the last.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("task", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("origins", Text, nullable=False),
    Column("shelves", Text, nullable=False),
    Column("total", Number, nullable=False),
    Column("done", Number, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("leased_until", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    CheckConstraint("task in ('import', 'export')", name="task"),
    CheckConstraint("state in ('reading', 'ready', 'running', 'done', 'failed')", name="state"),
    UniqueConstraint("account_id", "task"),
    **STRICT,
)

# What an import has to do, one row for each entry, and what became of it.
job_rows = Table(
    "job_rows",
    metadata,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("entry", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    **KEYED,
)

# An archive, in pieces.
job_parts = Table(
    "job_parts",
    metadata,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    **STRICT,
)

# Accounts that their people have deleted, until they are erased.
leavings = Table(
    "leavings",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("asked_at", Instant, nullable=False),
    Column("erase_at", Instant, nullable=False, index=True),
    **KEYED,
)

# User names that nobody may take for a while, because somebody else was known by them: a keyed digest of each.
reserved_names = Table(
    "reserved_names",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column("until", Instant, nullable=False, index=True),
    **KEYED,
)
