"""A server that is killed again and again, between any two instructions, while apps and people are at work."""

import asyncio
import os
import random
import socket
from contextlib import suppress

import pytest

from tests.chaos.asks import AppAsks
from tests.chaos.ledger import Ledger
from tests.chaos.stream import Stream
from tests.running import Admitone

# On each of the two engines.
KILLS = int(os.environ.get("ADMITONE_KILLS", "100"))
ACTORS = 6


def free_port(chance: random.Random) -> int:
    """A port below those that outgoing connections get, so that nobody takes it while its server is down."""
    while True:
        port = chance.randint(20_000, 29_999)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@pytest.mark.timeout(900 + 10 * KILLS)
@pytest.mark.holds("S17")
async def test_whatever_was_answered_outlives_a_kill_and_nothing_is_half_done(
    admitone: Admitone, ledger: Ledger, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(f"{request.node.nodeid} {os.getpid()}")
    stream = Stream(ledger, AppAsks(admitone.add_app("CineShelf", "mira").api_key), chance.getrandbits(32))
    # The same port each time, so that forms from before a kill are good after it.
    port = ("--port", str(free_port(chance)))
    server = admitone.serve(*port)
    stream.up(server.port)
    acting = asyncio.create_task(stream.run(ACTORS))
    for number in range(KILLS):
        await stream.good_answers(chance.randint(3, 60), acting)
        # Not after an answer, but anywhere: in a statement, in a commit, between a commit and its answer.
        await asyncio.sleep(chance.uniform(0, 0.005))
        server.kill()
        stream.down()
        if number % 10 == 9:
            starting = admitone.serve(*port, wait=False)
            await asyncio.sleep(chance.uniform(0, 0.2))
            starting.kill()
        server = admitone.serve(*port)
        ledger.check()
        stream.up(server.port)
    stream.over = True
    await acting

    ledger.check()
    print(f"{admitone.database.partition(':')[0]}: {KILLS} kills of servers, {outlived(stream)}")
    assert server.stop() == 0
    ledger.check()


def outlived(stream: Stream) -> str:
    """What is sure to be there still."""
    kinds = {"tokens": stream.ledger.tokens, "sessions": stream.ledger.sessions, "ratings": stream.ledger.ratings}
    sure = (f"{sum(len(each) == 1 for each in kept.values())} {kind}" for kind, kept in kinds.items())  # type: ignore[attr-defined]
    lost, doubled = len(stream.ledger.lost), len(stream.ledger.doubled)
    return f"{stream.answered} answers, which left {', '.join(sure)}; lost {lost}, doubled {doubled}"
