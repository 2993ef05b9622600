"""Reads how many servers a statement asks, from what its keys must be equal to: in WHERE, in ON, in what it inserts.

Only what must be true counts. What stands under OR, NOT, CASE or in SET says nothing about where a row lies; what an
inner question or the right side of an outer join demands holds in there and not outside.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Column, FromClause, Select, Subquery, Table
from sqlalchemy.sql import operators
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ClauseElement, Grouping
from sqlalchemy.sql.selectable import Alias, Join

from docs.shards import KEYS, Reach

Name = Any  # a value by its name, a column by its table and name


class Route(NamedTuple):
    """How many servers a statement asks, and the names of the values that say which."""

    reach: Reach
    keys: frozenset[str] = frozenset()


class Same:
    """What is equal to what, in one part of a statement and in all that holds around it."""

    def __init__(self, groups: Iterable[set[Name]] = ()) -> None:
        self._groups = [set(group) for group in groups]

    def inner(self) -> "Same":
        return Same(self._groups)

    def join(self, left: Name, right: Name) -> None:
        touched = [group for group in self._groups if left in group or right in group]
        self._groups = [group for group in self._groups if group not in touched]
        self._groups.append(set().union(*touched, {left, right}))

    def of(self, one: Name) -> set[Name]:
        return next((group for group in self._groups if one in group), {one})

    def hold(self, condition: Any) -> None:
        """Take note of what a condition that is true makes equal."""
        if isinstance(condition, Grouping):
            self.hold(condition.element)
        elif isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
            for each in condition.clauses:
                self.hold(each)
        elif isinstance(condition, BinaryExpression) and condition.operator is operators.eq:
            left, right = _name(condition.left), _name(condition.right)
            if left is not None and right is not None:
                self.join(left, right)


class Place(NamedTuple):
    """A table that is spread, where a statement asks it, and what is known there."""

    source: FromClause
    key: str
    same: Same


def route(clause: ClauseElement) -> Route:
    """Which servers a statement asks."""
    if isinstance(clause, Insert | Update | Delete):
        assert isinstance(clause.table, Table)
        if KEYS[clause.table.name] is None:
            return Route(Reach.COPIES)
    places = [(place.source, place.same.of((place.source, place.key))) for place in _places(clause)]
    keys = {min(given) for _, equal in places if (given := {name for name in equal if isinstance(name, str)})}
    left = [(source, equal) for source, equal in places if not any(isinstance(name, str) for name in equal)]
    found = {source for source, _ in places} - {source for source, _ in left}
    named = bool(left)
    while left:  # whose key stands in a row that is found already
        next_ = [(source, equal) for source, equal in left if not any(name[0] in found for name in equal)]
        if len(next_) == len(left):
            return Route(Reach.ALL)
        left, found = next_, found | {source for source, _ in left} - {source for source, _ in next_}
    reach = Reach.NEXT if named else Reach.TWO if len(keys) > 1 else Reach.ONE
    return Route(reach, frozenset(keys))


def _places(clause: ClauseElement) -> Iterator[Place]:
    same = Same()
    if isinstance(clause, Insert):
        yield from _inserted(clause, same)
    elif isinstance(clause, Update | Delete):
        for condition in clause._where_criteria:
            same.hold(condition)
            _must_name_only(clause.table, condition)
        yield from _from(clause.table, same)
        yield from _within(clause, same, (clause.table,))
    else:
        yield from _asked(clause, same, ())


def _asked(clause: Any, outer: Same, around: Sequence[FromClause]) -> Iterator[Place]:
    """The places of a SELECT; `around` are the tables of what it stands in, which it does not ask anew."""
    if not isinstance(clause, Select):
        raise NotImplementedError(f"a {type(clause).__name__}")
    same = outer.inner()
    for condition in clause._where_criteria:
        same.hold(condition)
    theirs = around if clause._auto_correlate or clause._correlate else ()
    sources = [source for source in clause.get_final_froms() if source not in theirs]
    for source in sources:
        yield from _from(source, same)
    yield from _within(clause, same, (*around, *(table for source in sources for table in _tables(source))))


def _from(source: FromClause, same: Same) -> Iterator[Place]:
    if isinstance(source, Join):
        if not source.isouter:
            same.hold(source.onclause)
        yield from _from(source.left, same)
        right = same.inner()
        right.hold(source.onclause)
        yield from _from(source.right, right)
        if source.onclause is not None:
            yield from _within(source.onclause, right, tuple(_tables(source)))
    elif isinstance(source, Subquery):
        yield from _made(source, same)
    elif isinstance(source, Table | Alias):
        table = source if isinstance(source, Table) else source.element
        if not isinstance(table, Table):
            raise NotImplementedError(f"an alias of a {type(table).__name__}")
        if (key := KEYS[table.name]) is not None:
            yield Place(source, key, same)
    else:
        raise NotImplementedError(f"a {type(source).__name__}")


def _made(source: Subquery, same: Same) -> Iterator[Place]:
    """The places of a question that is asked like a table: its rows lie where those lie that it is made of."""
    inside = list(_asked(source.element, Same(), ()))
    for column in source.columns:
        for made_of in column.base_columns:
            for place in inside:
                if isinstance(made_of, Column) and made_of.table is place.source:
                    for name in place.same.of((place.source, made_of.name)):
                        same.join((source, column.name), name)
    yield from inside


def _tables(source: FromClause) -> Iterator[FromClause]:
    if isinstance(source, Join):
        yield from _tables(source.left)
        yield from _tables(source.right)
    else:
        yield source


def _within(clause: ClauseElement, same: Same, around: Sequence[FromClause]) -> Iterator[Place]:
    """The places of the questions within a statement's expressions."""
    for part in clause.get_children():
        if isinstance(part, Select):
            yield from _asked(part, same, around)
        elif not isinstance(part, FromClause):
            yield from _within(part, same, around)


def _must_name_only(table: FromClause, condition: ClauseElement) -> None:
    for part in condition.get_children():
        if isinstance(part, Column) and part.table is not table:
            raise NotImplementedError(f"a change by what is in another table: {part}")
        if not isinstance(part, Select | FromClause):
            _must_name_only(table, part)


def _inserted(clause: Insert, same: Same) -> Iterator[Place]:
    table = clause.table
    assert isinstance(table, Table)
    values: Iterable[tuple[str, Any]]
    if clause.select is not None:
        select = clause.select
        assert isinstance(select, Select)
        for condition in select._where_criteria:
            same.hold(condition)
        values = zip(map(str, clause._select_names or ()), select.selected_columns, strict=True)
        yield from _asked(select, same, ())
    else:
        values = [(str(getattr(name, "name", name)), value) for name, value in (clause._values or {}).items()]
        for _, value in values:
            if isinstance(value, ClauseElement):
                yield from _within(value, same, (table,))
    for name, value in values:
        if (named := _name(value)) is not None:
            same.join((table, name), named)
    changed = getattr(getattr(clause, "_post_values_clause", None), "update_values_to_set", None) or {}
    for value in dict(changed).values():
        if isinstance(value, ClauseElement):
            yield from _within(value, same, (table,))
    yield from _from(table, same)


def _name(value: Any) -> Name:
    """What a value is called; None for what is computed, and for constants."""
    while isinstance(value, Grouping):
        value = value.element
    if isinstance(value, BindParameter):
        return value.key if value.required else None
    table = getattr(value, "table", None)
    return None if table is None else (table, value.name)
