"""The real server at a socket, and one connection to it as its client has it."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from admitone import app
from admitone.settings import Settings
from admitone.wire.asgi import App

LONGEST_S = 15.0
SMALL = 4096  # bytes
HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n")

Heard = tuple[int, dict[str, str], bytes]


class Line:
    """One connection, as the client has it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, raw: bytes) -> None:
        self._writer.write(raw)

    async def answer(self) -> Heard | None:
        """The next answer; None when the server has hung up."""
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
            found = HEAD.fullmatch(head)
            assert found, head
            lines = found[2].decode().splitlines()
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        return int(found[1]), headers, body

    async def is_over(self, seconds: float) -> bool:
        """Whether the server hangs up within so many seconds, without a word."""
        try:
            async with asyncio.timeout(seconds):
                return await self._reader.read() == b""
        except TimeoutError:
            return False
        except ConnectionError:  # where the server had not even read all when its patience was at its end
            return True


class Server:
    """A server on a port of its own."""

    def __init__(self, port: int) -> None:
        self.port = port

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """A connection to it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            async with asyncio.timeout(LONGEST_S):
                yield Line(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def served(application: App, settings: Settings, *, small: bool = False) -> AsyncIterator[Server]:
    """An application, served as `admitone serve` does; with `small`, the system holds little of what is sent."""
    listener, settings = app.bind(settings)
    if small:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
    ready = asyncio.Event()
    running = app.server(application, settings, ready.set)
    task = asyncio.create_task(running.serve(sockets=[listener]))
    await ready.wait()
    yield Server(settings.port)
    running.should_exit = True
    await task
