"""A developer: calls the control plane and the wire of a sandbox in process, as programs do."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from admitone.sandbox.worlds import World, Worlds

SITE = "http://127.0.0.1:8000"
SHAPES = (re.compile(r"[0-9a-f]{26,}"), re.compile(r"eyJ[\w-]{10,}"))


class Developer:
    """Everything there is to do with a sandbox; `issued` collects every secret that an app or person was given."""

    def __init__(self, worlds: Worlds, app: Any) -> None:
        self.worlds = worlds
        self.app = app
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE)

    async def control(self, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        """A call of the control plane, which must end as said."""
        answer = await self.http.request(method, f"/sandbox{path}", json=body, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def world(self, **wanted: Any) -> "InWorld":
        """A world of one's own."""
        return InWorld(self, await self.control("POST", "/worlds", wanted, 201))


@dataclass
class InWorld:
    """One world, from outside: through its key, and through the control plane."""

    developer: Developer
    made: dict[str, Any]
    issued: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.issued |= {self.made["api_key"], self.made["read_token"]}

    @property
    def tag(self) -> str:
        tag: str = self.made["world"]
        return tag

    @property
    def inside(self) -> World:
        found = self.developer.worlds.find(self.tag)
        assert found is not None
        return found

    async def control(self, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        return await self.developer.control(method, f"/worlds/{self.tag}{path}", body, status, **more)

    async def call(self, method: str, path: str, body: Any = None, bearer: str = "", **query: Any) -> httpx.Response:
        """A call of the wire with the world's key; v4's with `bearer`, or the world's read token."""
        held = bearer or (self.made["read_token"] if path.startswith("/4/") else "")
        answer = await self.developer.http.request(
            method,
            path,
            params=query if held else {"api_key": self.made["api_key"], **query},
            json=body,
            headers={"authorization": f"Bearer {held}"} if held else {},
        )
        for shape in SHAPES:
            self.issued |= {found for found in shape.findall(answer.text) if path.startswith(("/3/auth", "/4/auth"))}
        return answer

    async def token(self) -> str:
        text: str = (await self.call("GET", "/3/authentication/token/new")).json()["request_token"]
        return text

    async def exchange(self, token: str) -> httpx.Response:
        return await self.call("GET", "/3/authentication/session/new", request_token=token)

    async def session(self, **query: Any) -> str:
        """A session by way of a request token that the first person approves."""
        token = await self.token()
        await self.control("POST", "/approvals", {"request_token": token})
        text: str = (await self.exchange(token)).json()["session_id"]
        return text

    async def log(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = (await self.control("GET", "/log"))["log"]
        return entries
