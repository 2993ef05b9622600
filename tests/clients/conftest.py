"""What the tests of published clients share: Admit One, served as an operator starts it, on each engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.databases import Databases
from tests.running import Admitone, Credentials, Nursery, Server, program


class Stage(NamedTuple):
    """A server, with a person and an app of hers."""

    admitone: Admitone
    server: Server
    app: Credentials


@pytest.fixture
def stage(nursery: Nursery, tmp_path: Path, databases: Databases) -> Iterator[Stage]:
    with program(nursery, tmp_path, databases.empty()) as admitone:
        admitone.add_account("mira")
        app = admitone.add_app("CineShelf", "mira")
        yield Stage(admitone, admitone.serve(), app)
