"""This file is the door's thin front under an ASGI server: it reads a body, adds the usual headers, writes the log."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from admitone.basics.entropy import Entropy
from admitone.basics.log import request_line
from admitone.model.faults import Fault, Refused
from admitone.model.networks import Networks, client_address, client_scheme
from admitone.wire import answers
from admitone.wire.door import Door, Served
from admitone.wire.exchange import JSON, Answer, Request

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 64 * 1024
METHODS = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
# Open to every origin and without cookies, as TMDB is (wire 1.11).
USUAL = (
    JSON,
    ("Cache-Control", "no-store"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Retry-After, Authentication-Callback, X-Request-Id"),
    ("X-Content-Type-Options", "nosniff"),
)
PREFLIGHT = (
    ("Access-Control-Allow-Methods", METHODS),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match"),
    ("Access-Control-Max-Age", "600"),
)
PREFLIGHT_ANSWER = Answer(200, b"{}", PREFLIGHT)


class WireFront:
    """An ASGI application for everything under /3 and /4."""

    def __init__(self, door: Door, entropy: Entropy, trusted: Networks, hsts: str | None) -> None:
        """`trusted` are the proxies whose word on address and scheme is taken; `hsts` is sent over https."""
        self._door = door
        self._entropy = entropy
        self._trusted = trusted
        self._hsts = hsts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        began = time.perf_counter()
        request_id = self._entropy.hex(8)
        served, request = await self._served(scope, receive, request_id)
        await self._send(served.answer, request, request_id, send)
        request_line(
            request_id=request_id,
            method=request.method,
            route=served.route,
            status=served.answer.status,
            milliseconds=(time.perf_counter() - began) * 1000,
            app_id=served.app_id,
            fault=served.fault,
            query_names=served.query_names,
        )

    async def _served(self, scope: Scope, receive: Receive, request_id: str) -> tuple[Served, Request]:
        body = await _body(receive)
        request = self._request(scope, body or b"")
        if request.method == "OPTIONS":
            return Served(PREFLIGHT_ANSWER), request
        if body is None:
            refusal = Refused(Fault.BODY_TOO_LARGE)
            return Served(answers.refused(refusal), fault=refusal.fault), request
        return await self._door.serve(request, request_id), request

    def _request(self, scope: Scope, body: bytes) -> Request:
        headers: dict[str, str] = {}
        forwarded: list[str] = []
        protocols: list[str] = []
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for":
                forwarded.append(value.decode("latin-1"))
            elif name == b"x-forwarded-proto":
                protocols.append(value.decode("latin-1"))
            headers.setdefault(name.decode("latin-1"), value.decode("latin-1"))
        peer = scope["client"][0] if scope.get("client") else ""
        return Request(
            scope["method"],
            scope["raw_path"],
            scope["query_string"],
            headers,
            body,
            client_address(peer, forwarded, self._trusted),
            client_scheme(peer, protocols, scope["scheme"], self._trusted) == "https",
        )

    async def _send(self, answer: Answer, request: Request, request_id: str, send: Send) -> None:
        headers = [*USUAL, ("Content-Length", str(len(answer.body))), ("X-Request-Id", request_id), *answer.headers]
        if self._hsts and request.secure:
            headers.append(("Strict-Transport-Security", self._hsts))
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else answer.body})


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None when it is larger than we read."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
            return None
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)
