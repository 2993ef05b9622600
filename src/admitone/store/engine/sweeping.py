"""This file makes the statements that remove what has ended, some rows at a time, the oldest first."""

from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Select, Table, bindparam, delete, select

from admitone.store.engine.statements import Statement, no_row


def sweep(by: "Column[Any]", *of: ColumnElement[bool]) -> Statement[None]:
    """Remove some of these rows that ended before an instant, by the one in that column. :before :most."""
    (key,) = by.table.primary_key.columns.values()
    return Statement(delete(by.table).where(key.in_(oldest(by, *of))), no_row)


def oldest(by: "Column[Any]", *of: ColumnElement[bool]) -> Select[Any]:
    """The keys of some of these rows that ended before an instant; what others hold is left out. :before :most.

    Where a key has several parts, each row is to be removed by its own, see `one`. SQLite finds no row by a list of
    such keys: of columns that are not alike it looks up the first only, and goes through all that begin with it.
    """
    return (
        select(*by.table.primary_key.columns.values())
        .where(*of, by < bindparam("before", type_=BigInteger))
        .order_by(by)
        .limit(bindparam("most", type_=BigInteger))
        .with_for_update(skip_locked=True)
    )


def one(table: Table) -> Statement[None]:
    """Remove one row by its whole key, whose parts are named as their columns."""
    return Statement(delete(table).where(*(part == bindparam(part.name) for part in table.primary_key.columns)), no_row)
