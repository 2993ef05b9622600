"""This file makes a new SQLite database at the newest schema in one go, without walking through its history.

What migrations make is the truth, and a test holds this against it; loading Alembic takes longer than making a sandbox.
"""

from collections.abc import Iterator
from importlib.resources import files

from sqlalchemy import MetaData
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.schema import CreateIndex, CreateTable

# As the first migration has it: SQLAlchemy has no words for full-text tables and triggers.
_SEARCHED = (
    "CREATE VIRTUAL TABLE title_search USING fts5(searched, tokenize = 'trigram')",
    """CREATE TRIGGER title_search_insert AFTER INSERT ON titles BEGIN
            INSERT INTO title_search (rowid, searched)
            VALUES (new.id * 2 + (new.media_type = 'tv'), new.searched); END""",
    """CREATE TRIGGER title_search_update AFTER UPDATE OF searched ON titles BEGIN
            UPDATE title_search SET searched = new.searched WHERE rowid = new.id * 2 + (new.media_type = 'tv'); END""",
    """CREATE TRIGGER title_search_delete AFTER DELETE ON titles BEGIN
            DELETE FROM title_search WHERE rowid = old.id * 2 + (old.media_type = 'tv'); END""",
)
_STAMP = """CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)"""


# As the newest step that took something away says it; a test holds this against what the steps make.
SUPPORTED_SINCE = "0001"


def script(metadata: MetaData) -> Iterator[str]:
    """The statements that make a whole, empty database with these tables, marked as the migrations mark it."""
    dialect = SQLiteDialect_pysqlite()
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))
    yield from _SEARCHED
    yield _STAMP
    yield f"INSERT INTO alembic_version VALUES ('{revision()}')"  # noqa: S608 - digits of a file name
    yield f"INSERT INTO schema_support VALUES ('{SUPPORTED_SINCE}')"  # noqa: S608 - digits too


def revision() -> str:
    """The newest revision: every step's file is called by its number."""
    steps = files("admitone.store.migrations.versions").iterdir()
    return max(number for number, _, rest in (step.name.partition("_") for step in steps) if rest and number.isdigit())
