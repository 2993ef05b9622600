"""What the tests of the commands share: the program in a folder of its own, on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Databases, SqliteDatabases
from tests.running import Admitone, Nursery, program


@pytest.fixture
def admitone(nursery: Nursery, tmp_path: Path, databases: Databases) -> Iterator[Admitone]:
    """The program, on a database that nobody has made yet."""
    with program(nursery, tmp_path, databases.empty()) as admitone:
        yield admitone


@pytest.fixture
def alone(nursery: Nursery, tmp_path: Path, sqlite_databases: SqliteDatabases) -> Iterator[Admitone]:
    """The program, for what it does before it looks at any database."""
    with program(nursery, tmp_path, sqlite_databases.empty()) as admitone:
        yield admitone


@pytest.fixture
def peopled(admitone: Admitone) -> Admitone:
    """The same with a person in it."""
    admitone.add_account("mira")
    return admitone
