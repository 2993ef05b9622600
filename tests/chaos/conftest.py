"""What the tests of breakdowns share: the program on a fresh database, with a person and an app of theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.ledger import Ledger
from tests.chaos.own_postgres import OwnPostgres
from tests.databases import Databases
from tests.running import Admitone, Nursery, program

# Any film is a film, so that starting does not load a catalogue and every rating may be of another film.
ANY_FILM = {"ADMITONE_CATALOGUE": "any"}


@pytest.fixture(scope="session")
def own_postgres(testrun_uid: str, worker_id: str) -> Iterator[OwnPostgres]:
    """A PostgreSQL server for what no other test should feel."""
    own = OwnPostgres(f"{testrun_uid}-{worker_id}")
    yield own
    own.close()


@pytest.fixture
def admitone(nursery: Nursery, tmp_path: Path, databases: Databases) -> Iterator[Admitone]:
    with program(nursery, tmp_path, databases.fresh(), **ANY_FILM) as admitone:
        admitone.add_account("mira")
        yield admitone


@pytest.fixture
def ledger(admitone: Admitone) -> Ledger:
    """What was answered, to be compared with what is kept."""
    return Ledger(admitone)
