"""Three servers over a PostgreSQL cluster of three whose primary is killed and cut off and whose replicas stand still.

Two rounds with the other tests; `make chaos` makes twenty. Both print the seed from which the order was drawn.
"""

import asyncio
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.ha import three
from deploy.ha.cluster import Cluster, missing
from tests.chaos.asks import AppAsks
from tests.chaos.conftest import ANY_FILM
from tests.chaos.ledger import Ledger
from tests.chaos.rounds import Rounds, drawn, told
from tests.chaos.stream import Stream
from tests.running import Admitone, Nursery, program

ROUNDS = int(os.environ.get("ADMITONE_CHAOS", "2"))
# The promise is for a machine that does nothing else, as under `make chaos`.
MEASURED = "ADMITONE_CHAOS" in os.environ
WITHIN_S = 30
ACTORS, READERS = 5, 2
BREATH_S = 0.03
# Nobody there, or nobody knows whether it was done: from Admit One, or from the HAProxy before it.
NO_ANSWER = {502, 503, 504}


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    if lacking := missing():
        pytest.skip(f"this machine runs no cluster: {'; '.join(lacking)}")
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
def admitone(nursery: Nursery, tmp_path: Path, cluster: Cluster) -> Iterator[Admitone]:
    primary = cluster.until(cluster.primary, "a primary")
    assert primary
    with program(nursery, tmp_path, cluster.address_of(primary), **ANY_FILM) as admitone:
        admitone.add_account("mira")
        yield admitone


@pytest.mark.timeout(180 + 120 * ROUNDS)
async def test_nothing_answered_is_lost_and_no_token_is_spent_twice_whatever_becomes_of_the_primary(
    admitone: Admitone, ledger: Ledger, cluster: Cluster, tmp_path: Path
) -> None:
    seed = int(os.environ.get("ADMITONE_SEED") or random.getrandbits(32))
    print(f"chaos: ADMITONE_SEED={seed}, {ROUNDS} rounds")
    chance = random.Random(seed)
    stream = Stream(ledger, AppAsks(admitone.add_app("CineShelf", "mira").api_key), chance.getrandbits(32))
    stream.excused, stream.breath_s = NO_ANSWER, BREATH_S
    logs = three.serve(cluster, admitone.key_ring, admitone.environment, tmp_path)
    stream.up(cluster.port)
    acting = asyncio.create_task(stream.run(ACTORS, READERS))
    rounds = Rounds(cluster, stream, ledger, chance)
    for number, wound in enumerate(drawn(ROUNDS, chance), 1):
        print(f"{number:3}/{ROUNDS} {told(await rounds.run(wound, acting))}", flush=True)
    stream.over = True
    await acting

    print(rounds.told())
    if MEASURED:
        assert max(each.unwritten_s for each in rounds.done) <= WITHIN_S
    assert three.over(cluster) == []
    for log in logs:
        text = log.read_text(encoding="utf-8")
        assert '"status":500' not in text
        assert '"event":"crashed"' not in text
        assert not [secret for secret in admitone.secrets if secret in text]
