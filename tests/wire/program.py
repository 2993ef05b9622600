"""A program that calls the wire in process: as clients do, or byte by byte, as nobody well-meaning would."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import httpx

from admitone.basics.entropy import SystemEntropy
from admitone.model.web.networks import Networks
from admitone.wire.asgi import WireFront
from admitone.wire.door import Door
from tests.wire.openapi.contract import Held
from tests.world import Registered, World

PUBLIC_URL = "https://admit.example"
FAR_AWAY = "203.0.113.7"
HSTS = "max-age=31536000; includeSubDomains"

Pairs = Iterable[tuple[str, str]]


class Answered(NamedTuple):
    """What came back, byte by byte."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """The one header of this name; None for none."""
        values = [value for each, value in self.headers if each == name.lower()]
        assert len(values) < 2, f"{name} was sent {len(values)} times"
        return values[0] if values else None


def front(world: World, trusted: Networks = (), hsts: str | None = None) -> WireFront:
    """The wire before a world's house."""
    return WireFront(Door(world.house, PUBLIC_URL), SystemEntropy(), trusted, hsts)


class Program:
    """Calls with one app's key in the query, unless told otherwise."""

    def __init__(self, world: World, app: Registered | None = None, wire: WireFront | None = None) -> None:
        self.wire = Held(wire or front(world))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.wire), base_url=PUBLIC_URL)
        self.app = app or world.cineshelf

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.call("GET", path, **query)

    async def post(self, path: str, body: Any = None, **query: Any) -> httpx.Response:
        return await self.call("POST", path, body, **query)

    async def delete(self, path: str, body: Any = None, **query: Any) -> httpx.Response:
        return await self.call("DELETE", path, body, **query)

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """Call with the key in the query; a body goes as JSON."""
        query = {"api_key": self.app.key, **query}
        json = {} if body is None else {"json": body}
        return await self.http.request(method, path, params=query, **json)

    async def raw(
        self,
        method: str,
        target: bytes | str,
        headers: Pairs = (),
        body: bytes = b"",
        *,
        peer: str | None = FAR_AWAY,
        scheme: str = "https",
        leaves: bool = False,
    ) -> Answered:
        """Call with nothing added and nothing mended: `target` is path and query as they stand on the line.

        Header names and values are given in Latin-1; `peer` is who is connected, None for a Unix socket; with `leaves`
        the caller hangs up when the body is not yet whole.
        """
        target = target.encode() if isinstance(target, str) else target
        path, _, query = target.partition(b"?")
        scope = {
            "type": "http",
            "method": method,
            "raw_path": path,
            "query_string": query,
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            "client": None if peer is None else (peer, 4711),
            "scheme": scheme,
        }
        exchange = Exchange(body, leaves)
        await self.wire(scope, exchange.receive, exchange.send)
        return exchange.answered()


class Exchange:
    """One call's two ends: hands the body over in chunks, collects the answer."""

    def __init__(self, body: bytes, leaves: bool = False, chunk: int = 16 * 1024) -> None:
        self._chunks = [body[start : start + chunk] for start in range(0, len(body), chunk)] or [b""]
        self._leaves = leaves
        self._sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if not self._chunks:
            return {"type": "http.disconnect"}
        chunk = self._chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": self._leaves or bool(self._chunks)}

    async def send(self, message: Any) -> None:
        self._sent.append(message)

    def answered(self) -> Answered:
        start, *chunks = self._sent
        assert start["type"] == "http.response.start"
        assert all(chunk["type"] == "http.response.body" for chunk in chunks)
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
        return Answered(start["status"], headers, b"".join(chunk["body"] for chunk in chunks))
