"""This file writes statements anew so that one answers many calls: every value of theirs is given as an array.

PostgreSQL only. A statement that may be written so says it by `together`, with the names of the values that tell its
rows apart: calls that agree in all of them never go into one statement, because the second must see what the first did.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Select, literal_column, select
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import Insert, Update
from sqlalchemy.sql.elements import BindParameter

from admitone.store.engine.statements import Statement

Values = Mapping[str, Any]
Key = tuple[Any, ...]


class Arrays(NamedTuple):
    """A statement for many calls: its text, which values it takes as arrays, and which must be alike in all calls.

    Its rows begin with the number of their call, from 1, or else end with the call's key.
    """

    sql: str
    arrays: tuple[str, ...]
    alike: tuple[str, ...]
    key: tuple[str, ...]
    numbered: bool

    def given(self, calls: Sequence[Values]) -> list[Any]:
        """The values of calls, as the driver takes them."""
        return [[values[name] for values in calls] for name in self.arrays] + [calls[0][name] for name in self.alike]

    def rows_of(self, calls: Sequence[Values], rows: Sequence[Any]) -> list[list[Any]]:
        """What each call gets of the rows."""
        found: list[list[Any]] = [[] for _ in calls]
        if self.numbered:
            for row in rows:
                found[row[0] - 1].append(row[1:])
        elif self.key:
            number = {self.key_of(values): place for place, values in enumerate(calls)}
            width = len(self.key)
            for row in rows:
                found[number[tuple(row[-width:])]].append(row[:-width])
        else:  # what never refuses: a plain insert
            found = [[()] for _ in calls]
        return found

    def key_of(self, values: Values) -> Key:
        """What tells the rows of a call apart from those of others."""
        return tuple([values[name] for name in self.key])

    def in_goes(self, calls: Sequence[Values]) -> list[list[int]]:
        """Which calls go together, by their places: no two of one key in one go, and in the order of their keys.

        Rows are locked in that order by everybody, so that nobody waits for each other; a later go of the same calls
        locks nothing that an earlier one has not.
        """
        goes: dict[tuple[Any, ...], list[int]] = {}
        seen: dict[Key, int] = {}
        for place, values in enumerate(calls):
            turn = 0
            if self.key:
                key = self.key_of(values)
                turn = seen[key] = seen.get(key, -1) + 1
            goes.setdefault((turn, *[values[name] for name in self.alike]), []).append(place)
        if self.key:
            return [sorted(places, key=lambda place: self.key_of(calls[place])) for places in goes.values()]
        return list(goes.values())


def written(statement: Statement[Any], dialect: Dialect) -> Arrays:
    """A statement that may go together, for many calls."""
    clause = statement.clause_in(dialect)
    # The dialect gives binds that have no type of their own that of their column.
    types = {name: bind.type for name, bind in clause.compile(dialect=dialect).binds.items() if bind.required}
    text = _Text(dialect, types, statement.together or ())
    if isinstance(clause, Insert):
        return text.insert(clause)
    if isinstance(clause, Update):
        return text.update(clause)
    assert isinstance(clause, Select)  # noqa: S101 - nothing else may go together
    sql = ("SELECT asked.nth, found.* FROM ", text.asked, " CROSS JOIN LATERAL (", text.of(clause), ") AS found")
    return Arrays("".join(sql), tuple(types), (), (), numbered=True)


_AT = re.compile(r"@(\w+)@")


class _Text:
    """The text of one statement, written anew."""

    def __init__(self, dialect: Dialect, types: Mapping[str, Any], key: tuple[str, ...]) -> None:
        self._dialect = dialect
        self._types = types
        self._key = key
        spelled = [dialect.type_compiler_instance.process(each) for each in types.values()]
        arrays = ", ".join(f"${number}::{each}[]" for number, each in enumerate(spelled, 1))
        self._spelled = dict(zip(types, spelled, strict=True))
        self.asked = f"unnest({arrays}) WITH ORDINALITY AS asked({', '.join(types)}, nth)"

    def of(self, clause: Any) -> str:
        """A clause that takes its values from the row that asks."""
        return self._compiled(clause, lambda name: f"asked.{name}")

    def insert(self, clause: Insert) -> Arrays:
        """New rows, one or none for each call. What happens at a conflict cannot see the row that asks."""
        columns = _values(clause)
        key_columns = [name for name in columns if _name_of(columns[name]) in self._key]
        key = tuple(str(_name_of(columns[name])) for name in key_columns)
        whole = clause.returning(*(clause.table.c[name] for name in key_columns)) if key_columns else clause
        told = self._compiled(whole.inline(), lambda name: f"@{name}@")
        rest = next((told[told.index(mark) :] for mark in (" ON CONFLICT", " RETURNING") if mark in told), "")
        alike = tuple(dict.fromkeys(_AT.findall(rest)))
        for number, name in enumerate(alike, len(self._types) + 1):
            rest = rest.replace(f"@{name}@", f"${number}::{self._spelled[name]}")
        names = ", ".join(self._dialect.identifier_preparer.quote(name) for name in columns)
        if clause.select is not None:
            beside = f"{self.asked} CROSS JOIN LATERAL ({self.of(clause.select)}) AS found"
            source = f"SELECT found.* FROM {beside}"  # noqa: S608 - made of our own statements
        else:
            source = f"{self.of(select(*columns.values()))} FROM {self.asked}"
        table = self._dialect.identifier_preparer.format_table(clause.table)
        sql = f"INSERT INTO {table} ({names}) {source} ORDER BY asked.nth{rest}"
        return Arrays(sql, tuple(self._types), alike, key, numbered=False)

    def update(self, clause: Update) -> Arrays:
        """Rows changed, one or none for each call."""
        head, where, rest = self.of(clause).partition(" WHERE ")
        condition, _, told = rest.partition(" RETURNING ")
        sql = f"{head} FROM {self.asked}{where}{condition} RETURNING asked.nth{told and f', {told}'}"
        return Arrays(sql, tuple(self._types), (), self._key, numbered=True)

    def _compiled(self, clause: Any, spell: Callable[[str], str]) -> str:
        def swap(element: Any, **_: Any) -> Any:
            if isinstance(element, BindParameter) and element.key in self._types:
                return literal_column(spell(element.key), self._types[element.key])
            return None

        taken = visitors.replacement_traverse(clause, {}, swap)
        return " ".join(str(taken.compile(dialect=self._dialect, compile_kwargs={"literal_binds": True})).split())


def _values(clause: Insert) -> dict[str, Any]:
    """What an insert puts into which column; SQLAlchemy has no public way to ask."""
    if isinstance(clause.select, Select):
        return dict(zip(clause._select_names or (), clause.select.selected_columns, strict=True))  # noqa: SLF001
    given: dict[Any, Any] = dict(clause._values or {})  # noqa: SLF001
    return {getattr(column, "name", column): value for column, value in given.items()}


def _name_of(value: Any) -> str | None:
    element = getattr(value, "element", value)
    return element.key if isinstance(element, BindParameter) else None
