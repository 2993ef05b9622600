"""This file is the proxy: it takes what is meant for TMDB's hosts to the sandbox, and the rest nowhere, or onward."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

import h11

from admitone.proxy.addresses import Headers, Place, backward, onward, read_absolute, read_connect
from admitone.proxy.stream import PATIENCE_S, Broken, Stream, connect

MOST_CONNECTIONS: Final = 512
IDLE_S: Final = 120.0  # between two requests of one connection
ESTABLISHED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Relay:
    """A forward proxy in front of one sandbox."""

    def __init__(self, sandbox: Place, contexts: Mapping[str, ssl.SSLContext], *, others: bool = False) -> None:
        """`contexts` has what speaks TLS as each host that is led to the sandbox; `others` lets other hosts pass."""
        self._sandbox = sandbox
        self._contexts = contexts
        self._others = others
        self._open: set[asyncio.Task[None]] = set()

    async def listen(self, port: int = 0) -> asyncio.Server:
        """Accept connections on this machine. Raises OSError."""
        return await asyncio.start_server(self._accept, "127.0.0.1", port, limit=64 * 1024)

    async def aclose(self) -> None:
        """Hang up on everybody."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        task = asyncio.ensure_future(self._connection(Stream(reader, writer, h11.SERVER)))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _connection(self, client: Stream) -> None:
        async with _to_its_end(client):
            async with asyncio.timeout(PATIENCE_S):
                request = await client.event()
            if isinstance(request, h11.Request) and request.method == b"CONNECT":
                await self._tunnel(client, request)
            elif isinstance(request, h11.Request):
                await self._plain(client, request)

    async def _tunnel(self, client: Stream, request: h11.Request) -> None:
        """A CONNECT: speak TLS as the host, for hosts that are led to the sandbox; else refuse, or pass bytes on."""
        place = read_connect(request.target)
        if place is None:
            await _say(client, 400, "CONNECT names a host and a port.")
        elif place.host in self._contexts and place.port == 443:
            secured = await client.secured(ESTABLISHED, self._contexts[place.host])
            await self._requests(secured, place)
        elif self._others:
            await self._through(client, place)
        else:
            await _say(client, 403, _refusal(place))

    async def _requests(self, client: Stream, asked: Place) -> None:
        """Every request of one connection that means `asked`."""
        async with _to_its_end(client):
            while True:
                async with asyncio.timeout(IDLE_S):
                    request = await client.event()
                if not isinstance(request, h11.Request):
                    return
                whole = read_absolute(request.target)
                if whole and whole[0] != asked:
                    await _say(client, 421, "This connection was opened for another host.")
                    return
                await self._exchange(client, request, asked, whole[1] if whole else request.target)
                if client.http.our_state is not h11.DONE or client.http.their_state is not h11.DONE:
                    return
                client.http.start_next_cycle()

    async def _plain(self, client: Stream, request: h11.Request) -> None:
        """A request in the open, with a whole address: by http, or by clients that do not know CONNECT."""
        whole = read_absolute(request.target)
        if whole is None:
            await _say(client, 400, "This is a forward proxy: set it as HTTPS_PROXY, and ask for whole addresses.")
            return
        asked, path = whole
        usual = asked.port in (80, 443)
        if (asked.host in self._contexts and usual) or (self._others and asked.scheme == "http"):
            await self._exchange(client, request, asked, path)
        else:
            await _say(client, 403, _refusal(asked))

    async def _exchange(self, client: Stream, request: h11.Request, asked: Place, path: bytes) -> None:
        """One request and its answer, both handed on as they come."""
        there = self._sandbox if asked.host in self._contexts else asked
        try:
            server = await connect(there.host, there.port)
        except Broken:
            await _say(client, 502, f"Nobody answers at {there.origin}; start it with: admitone sandbox")
            return
        try:
            headers = onward(list(request.headers), asked, there)
            await server.send(h11.Request(method=request.method, target=path, headers=headers))
            await _hand_on_body(client, server)
            await _hand_on_answer(server, client, asked, there)
        finally:
            server.abort()

    async def _through(self, client: Stream, place: Place) -> None:
        """Bytes in both directions, until both sides have said all."""
        try:
            server = await connect(place.host, place.port)
        except Broken:
            await _say(client, 502, f"Nobody answers at {place.authority}.")
            return
        try:
            await client.write(ESTABLISHED)
            await server.write(client.http.trailing_data[0])
            async with asyncio.TaskGroup() as both:
                both.create_task(_pump(client, server))
                both.create_task(_pump(server, client))
        finally:
            server.abort()


@asynccontextmanager
async def _to_its_end(client: Stream) -> AsyncIterator[None]:
    """Hang up on a client afterwards: as one should, or in the middle where something broke or took too long."""
    try:
        yield
        await client.close()
    except TimeoutError:
        client.abort()
    except Broken as broken:
        await _unreadable(client, broken.status)
    except BaseException:
        client.abort()
        raise


async def _hand_on_body(client: Stream, server: Stream) -> None:
    server_left = False
    while True:
        async with asyncio.timeout(PATIENCE_S):
            event = await client.event()
        if not server_left:
            try:
                await server.send(event)
            except Broken:
                # It may have answered before it had heard all: a refusal of what is too large.
                server_left = True
        if isinstance(event, h11.EndOfMessage):
            return


async def _hand_on_answer(server: Stream, client: Stream, asked: Place, there: Place) -> None:
    """Hand an answer on; where it breaks off, so does the client's, after the same byte."""
    try:
        while True:
            event = await server.event()
            if isinstance(event, h11.InformationalResponse):
                continue
            if isinstance(event, h11.Response):
                headers: Headers = backward(list(event.headers), asked, there)
                event = h11.Response(status_code=event.status_code, headers=headers, reason=event.reason)
            await client.send(event)
            if isinstance(event, h11.EndOfMessage):
                return
    except Broken:
        await client.close()
        raise


async def _pump(source: Stream, sink: Stream) -> None:
    with suppress(Broken):
        while octets := await source.read():
            await sink.write(octets)
    sink.end()


async def _unreadable(client: Stream, status: int) -> None:
    """Tell a client that it was not understood, where it can still hear that; then hang up."""
    if client.http.our_state in (h11.IDLE, h11.SEND_RESPONSE) and client.http.their_state is h11.ERROR:
        with suppress(Broken):
            await _say(client, status, "This is not HTTP/1.1 as a proxy reads it.")
            await client.close()
            return
    client.abort()


async def _say(client: Stream, status: int, sentence: str) -> None:
    body = f"admitone proxy: {sentence}\n".encode()
    headers = [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", str(len(body))),
        ("connection", "close"),
    ]
    await client.send(h11.Response(status_code=status, headers=headers))
    await client.send(h11.Data(data=body))
    await client.send(h11.EndOfMessage())


def _refusal(place: Place) -> str:
    return f"{place.authority} is not led to the sandbox, and other hosts are refused; --others pass lets them through."
