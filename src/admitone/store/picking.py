"""This file picks the rows of one page before anything is joined to them: a late page joins no more than the first."""

from typing import NamedTuple

from sqlalchemy import BigInteger, Column, ColumnElement, Subquery, bindparam, select


class Picked(NamedTuple):
    """The rows of one page, to be joined, and their order, to be asked for again: a join need not keep it."""

    rows: Subquery
    order: tuple[ColumnElement[object], ...]


def picked(
    columns: tuple[Column[object], ...],
    where: tuple[ColumnElement[bool], ...],
    by: tuple[Column[object], ...],
    *,
    reverse: bool,
) -> Picked:
    """Those rows of the columns' table that `where` lets through, in the order of `by`; :most of them from :offset."""
    rows = (
        select(*dict.fromkeys((*columns, *by)))
        .where(*where)
        .order_by(*(_turned(column, reverse=reverse) for column in by))
        .limit(bindparam("most", type_=BigInteger))
        .offset(bindparam("offset", type_=BigInteger))
        .subquery()
    )
    return Picked(rows, tuple(_turned(rows.c[column.name], reverse=reverse) for column in by))


def _turned(column: ColumnElement[object], *, reverse: bool) -> ColumnElement[object]:
    return column.desc() if reverse else column.asc()
