"""This file stands before a world's wire: reads of the catalogue go on to an upstream, everything else stays here."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

import msgspec

from admitone.basics.log import request_line
from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.model.faults import Refused
from admitone.sandbox.upstream.asking import Read, read_of
from admitone.sandbox.upstream.keeping import Found, Source
from admitone.sandbox.upstream.learning import rows
from admitone.store.engine import MemoryStore

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
# A refusal as the wire says it: a status and a body. Handed in, because the wire is another room.
Refuse = Callable[[Refused], tuple[int, bytes]]

KEY: Final = b"/3/authentication"
JSON: Final = b"application/json;charset=utf-8"
# What belongs to one answer and not to the next.
OF_ONE: Final = frozenset((b"content-length", b"content-type", b"cache-control", b"etag", b"retry-after", b"vary"))
ROUTE: Final = "upstream"

Header = tuple[bytes, bytes]


class Said(NamedTuple):
    """What an application answered."""

    status: int
    headers: list[Header]
    body: bytes


class Firewall:
    """An ASGI application before the wire of one house."""

    def __init__(self, inner: App, house: House, source: Source, refuse: Refuse) -> None:
        """`inner` is the house's own wire."""
        self._inner = inner
        self._house = house
        self._source = source
        self._refuse = refuse
        self._known: set[tuple[str, int]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        read = read_of(scope["method"], scope["raw_path"], scope["query_string"])
        if read is None:
            await self._inner(scope, receive, send)
            return
        began = time.perf_counter()
        # Whoever may not ask here has nothing to ask there.
        said = await self._here(scope, KEY)
        fault = None
        if said.status == 200:
            said, fault = await self._there(scope, read, said.headers)
        request_line(
            request_id=next((value.decode() for name, value in said.headers if name == b"x-request-id"), ""),
            method=scope["method"],
            route=ROUTE,
            status=said.status,
            milliseconds=(time.perf_counter() - began) * 1000,
            fault=fault,
        )
        await send({"type": "http.response.start", "status": said.status, "headers": said.headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else said.body})

    async def _there(self, scope: Scope, read: Read, usual: list[Header]) -> tuple[Said, str | None]:
        kept = [(name, value) for name, value in usual if name not in OF_ONE]
        try:
            found = await self._source.find(read.ask)
        except Refused as refusal:
            status, body = self._refuse(refusal)
            wait = [] if refusal.retry_after is None else [(b"retry-after", b"%d" % refusal.retry_after)]
            return _said(status, kept + wait, body, b"no-store"), refusal.fault.value
        if found.status == 200:
            await self._learn(read, found.body)
        if found.status == 200 and read.personal:
            return _said(200, kept, await self._with_personal(scope, read, found.body), b"no-store"), None
        return _marked(scope, found, kept), None

    async def _learn(self, read: Read, body: bytes) -> None:
        fresh = [row for row in rows(read.ask.path, msgspec.json.decode(body)) if _key(row) not in self._known]
        if fresh:
            await _load(self._house, fresh)
            self._known.update(map(_key, fresh))

    async def _with_personal(self, scope: Scope, read: Read, body: bytes) -> bytes:
        """An answer with the parts that are a person's put into it, as this house answers them."""
        whole = msgspec.json.decode(body)
        for part in read.personal:
            said = await self._here(scope, f"{read.ask.path}/{part}".encode("ascii"))
            if said.status == 200 and isinstance(whole, dict):
                whole[part] = msgspec.json.decode(said.body)
        return msgspec.json.encode(whole)

    async def _here(self, scope: Scope, path: bytes) -> Said:
        """What this house answers the same caller at another path."""
        pairs = parse_qsl(scope["query_string"].decode("latin-1"))
        credentials = [pair for pair in pairs if pair[0] in ("api_key", "session_id", "guest_session_id")]
        asked = {
            **scope,
            "method": "GET",
            "path": path.decode("ascii"),
            "raw_path": path,
            "query_string": urlencode(credentials).encode("ascii"),
            "headers": [each for each in scope["headers"] if each[0] not in (b"if-none-match", b"content-type")],
        }
        said = Said(500, [], b"")

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            nonlocal said
            if message["type"] == "http.response.start":
                said = said._replace(status=message["status"], headers=list(message["headers"]))
            else:
                said = said._replace(body=said.body + message.get("body", b""))

        await self._inner(asked, receive, send)
        return said


async def _load(house: House, new: list[dict[str, Any]]) -> None:
    if isinstance(house.store, MemoryStore):
        house.store.own_titles()
    await house.write(titles.load, new)


def _key(row: dict[str, Any]) -> tuple[str, int]:
    return row["media_type"], row["id"]


def _marked(scope: Scope, found: Found, kept: list[Header]) -> Said:
    """An answer with its mark; only that when the caller has it already."""
    marks = [(b"etag", found.etag.encode("latin-1")), (b"vary", b"Authorization")] if found.etag else []
    cache_control = (found.cache_control or "no-store").encode("latin-1", "replace")
    known = next((value for name, value in scope["headers"] if name == b"if-none-match"), b"").decode("latin-1")
    if found.etag and found.status == 200 and found.etag in {each.strip() for each in known.split(",")}:
        return Said(304, [*kept, *marks, (b"cache-control", cache_control)], b"")
    return _said(found.status, kept + marks, found.body, cache_control)


def _said(status: int, headers: list[Header], body: bytes, cache_control: bytes) -> Said:
    own = [(b"content-type", JSON), (b"cache-control", cache_control), (b"content-length", b"%d" % len(body))]
    return Said(status, headers + own, body)
