"""This file makes the statements that remove what has ended, some rows at a time, the oldest first."""

from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Delete, bindparam, delete, select, tuple_

from admitone.store.engine.statements import Statement, no_row


def sweep(by: "Column[Any]", *of: ColumnElement[bool]) -> Statement[None]:
    """Remove some of these rows that ended before an instant, by the one in that column. :before :most."""
    return Statement(oldest(by, *of, by < bindparam("before", type_=BigInteger)), no_row)


def oldest(by: "Column[Any]", *of: ColumnElement[bool]) -> Delete:
    """The statement that removes some of these rows, the first by that column; what others hold is left out. :most."""
    key = by.table.primary_key.columns.values()
    rows = (
        select(*key)
        .where(*of)
        .order_by(by)
        .limit(bindparam("most", type_=BigInteger))
        .with_for_update(skip_locked=True)
    )
    return delete(by.table).where((key[0] if len(key) == 1 else tuple_(*key)).in_(rows))
