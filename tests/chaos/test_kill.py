"""Servers and workers that are killed again and again, between any two instructions, while they are asked."""

import asyncio
import os
import random
import socket
from collections.abc import Collection, Sequence
from contextlib import closing, suppress

import pytest

from tests.chaos.asks import AppAsks
from tests.chaos.ledger import Ledger
from tests.chaos.stream import Stream
from tests.chaos.workers import Workers
from tests.running import PATIENCE_S, Admitone

# On each of the two engines.
KILLS = int(os.environ.get("ADMITONE_KILLS", "0"))
KILLS_OF_SERVERS = KILLS or 100
KILLS_OF_WORKERS = KILLS or 12
WORKERS = int(os.environ.get("ADMITONE_WORKERS", "2"))
ACTORS = 6
# Of the invariants of security.md §8: held by each check of the ledger, by what the stream expects, and at the end.
HELD = "I1, I2, I3, I4, I5, I6, I11, I15"


def free_port(chance: random.Random) -> int:
    """A port below those that outgoing connections get, so that nobody takes it while its server is down."""
    while True:
        port = chance.randint(20_000, 29_999)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@pytest.mark.timeout(900 + 10 * KILLS_OF_SERVERS)
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
    for number in range(KILLS_OF_SERVERS):
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
    print(f"{admitone.database.partition(':')[0]}: {KILLS_OF_SERVERS} kills of servers, {outlived(stream)}")
    assert server.stop() == 0
    ledger.check()


@pytest.mark.timeout(900 + 10 * KILLS_OF_WORKERS)
@pytest.mark.holds("S17", "S19")
async def test_whatever_a_worker_has_answered_outlives_it_and_the_others_go_on(
    admitone: Admitone, ledger: Ledger, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(f"{request.node.nodeid} {os.getpid()}")
    stream = Stream(ledger, AppAsks(admitone.add_app("CineShelf", "mira").api_key), chance.getrandbits(32))
    server = admitone.serve("--workers", str(WORKERS))
    stream.up(server.port)
    with closing(Workers(server, WORKERS)) as workers:
        stream.cut = workers.cut
        acting = asyncio.create_task(stream.run(ACTORS))
        for number in range(KILLS_OF_WORKERS):
            # Most often one of all of them; else perhaps the last that is left, while others are on their way.
            await until_whole(workers, stream, acting, enough=WORKERS if chance.random() < 0.8 else 1)
            await stream.good_answers(chance.randint(3, 40), acting)
            workers.meet(stream.lines)
            await asyncio.sleep(chance.uniform(0, 0.005))
            workers.kill_one(chance)
            if number % 10 == 9:
                await stream.good_answers(1, acting)
                workers.kill_whoever_starts()
                ledger.check()
        await until_whole(workers, stream, acting, enough=WORKERS)
        stream.over = True
        await acting

    ledger.check()
    ledger.hold_secrets()
    print(
        f"{admitone.database.partition(':')[0]}: {KILLS_OF_WORKERS} kills of one of {WORKERS} workers and "
        f"{workers.unready} of one that was starting, {workers.cuts} lines cut, {workers.unfaithful} by others than "
        f"those killed; {outlived(stream)}"
    )
    assert workers.unfaithful == 0
    assert server.stop() == 0
    ledger.check()


async def until_whole(workers: Workers, stream: Stream, acting: asyncio.Task[None], enough: int) -> None:
    """Go on until so many serve again; all the while there are answers."""
    async with asyncio.timeout(PATIENCE_S):
        while len(workers.serving()) < enough:
            await stream.good_answers(1, acting)


def outlived(stream: Stream) -> str:
    """What is sure to be there still."""
    ledger, done = stream.ledger, stream.timeline.acknowledged
    kept: dict[str, Sequence[Collection[object]]] = {
        "tokens": [*ledger.tokens.values()],
        "sessions": [*ledger.sessions.values()],
        "ratings": [*ledger.ratings.values()],
    }
    sure = ", ".join(f"{sum(len(each) == 1 for each in possible)} {kind}" for kind, possible in kept.items())
    return (
        f"{stream.answered} answers; acknowledged: {', '.join(f'{done[kind]} {kind}' for kind in sorted(done))}; "
        f"sure to be there are {sure}; lost {len(ledger.lost)}, doubled {len(ledger.doubled)}; "
        f"{ledger.checks} times held: {HELD}"
    )
