"""A program that calls the wire in process: one app's key, and the ways clients send things."""

from typing import Any

import httpx

from admitone.basics.entropy import SystemEntropy
from admitone.wire.asgi import WireFront
from admitone.wire.door import Door
from tests.world import Registered, World

PUBLIC_URL = "https://admit.example"


class Program:
    """Calls with one app's key in the query, unless told otherwise."""

    def __init__(self, world: World, app: Registered | None = None) -> None:
        front = WireFront(Door(world.house, PUBLIC_URL), SystemEntropy(), (), None)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url=PUBLIC_URL)
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
