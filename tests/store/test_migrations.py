"""Migrations lead from nothing to exactly the tables of the schema, once, all or nothing, and never from the future."""

import asyncio
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

import admitone.store.migrations
from admitone.model.faults import Refused
from admitone.store.engine import Migrated, SchemaError, blank, look, migrate
from admitone.store.engine.address import sqlite_path
from admitone.store.engine.migrate import _keep_a_log
from admitone.store.tables import metadata
from tests.databases import Databases, SqliteDatabases

engine = sys.modules[migrate.__module__]
NEWEST = engine.newest()
FAILS = '''"""Fails in the middle."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade() -> None:
    op.create_table("half", sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True))
    op.execute("insert into accounts select * from nowhere")


def downgrade() -> None:
    pass
'''
RUNS = "import asyncio, sys; from admitone.store.engine import migrate; print(asyncio.run(migrate(sys.argv[1])).before)"

# The step's own mark, and what finds titles by name: full-text tables, triggers and indexes are nothing that SQLAlchemy
# can say, so the migrations make them and the schema knows nothing of them. The searches of tests/store hold them.
NOT_OURS = re.compile("alembic_version|title_search|ix_titles_searched")

# How SQLite writes down a column that was added to a table.
ADDED_LATER = re.compile(", (?=[a-z_0-9]+ (?:TEXT|INTEGER|BLOB))")

# Everything that a database knows of its tables, as texts.
SQLITE_TABLES = "select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite_%' order by type, name"
POSTGRES_TABLES = """
    select table_name, column_name, data_type, is_nullable, column_default, is_identity, identity_generation
    from information_schema.columns where table_schema = 'public'
    union all
    select conrelid::regclass::text, conname, pg_get_constraintdef(oid), null, null, null, null
    from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
    union all
    select tablename, indexname, indexdef, null, null, null, null from pg_indexes where schemaname = 'public'
    order by 1, 2, 3
"""


async def on(url: str, work: Callable[[Connection], Any]) -> Any:
    """What `work` says of a database."""
    return await engine._on(url, work)


def described(connection: Connection) -> list[tuple[str, ...]]:
    sql = SQLITE_TABLES if connection.dialect.name == "sqlite" else POSTGRES_TABLES
    rows = [tuple(row) for row in connection.execute(text(sql))]
    return [sorted_lines(row) for row in rows if not any(NOT_OURS.match(str(cell)) for cell in row[:3])]


def sorted_lines(row: tuple[Any, ...]) -> tuple[str, ...]:
    """The constraints of a table may stand in any order, and what was added later on the line before it."""
    cells = (ADDED_LATER.sub(",\n\t", str(cell)) for cell in row)
    return tuple("\n".join(sorted(line.rstrip(", ") for line in cell.splitlines())) for cell in cells)


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_from_nothing_they_lead_to_the_newest_schema_and_then_do_nothing(databases: Databases) -> None:
    url = await asyncio.to_thread(databases.empty)
    assert await look(url) == (None, NEWEST)
    assert await migrate(url) == (None, NEWEST)
    assert await migrate(url) == (NEWEST, NEWEST)
    assert await look(url) == (NEWEST, NEWEST)


async def test_they_make_exactly_the_tables_of_the_schema(databases: Databases) -> None:
    migrated, made = await asyncio.to_thread(databases.empty), await asyncio.to_thread(databases.empty)
    await migrate(migrated)
    await on(made, metadata.create_all)

    def differences(connection: Connection) -> Any:
        options = {"include_name": lambda name, *_: not NOT_OURS.match(name or "")}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert await on(migrated, differences) == []
    assert await on(migrated, described) == await on(made, described)


async def test_what_they_make_on_sqlite_is_strict_and_keyed(sqlite_databases: SqliteDatabases) -> None:
    def options(connection: Connection) -> dict[str, tuple[int, int]]:
        rows = connection.execute(text("select name, wr, strict from pragma_table_list where schema = 'main'"))
        return {name: (without_rowid, strict) for name, without_rowid, strict in rows if name in metadata.tables}

    found = await on(await asyncio.to_thread(sqlite_databases.fresh), options)
    assert set(found) == set(metadata.tables)
    assert all(strict for _, strict in found.values())
    keyed = {
        "addresses",
        "answered_challenges",
        "app_returns",
        "authenticators",
        "changes",
        "calls",
        "guest_ratings",
        "invitations",
        "known_places",
        "job_rows",
        "leavings",
        "limits",
        "mail_links",
        "marks",
        "ratings",
        "recovery_codes",
        "request_tokens",
        "reserved_names",
        "schema_support",
        "titles",
        "visits",
        "votes",
    }
    assert {name for name, (without_rowid, _) in found.items() if without_rowid} == keyed


async def test_they_can_be_taken_back(databases: Databases) -> None:
    def back(connection: Connection) -> set[str]:
        config = engine._config()
        with engine._lent(config, connection):
            command.downgrade(config, "base")
        return tables(connection)

    url = await asyncio.to_thread(databases.fresh)
    assert await on(url, back) == {"alembic_version"}
    assert await migrate(url) == (None, NEWEST)


async def test_what_stands_on_lists_survives_the_step_to_places_and_back(databases: Databases) -> None:
    account = "insert into accounts (id, object_id, username, username_key, name, iso_639_1, iso_3166_1, include_adult,"
    account += " gravatar_hash, made_at) values (1, 'o', 'm', 'm', '', 'en', 'US', 0, '', 0)"
    made = "insert into lists (id, account_id, name, description, iso_639_1, public, made_at, changed_at)"
    item = "insert into list_items (list_id, media_type, media_id, added_at, place, comment)"
    rows = "select id, media_id, place, comment from list_items order by id"

    def back_and_on(connection: Connection) -> list[Any]:
        connection.execute(text(account))
        connection.execute(text(f"{made} values (1, 1, 'Noir', '', 'en', 0, 0, 0)"))
        for number, place in ((5, 2), (6, "null"), (9, 7)):
            connection.execute(text(f"{item} values (1, 'movie', {number}, 0, {place}, 'twice')"))
        connection.execute(text("update list_items set stands_at = 1.5 where media_id = 9"))
        config = engine._config()
        with engine._lent(config, connection):
            command.downgrade(config, "0015")
            taken = [tuple(row) for row in connection.execute(text(rows))]
            command.upgrade(config, "head")
        assert [tuple(row) for row in connection.execute(text(rows))] == taken
        connection.execute(text("delete from list_items where id = 3"))
        newest = connection.execute(text(f"{item} values (1, 'tv', 1, 0, null, null) returning id")).scalar_one()
        return [*taken, newest]

    found = await on(await asyncio.to_thread(databases.fresh), back_and_on)
    # The number of the last is not given out once more.
    assert found == [(1, 5, 2, "twice"), (2, 6, None, "twice"), (3, 9, 7, "twice"), 4]


async def test_what_they_make_on_sqlite_nobody_else_may_read(sqlite_databases: SqliteDatabases) -> None:
    url = sqlite_databases.empty()
    await migrate(url)
    path = sqlite_path(url)

    there = [each for each in path.parent.glob(f"{path.name}*") if each.stat().st_mode & 0o077]
    assert path.stat().st_mode & 0o777 == 0o600
    assert there == []


def test_of_many_threads_at_once_one_migrates(databases: Databases) -> None:
    url = databases.empty()
    with ThreadPoolExecutor(8) as threads:
        migrated = list(threads.map(lambda _: asyncio.run(migrate(url)), range(8)))
    assert sorted(before or "" for before, _ in migrated) == ["", *[NEWEST] * 7]


def test_who_comes_to_a_new_file_at_the_same_moment_tries_again() -> None:
    class Met:
        """A connection that meets somebody twice, as SQLite tells it: at once, however patient it is."""

        said: tuple[str, ...] = ()

        def execute(self, statement: str) -> None:
            self.said += (statement,)
            if len(self.said) < 3:
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise error

    met = Met()
    _keep_a_log(met)  # type: ignore[arg-type]
    assert met.said == ("PRAGMA journal_mode=WAL",) * 3


def test_of_two_programs_at_once_one_migrates(databases: Databases) -> None:
    url = databases.empty()
    programs = [
        subprocess.Popen([sys.executable, "-c", RUNS, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [program.communicate(timeout=60) for program in programs]
    assert [program.returncode for program in programs] == [0, 0], said
    assert sorted(out.strip() for out, _ in said) == [NEWEST, "None"]


@pytest.mark.holds("S15")
@pytest.mark.parametrize("support", ["DELETE FROM schema_support", "UPDATE schema_support SET since = 'future'"])
async def test_a_newer_schema_that_does_not_support_us_is_refused_and_left_alone(
    databases: Databases, support: str
) -> None:
    url = await asyncio.to_thread(databases.fresh)
    await on(url, lambda connection: connection.execute(text("update alembic_version set version_num = 'future'")))
    await on(url, lambda connection: connection.execute(text(support)))
    before = await on(url, described)
    for do in (migrate, look):
        with pytest.raises(SchemaError, match=r"future.*newer"):
            await do(url)
    assert await on(url, described) == before


async def test_a_newer_schema_that_only_added_to_ours_is_used_and_left_alone(databases: Databases) -> None:
    url = await asyncio.to_thread(databases.fresh)
    await on(url, lambda connection: connection.execute(text("update alembic_version set version_num = 'future'")))
    before = await on(url, described)
    for do in (migrate, look):
        assert await do(url) == ("future", "future")
    assert await on(url, described) == before


@pytest.mark.holds("S15")
async def test_a_step_that_fails_leaves_nothing_behind(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await asyncio.to_thread(databases.fresh)
    empty = await asyncio.to_thread(databases.empty)
    shutil.copytree(Path(admitone.store.migrations.__path__[0]), tmp_path / "migrations")
    (tmp_path / "migrations" / "versions" / "9999_fails.py").write_text(FAILS.format(newest=NEWEST))
    config = Config()
    config.set_main_option("script_location", str(tmp_path / "migrations"))

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_config", lambda: config)
        patch.setattr(blank, "revision", lambda: "9999")
        for each in (url, empty):
            with pytest.raises(Refused) as refused:
                await migrate(each)
            assert "nowhere" in refused.value.detail

    assert "half" not in await on(url, tables)
    assert await look(url) == Migrated(NEWEST, NEWEST)
    assert await on(empty, tables) == set()
    assert await migrate(empty) == (None, NEWEST)


async def test_what_is_made_in_one_go_for_sandboxes_is_what_they_make(sqlite_databases: SqliteDatabases) -> None:
    def everything(connection: Connection) -> list[tuple[str, ...]]:
        rows = [sorted_lines(tuple(row)) for row in connection.execute(text(SQLITE_TABLES))]
        return [tuple(" ".join(cell.split()) for cell in row) for row in rows]

    def stamp(connection: Connection) -> Any:
        return connection.execute(text("select version_num from alembic_version")).all()

    def make(connection: Connection) -> None:
        for statement in blank.script(metadata):
            connection.exec_driver_sql(statement)

    migrated, made = sqlite_databases.fresh(), sqlite_databases.empty()

    def supported(connection: Connection) -> Any:
        return connection.execute(text("select since from schema_support")).all()

    await on(made, make)
    assert await on(made, everything) == await on(migrated, everything)
    assert await on(made, supported) == await on(migrated, supported) == [(blank.SUPPORTED_SINCE,)]
    assert await on(made, stamp) == await on(migrated, stamp) == [(NEWEST,)]
