"""PostgreSQL goes away and comes back while apps and people are at work: told as such, and over by itself."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.asks import AppAsks
from tests.chaos.conftest import ANY_FILM
from tests.chaos.ledger import Ledger
from tests.chaos.own_postgres import OwnPostgres
from tests.chaos.stream import Stream
from tests.running import Admitone, Nursery, program

ACTORS = 6
OFFLINE = 503


@pytest.fixture
def admitone(nursery: Nursery, tmp_path: Path, own_postgres: OwnPostgres) -> Iterator[Admitone]:
    with program(nursery, tmp_path, own_postgres.fresh(), **ANY_FILM) as admitone:
        admitone.add_account("mira")
        yield admitone


@pytest.mark.timeout(600)
async def test_serving_resumes_by_itself_and_nobody_hears_of_a_crash(
    admitone: Admitone, ledger: Ledger, own_postgres: OwnPostgres
) -> None:
    stream = Stream(ledger, AppAsks(admitone.add_app("CineShelf", "mira").api_key), 5)
    stream.excused = {OFFLINE}
    server = admitone.serve()
    stream.up(server.port)
    acting = asyncio.create_task(stream.run(ACTORS))
    for mode in ("fast", "immediate", "fast", "immediate"):
        await stream.good_answers(50, acting)
        await asyncio.to_thread(own_postgres.restart, mode)
        await stream.good_answers(50, acting)
    stream.over = True
    await acting

    ledger.check()
    log = server.err.read_text()
    assert '"status":500' not in log
    assert '"event":"crashed"' not in log
    assert server.stop() == 0
