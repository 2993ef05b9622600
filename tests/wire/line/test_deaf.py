"""Clients that do not read what they are answered hold no place of others, and are cut off in the end (S8)."""

import asyncio
import socket
from collections.abc import Callable

import pytest
from uvicorn.protocols.http.flow_control import FlowControl

from admitone import app
from admitone.settings import Settings
from admitone.wire.line import connection
from admitone.wire.running.turnstile import Turnstile
from tests.wire.corpora.lines import get
from tests.wire.line.sockets import LONGEST_S, SMALL, served
from tests.world import World

QUIET = 2_000  # rounds of the loop in which nothing happens


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(get(b"/openapi.json") * 3, id="more answers than it takes"),
        pytest.param(get(b"/openapi.json", b"Connection: close\r\n"), id="an answer that is the last"),
        pytest.param(get(b"/openapi.json") * 3 + b"GET", id="answers, and half a request"),
    ],
)
@pytest.mark.holds("S8")
async def test_whoever_does_not_read_has_no_place_for_longer_than_it_takes(
    world: World, monkeypatch: pytest.MonkeyPatch, asked: bytes
) -> None:
    gone = asyncio.Event()
    lost = connection.Connection.connection_lost

    def lose(self: connection.Connection, exc: Exception | None) -> None:
        lost(self, exc)
        gone.set()

    monkeypatch.setattr(connection, "PATIENCE_S", 0.2)
    monkeypatch.setattr(connection.Connection, "connection_lost", lose)
    faces, settings = app.Faces(Settings()), Settings(port=0)
    turnstile = Turnstile(lambda: 0.0)
    async with served(faces.guarded(faces.of(world.house), turnstile), settings, small=True) as server:
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
            deaf.connect(("127.0.0.1", server.port))
            deaf.sendall(asked)
            async with asyncio.timeout(LONGEST_S):
                await gone.wait()
    assert turnstile._inside == 0


class Slow:
    """A loop with its time, and a transport with what waits for a client, both in the hand of a test."""

    def __init__(self) -> None:
        self.now, self.left, self.done = 0.0, 1_000_000, ""
        self.line = connection.Connection.__new__(connection.Connection)
        self.line.loop = self.line.transport = self  # type: ignore[assignment]
        self.line.flow = FlowControl(self)  # type: ignore[arg-type]

    def time(self) -> float:
        return self.now

    def call_later(self, after: float, look: Callable[[], None]) -> None:
        self.next = self.now + after, look

    def get_write_buffer_size(self) -> int:
        return self.left

    def is_closing(self) -> bool:
        return bool(self.done)

    def close(self) -> None:
        self.done = self.done or "closed"

    def abort(self) -> None:
        self.done = "aborted"

    def wait(self) -> None:
        self.now, look = self.next
        look()


def test_whoever_reads_slowly_is_waited_for_as_long_as_it_reads() -> None:
    slow = Slow()
    slow.line._look()
    slow.now = 1.0
    slow.line.pause_writing()
    while slow.left > connection.LEAST_TAKEN:
        slow.left -= connection.LEAST_TAKEN
        slow.wait()
    assert not slow.done
    taken = slow.now
    while not slow.done:
        slow.wait()
    assert (slow.done, slow.now - taken) == ("aborted", connection.PATIENCE_S)


def test_whoever_was_hung_up_and_does_not_read_is_cut_off() -> None:
    slow = Slow()
    slow.line._waiting_since = 0.0
    slow.now = connection.PATIENCE_S
    slow.line._look()
    assert slow.done == "closed"
    while slow.done == "closed":
        slow.wait()
    assert slow.now == 3 * connection.PATIENCE_S


async def asks_and_asks(writer: asyncio.StreamWriter) -> None:
    for _ in range(500):  # far more than the buffers of a system hold
        writer.write(get(b"/3/account") * 1000)
        await writer.drain()


async def test_whoever_does_not_read_refusals_is_not_read_from_either(world: World) -> None:
    faces, settings = app.Faces(Settings()), Settings(port=0)
    turnstile = Turnstile(lambda: 0.0)
    while turnstile.enter():
        pass
    async with served(faces.guarded(faces.of(world.house), turnstile), settings) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
        asking = asyncio.create_task(asks_and_asks(writer))
        refused, quiet = 0, 0
        while not refused or quiet < QUIET:
            await asyncio.sleep(0)
            quiet = quiet + 1 if turnstile._refused == refused else 0
            refused = turnstile._refused
        assert not asking.done()
        writer.transport.abort()
        asking.cancel()
