"""A crowd of logins costs a bounded amount of memory, and everybody in it is told when to come back (A6).

How quickly they are told depends on the machine: `make load` measures it, for a minute.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import SqliteDatabases
from tests.running import Admitone, Nursery, program
from tests.threats.load import CROWD, beside, opened, stormed

SECONDS = 3.0


@pytest.fixture
def admitone(nursery: Nursery, tmp_path: Path, sqlite_databases: SqliteDatabases) -> Iterator[Admitone]:
    with program(nursery, tmp_path / "house", sqlite_databases.fresh(), ADMITONE_CATALOGUE="any") as admitone:
        yield admitone


@pytest.mark.holds("A6")
def test_five_hundred_logins_at_a_time_cost_no_more_memory_than_the_pool(admitone: Admitone) -> None:
    server, keys = opened(admitone)
    memory, (seen,) = stormed(server, beside("crowd", server, keys[0], SECONDS))
    assert memory["most"] - memory["before"] <= 1.1 * memory["pool"]
    statuses = {int(status): many for status, many in seen["statuses"].items()}
    # Wrong, too many, or turned away at the entrance; nobody is cut off, and nothing breaks.
    assert set(statuses) <= {401, 429, 503}
    assert statuses[429] > statuses[401] > 0
    assert sum(statuses.values()) >= CROWD
    assert seen["without_retry_after"] == 0
