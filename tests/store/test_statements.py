"""Every statement, looked at one by one: it compiles, its row fits, its values have names, both databases take it."""

import ast
import importlib
import inspect
import pkgutil
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import UpdateBase
from sqlalchemy.sql.selectable import SelectBase

import admitone.store
from admitone.flows.sweep import KINDS
from admitone.store.engine.address import sqlite_path
from admitone.store.engine.statements import Compilations, Statement, no_row, only
from admitone.store.ratings import Ratings
from tests.databases import Databases
from tests.world import World

MODULES = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(admitone.store.__path__, "admitone.store.")
    if not module.ispkg and not module.name.startswith(("admitone.store.engine", "admitone.store.migrations"))
]


def _named(module: object, found: Any, name: str) -> Iterable[tuple[str, Statement[Any]]]:
    if isinstance(found, Statement):
        yield f"{module}.{name}", found
    elif isinstance(found, dict):
        for key, value in found.items():
            yield from _named(module, value, f"{name}[{key}]")
    elif isinstance(found, Ratings):
        for key, value in vars(found).items():
            yield from _named(module, value, f"{name}.{key}")


STATEMENTS = dict(
    pair
    for module in MODULES
    for name, found in vars(module).items()
    for pair in _named(module.__name__.removeprefix("admitone.store."), found, name)
)
# Whole tables, on purpose: for the operator, or because everything is what is asked for.
READ_WHOLE_TABLES = {
    *("accounts.EVERYONE", "accounts.COUNT", "apps.EVERY", "apps.COUNT", "titles.ANY", "titles.COUNT"),
    # What one world of a sandbox holds, shown to its developer.
    *("worlds.keeping.EVERY", "worlds.overview.TOKENS", "worlds.overview.SESSIONS", "worlds.overview.GUESTS"),
    # A few thousand titles for each line that somebody brings, in a job that may take its time.
    "records.belongings.NAMED",
    # Tables that stay small, every few minutes or when somebody leaves.
    *("records.jobs.IS_DUE", "records.jobs.LEASE", "records.leaving.OWN_APPS"),
    *("people.unconfirmed.DUE", "people.unconfirmed.REMOVE"),  # whether an app is theirs
}
# A search has what it asks for in an index of its own, or asks for so little that it ends after a few hundred rows.
SEARCHES = {"titles.SIMILAR", "titles.BEGINNING"}
# The first in an index, but for the few that are kept for ever.
FIRST = {"events.FIRST_END"}


def sqlite_dialect() -> Dialect:
    return SQLiteDialect_pysqlite(paramstyle="qmark")


def postgres_dialect() -> Dialect:
    return PGDialect_asyncpg()


def compiler(statement: Statement[Any], dialect: Dialect) -> SQLCompiler:
    compiled = statement.clause_in(dialect).compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    return compiled


def values_of(statement: Statement[Any], dialect: Dialect) -> set[str]:
    return {bind.key for bind in compiler(statement, dialect).bind_names if bind.required}


def columns(statement: Statement[Any]) -> int:
    clause = statement.clause_in(sqlite_dialect())
    if isinstance(clause, SelectBase):
        return len(clause.selected_columns)
    assert isinstance(clause, UpdateBase)
    return len(clause.returning_column_descriptions)


COMPILATIONS = [(dialect, Compilations(dialect)) for dialect in (sqlite_dialect(), postgres_dialect())]
each = pytest.mark.parametrize("name", STATEMENTS)


def test_every_statement_is_the_constant_of_a_module() -> None:
    assert len(STATEMENTS) > 50
    # In an interpreter of its own: other tests make statements too.
    names = ", ".join(module.__name__ for module in MODULES)
    counting = f"import {names}; from admitone.store.engine.statements import Statement; print(len(Statement.every))"
    counted = subprocess.run([sys.executable, "-c", counting], check=True, capture_output=True, text=True)
    assert int(counted.stdout) == len(set(STATEMENTS.values()))


@each
def test_a_statement_makes_of_its_row_what_it_says(name: str) -> None:
    statement, width = STATEMENTS[name], columns(STATEMENTS[name])
    match statement.make:
        case made if made is no_row:
            assert width == 0
        case made if made is only:
            assert width == 1
        case made if made is tuple:
            assert width > 1
        case made if hasattr(made, "__self__"):
            assert made == made.__self__._make
            assert width == len(made.__self__._fields)
        case made:
            assert made(("movie", *[7] * (width - 1)))
            with pytest.raises((TypeError, ValueError)):
                made(("movie", *[7] * width))


@each
def test_every_value_of_a_statement_has_a_name_and_the_same_in_both_dialects(name: str) -> None:
    wanted = values_of(STATEMENTS[name], sqlite_dialect())
    in_both = wanted == values_of(STATEMENTS[name], postgres_dialect())
    assert in_both or isinstance(STATEMENTS[name].clause, dict)
    assert all(re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", value) for value in wanted)
    for bind in compiler(STATEMENTS[name], sqlite_dialect()).bind_names:
        # A constant of the statement is the only value that SQLAlchemy may name.
        assert bind.unique != bind.required, bind


@each
def test_values_come_out_in_the_order_of_the_text(name: str) -> None:
    statement = STATEMENTS[name]
    for dialect, compilations in COMPILATIONS:
        wanted = values_of(statement, dialect)
        sql, order = compilations[statement]
        values = order({value: value for value in wanted})
        assert len(values) == (sql.count("?") or len(set(re.findall(r"\$\d+", sql))))
        assert set(values) >= wanted
        if wanted:
            with pytest.raises(KeyError):
                order({})


async def test_postgresql_takes_every_statement(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        for statement, compiled in Compilations(postgres_dialect()).items():
            prepared = await connection.prepare(compiled.sql)
            assert len(prepared.get_attributes()) == columns(statement), compiled.sql
    finally:
        await connection.close()


def plans(sqlite_url: str) -> dict[str, list[str]]:
    connection = sqlite3.connect(sqlite_path(sqlite_url))
    try:
        found = {}
        compilations = Compilations(sqlite_dialect())
        for name, statement in STATEMENTS.items():
            sql, order = compilations[statement]
            values = order(dict.fromkeys(values_of(statement, sqlite_dialect())))
            rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            found[name] = [row[3] for row in rows]
    finally:
        connection.close()
    return found


def test_sqlite_takes_every_statement_and_reads_no_table_from_end_to_end(sqlite_url: str) -> None:
    scans = {name: [step for step in plan if step.startswith("SCAN")] for name, plan in plans(sqlite_url).items()}
    rows = re.compile(r"SCAN (CONSTANT ROW|\(subquery-\d+\)|anon_\d+)")
    whole = {name for name, steps in scans.items() if not all(rows.fullmatch(step) for step in steps)}
    assert whole == READ_WHOLE_TABLES | SEARCHES | FIRST


LIST_OF_KEYS = re.compile(r"\(\w+\.\w+(, \w+\.\w+)+\) IN \(")


@each
def test_no_row_is_found_by_a_list_of_keys_of_several_parts(name: str) -> None:
    # SQLite looks such a list up by its first part: in one that thousands of rows have, it goes through all of them.
    sql, _ = COMPILATIONS[0][1][STATEMENTS[name]]
    assert not LIST_OF_KEYS.search(sql)


def test_what_has_ended_is_found_by_an_index_in_its_order(sqlite_url: str) -> None:
    found = plans(sqlite_url)
    names = {statement: name for name, statement in STATEMENTS.items()}
    for kind in KINDS.values():
        for statement in (kind.first, kind.sweep):
            plan = found[names[statement]]
            assert not [step for step in plan if "TEMP B-TREE" in step], (names[statement], plan)


def called(function: ast.AST) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_statements_are_made_while_a_module_loads_and_never_after(module: ModuleType) -> None:
    functions = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.FunctionDef)]
    makers = {function.name for function in functions if "Statement" in called(function)}
    assert all(maker.startswith("_") for maker in makers)
    assert [function.name for function in functions if called(function) & makers] == []


async def test_a_whole_story_makes_no_statement(world: World, databases: Databases) -> None:
    before = len(Statement.every)
    compiled = len(world.house.store._compiled)  # type: ignore[attr-defined]
    await world.session(world.cineshelf, world.mira)
    assert len(Statement.every) == before
    assert len(world.house.store._compiled) == compiled  # type: ignore[attr-defined]
