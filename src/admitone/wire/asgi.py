"""This file is the door's thin front under an ASGI server: it reads a body, adds the usual headers, writes the log."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from admitone.basics.entropy import Entropy
from admitone.basics.log import request_line
from admitone.model.faults import Fault, Refused
from admitone.model.web.networks import Networks, client_address, client_scheme
from admitone.wire import answers
from admitone.wire.door import Served
from admitone.wire.exchange import Answer, Request

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 64 * 1024
METHODS = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
KNOWN_METHODS = frozenset(METHODS.split(", "))
# Open to every origin and without cookies, as TMDB is (wire 1.11).
USUAL = (
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

NOT_MODIFIED = 304
# In JSON it stands in texts only, and written so it begins no tag, whoever shows an answer as what it is not (B16).
LESS = b"\\u003c"

Header = tuple[bytes, bytes]


def _encoded(header: tuple[str, str]) -> Header:
    name, value = header
    return name.lower().encode("latin-1"), value.encode("latin-1")


USUAL_ENCODED: tuple[Header, ...] = tuple(map(_encoded, USUAL))


class Serves(Protocol):
    """What stands behind the front."""

    async def serve(self, request: Request, request_id: str, /) -> Served:
        """Answer one call. Never raises."""


class WireFront:
    """An ASGI application for everything under /3 and /4, or for what else programs read."""

    def __init__(self, door: Serves, entropy: Entropy, trusted: Networks, hsts: str | None) -> None:
        """`trusted` are the proxies whose word on address and scheme is taken; `hsts` is sent over https."""
        self._door = door
        self._entropy = entropy
        self._trusted = trusted
        self._secured = (_encoded(("Strict-Transport-Security", hsts)),) if hsts else ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        began = time.perf_counter()
        request_id = self._entropy.hex(8)
        served, request = await self._served(scope, receive, request_id)
        await self._send(served.answer, request, request_id, send)
        request_line(
            request_id=request_id,
            method=request.method if request.method in KNOWN_METHODS else "?",
            route=served.route,
            status=served.answer.status,
            milliseconds=(time.perf_counter() - began) * 1000,
            app_id=served.app_id,
            fault=served.fault,
            query_names=served.query_names,
            traceparent=request.headers.get("traceparent", ""),
        )

    async def _served(self, scope: Scope, receive: Receive, request_id: str) -> tuple[Served, Request]:
        body = await _body(receive)
        if isinstance(body, Fault):
            return Served(answers.refused(Refused(body)), fault=body), self._request(scope, b"")
        request = self._request(scope, body)
        if request.method == "OPTIONS":
            return Served(PREFLIGHT_ANSWER), request
        return await self._door.serve(request, request_id), request

    def _request(self, scope: Scope, body: bytes) -> Request:
        sent: list[Header] = scope["headers"]
        # Backwards, because the first of each name counts.
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(sent)}
        forwarded = _all(b"x-forwarded-for", sent) if "x-forwarded-for" in headers else []
        protocols = _all(b"x-forwarded-proto", sent) if "x-forwarded-proto" in headers else []
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
        body = answer.body.replace(b"<", LESS)
        headers = [
            *USUAL_ENCODED,
            (b"content-type", answer.content_type),
            (b"cache-control", answer.cache_control),
            # A 304 would say how long the answer is that the caller has (RFC 9110 §8.6).
            *(() if answer.status == NOT_MODIFIED else ((b"content-length", b"%d" % len(body)),)),
            (b"x-request-id", request_id.encode("latin-1")),
            *map(_encoded, answer.headers),
            *(self._secured if request.secure else ()),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})


def _all(wanted: bytes, headers: list[Header]) -> list[str]:
    return [value.decode("latin-1") for name, value in headers if name == wanted]


async def _body(receive: Receive) -> bytes | Fault:
    """The whole body, or why there is none: it is larger than we read, or its sender left in the middle of it."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            # Half a body can be a whole one that says something else: a rating of 10 cut short is a rating of 1.
            return Fault.BODY_BAD
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
            return Fault.BODY_TOO_LARGE
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)
