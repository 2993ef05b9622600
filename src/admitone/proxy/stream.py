"""This file speaks HTTP/1.1 over one connection, on either side of the proxy, with bounds on size and patience."""

import asyncio
import ssl
from contextlib import suppress
from typing import Final

import h11

LARGEST_HEAD: Final = 64 * 1024
CHUNK: Final = 64 * 1024
PATIENCE_S: Final = 30.0  # for a head, once its first byte could come
CONNECTING_S: Final = 10.0


class Broken(Exception):
    """The other side hung up, or said what is no HTTP, for which `status` stands, where more was to come."""

    def __init__(self, status: int = 400) -> None:
        super().__init__()
        self.status = status


class Stream:
    """One connection and the state of HTTP on it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, role: type[h11.CLIENT] | type[h11.SERVER]
    ) -> None:
        """Speak as `role`: h11.SERVER towards clients, h11.CLIENT towards servers."""
        self._reader = reader
        self._writer = writer
        self.http = h11.Connection(role, max_incomplete_event_size=LARGEST_HEAD)

    async def event(self) -> h11.Event:
        """What comes next. Raises Broken."""
        while True:
            try:
                event = self.http.next_event()
                if isinstance(event, h11.Event):
                    return event
                if event is h11.PAUSED:
                    raise Broken  # more was said before we had answered
                if self.http.they_are_waiting_for_100_continue:
                    await self.send(h11.InformationalResponse(status_code=100, headers=[]))
                self.http.receive_data(await self._reader.read(CHUNK))
            except h11.RemoteProtocolError as error:
                raise Broken(error.error_status_hint) from error
            except OSError as error:
                raise Broken from error

    async def send(self, event: h11.Event) -> None:
        """Say something. Raises Broken."""
        try:
            if said := self.http.send(event):
                await self.write(said)
        except h11.LocalProtocolError as error:
            raise Broken from error

    async def write(self, octets: bytes) -> None:
        """Send bytes as they are. Raises Broken."""
        try:
            self._writer.write(octets)
            await self._writer.drain()
        except OSError as error:
            raise Broken from error

    async def read(self) -> bytes:
        """Receive bytes as they are; none at the end. Raises Broken."""
        try:
            return await self._reader.read(CHUNK)
        except OSError as error:
            raise Broken from error

    def end(self) -> None:
        """Say no more."""
        with suppress(OSError, RuntimeError):
            if self._writer.can_write_eof():
                self._writer.write_eof()

    async def secured(self, said: bytes, context: ssl.SSLContext) -> "Stream":
        """The same connection after `said` was sent and TLS was begun, as its server. Raises Broken."""
        if self.http.trailing_data[0]:
            raise Broken  # it did not wait for our word
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=CHUNK)
        protocol = asyncio.StreamReaderProtocol(reader)
        # Nothing may be awaited in between: the client's first bytes of TLS would end in the old reader.
        self._writer.write(said)
        try:
            transport = await loop.start_tls(
                self._writer.transport, protocol, context, server_side=True, ssl_handshake_timeout=PATIENCE_S
            )
        except (OSError, TimeoutError) as error:
            raise Broken from error
        if transport is None:
            raise Broken
        protocol.connection_made(transport)
        return Stream(reader, asyncio.StreamWriter(transport, protocol, reader, loop), h11.SERVER)

    async def close(self) -> None:
        """Hang up as one should: what was said is still sent."""
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(CONNECTING_S):
                await self._writer.wait_closed()

    def abort(self) -> None:
        """Hang up in the middle of it, so that nobody takes a part for the whole."""
        self._writer.transport.abort()


async def connect(host: str, port: int) -> Stream:
    """A connection to a server. Raises Broken."""
    try:
        async with asyncio.timeout(CONNECTING_S):
            reader, writer = await asyncio.open_connection(host, port, limit=CHUNK)
    except (OSError, TimeoutError, UnicodeError) as error:
        raise Broken from error
    return Stream(reader, writer, h11.CLIENT)
