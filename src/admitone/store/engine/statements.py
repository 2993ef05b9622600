"""This file says what a statement is: a constant of SQLAlchemy Core, compiled once per dialect, run on the driver."""

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Dialect

# The dialects name the same clause twice; PostgreSQL's ON CONFLICT compiles for SQLite as well, but not the reverse.
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.sql import dml
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import UpdateBase
from sqlalchemy.sql.selectable import SelectBase

__all__ = ["Compilations", "Compiled", "Insert", "Row", "Statement", "insert", "no_row", "only"]

Row = TypeVar("Row")
Order = Callable[[Mapping[str, Any]], tuple[Any, ...]]


def no_row(_: Iterable[Any]) -> None:
    """Make nothing of a row: for statements that return none."""


def only(row: Iterable[Any]) -> Any:
    """Make of a row its only column."""
    (value,) = row
    return value


class Statement(Generic[Row]):
    """One SQL statement and the row it yields.

    `make` turns a driver's row, in the order of the columns, into what the flow sees: `SomeNamedTuple._make`, `only`,
    or `no_row`. Values are given by the names of the bound parameters. `together` lets one statement answer many calls
    where that saves time, see `engine.arrays`: the names of the values that tell the rows of calls apart.
    """

    every: "list[Statement[Any]]" = []  # noqa: RUF012 - the list of all statements, to compile at start and to test

    def __init__(
        self,
        clause: SelectBase | UpdateBase | Mapping[str, SelectBase],
        make: Callable[[Iterable[Any]], Row],
        together: tuple[str, ...] | None = None,
    ) -> None:
        """Remember the clause and enter it in `every`. Only what the dialects cannot say alike has one for each."""
        self.clause = clause
        self.make = make
        self.together = together
        self.number = len(Statement.every)
        # Where the dialects have a clause each, all of them are reads.
        self.reads = isinstance(clause, SelectBase | Mapping)
        self.tells = self.reads or bool(getattr(clause, "_returning", ()))
        Statement.every.append(self)

    def clause_in(self, dialect: Dialect) -> SelectBase | UpdateBase:
        """What to compile for one dialect."""
        return self.clause[dialect.name] if isinstance(self.clause, Mapping) else self.clause


class Compiled(NamedTuple):
    """A statement in one dialect: its text, and its values put into the order the driver wants."""

    sql: str
    order: Order


class Compilations(dict[Statement[Any], Compiled]):
    """Every statement compiled for one dialect; one that is not there yet is compiled when it is first asked for."""

    def __init__(self, dialect: Dialect) -> None:
        """Compile all statements known so far."""
        super().__init__()
        self._dialect = dialect
        for statement in Statement.every:
            self[statement] = self._compiled(statement)

    def __missing__(self, statement: Statement[Any]) -> Compiled:
        self[statement] = compiled = self._compiled(statement)
        return compiled

    def _compiled(self, statement: Statement[Any]) -> Compiled:
        clause = statement.clause_in(self._dialect)
        if isinstance(clause, dml.Insert):
            clause = clause.inline()  # else PostgreSQL is made to give back a key that nobody asked for
        compiler = clause.compile(dialect=self._dialect)
        assert isinstance(compiler, SQLCompiler)  # noqa: S101 - tells the type; every clause above compiles to one
        names = tuple(compiler.positiontup or ())
        constants = {name: bind.value for name, bind in compiler.binds.items() if not bind.required}
        return Compiled(str(compiler), _order(names, constants))


def _order(names: tuple[str, ...], constants: Mapping[str, Any]) -> Order:
    if not names:
        return lambda _: ()
    if len(names) == 1:
        (name,) = names
        return lambda values: (values[name] if name in values else constants[name],)
    pick = itemgetter(*names)
    if not constants:
        return pick
    return lambda values: pick({**constants, **values})
