"""This file holds what steps do beside traffic: programs that know the step and programs that do not go on meanwhile.

A step is run again from its beginning when it was interrupted, so each of these does nothing where it was done.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

# How long an index that is made beside the traffic waits for the transactions that were there before it.
PATIENCE_MS = 60_000


def add_index(name: str, table: str, columns: list[str], **options: Any) -> None:
    """Make an index: beside the traffic where there is any, in the transaction of all steps where there is none."""
    if _alone():
        op.create_index(name, table, columns, if_not_exists=True, **options)
        return
    with op.get_context().autocommit_block():
        if _state(name) is False:  # what an interrupted try left behind is kept up to date and never used
            op.drop_index(name, table_name=table, postgresql_concurrently=True, if_exists=True)
        op.execute(f"SET lock_timeout = {PATIENCE_MS}")
        try:
            op.create_index(name, table, columns, postgresql_concurrently=True, if_not_exists=True, **options)
        finally:
            op.execute("RESET lock_timeout")


def drop_index(name: str, table: str) -> None:
    """Take an index away that another one has made needless; in the same way."""
    if _alone():
        op.drop_index(name, table_name=table, if_exists=True)
        return
    with op.get_context().autocommit_block():
        op.drop_index(name, table_name=table, postgresql_concurrently=True, if_exists=True)


def remake_alone(name: str, indexes: dict[str, list[str]], *parts: sa.schema.SchemaItem, **options: Any) -> None:
    """On SQLite: make a table anew with what is in it, for what no ALTER TABLE can say; elsewhere do nothing.

    It keeps its columns, so an older program that has the file open goes on.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    for index in indexes:
        op.drop_index(index, table_name=name)
    # The new table gets its name first: one that is renamed to it would be written down otherwise.
    op.rename_table(name, f"{name}_before")
    op.create_table(name, *parts, **options)
    columns = ", ".join(part.name for part in parts if isinstance(part, sa.Column))
    copied = f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {name}_before"  # noqa: S608 - names of a step
    op.execute(copied)
    op.drop_table(f"{name}_before")
    for index, of in indexes.items():
        op.create_index(index, name, of)


def support_since(revision: str) -> None:
    """Say from which revision on programs may use the database: what a step needs that takes something away."""
    op.execute(sa.text("DELETE FROM schema_support"))
    op.execute(sa.text("INSERT INTO schema_support (since) VALUES (:revision)").bindparams(revision=revision))


def _alone() -> bool:
    """Whether all steps are one transaction: SQLite's, or that of an empty database."""
    return op.get_bind().dialect.name == "sqlite" or bool(op.get_context()._in_external_transaction)  # noqa: SLF001 - it says so nowhere else


def _state(name: str) -> bool | None:
    """Whether an index can be used; None when there is none of this name."""
    query = sa.text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)").bindparams(name=name)
    state: bool | None = op.get_bind().execute(query).scalar()
    return state
