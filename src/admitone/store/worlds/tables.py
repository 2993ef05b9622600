"""This file holds the table in which a sandbox that is told to keep its worlds does so, each as its snapshot."""

from sqlalchemy import Column, Table, Text

from admitone.store.schema import STRICT, Flag, Instant, metadata

kept_worlds = Table(
    "kept_worlds",
    metadata,
    Column("world", Text, primary_key=True),
    Column("is_default", Flag, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("snapshot", Text, nullable=False),
    **STRICT,
)
