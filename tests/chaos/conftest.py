"""What the tests of breaking things share: the program with a person and an app, on each engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.databases import Databases
from tests.running import Admitone, Credentials, Nursery, program


class Installed(NamedTuple):
    """The program, set up as an operator would, and an app's credentials."""

    admitone: Admitone
    app: Credentials


@pytest.fixture
def installed(nursery: Nursery, tmp_path: Path, databases: Databases) -> Iterator[Installed]:
    with program(nursery, tmp_path, databases.fresh()) as admitone:
        admitone.add_account("mira")
        yield Installed(admitone, admitone.add_app("CineShelf", "mira"))
