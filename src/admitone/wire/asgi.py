"""This file is the door's thin front under an ASGI server: it reads a body, adds the usual headers, writes the log."""

import re
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any, NamedTuple, Protocol

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
ALLOWED = ("Authorization", "Content-Type", "If-None-Match")
LONGEST_ASKED = 1000
# RFC 9110 §5.6.2; with nothing else in it, a name can go back as it came.
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

NOT_MODIFIED = 304
# In JSON it stands in texts only, and written so it begins no tag, whoever shows an answer as what it is not (B16).
LESS = b"\\u003c"
ID_BYTES = 8
IDS_AT_ONCE = 256

Header = tuple[bytes, bytes]


def encoded(header: tuple[str, str]) -> Header:
    """A header as it goes over the line."""
    name, value = header
    return name.lower().encode("latin-1"), value.encode("latin-1")


USUAL_ENCODED: tuple[Header, ...] = tuple(map(encoded, USUAL))


class Serves(Protocol):
    """What stands behind the front."""

    async def serve(self, request: Request, request_id: str, /) -> Served:
        """Answer one call. Never raises."""


class Reply(NamedTuple):
    """An answer to one request, which is in the log already."""

    answer: Answer
    request_id: str
    secure: bool


class WireFront:
    """An ASGI application for everything under /3 and /4, or for what else programs read.

    A connection may also ask `reply` itself, and write the answer without ASGI between.
    """

    ready = None  # see `line.direct.Front`

    def __init__(self, door: Serves, entropy: Entropy, trusted: Networks, hsts: str | None) -> None:
        """`trusted` are the proxies whose word on address and scheme is taken; `hsts` is sent over https."""
        self._door = door
        self._entropy = entropy
        self._ids: list[str] = []
        self._trusted = trusted
        self._secured = (encoded(("Strict-Transport-Security", hsts)),) if hsts else ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        reply = await self.reply(scope, await _body(receive))
        headers = self.headers(reply)
        body = b"" if scope["method"] == "HEAD" else reply.answer.body
        await send({"type": "http.response.start", "status": reply.answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def reply(self, scope: Scope, body: bytes | Fault) -> Reply:
        """Answer one HTTP request, of which the body is there, or why there is none; and write its line in the log."""
        began = time.perf_counter()
        request_id = self._next_id()
        if isinstance(body, bytes):
            request = self._request(scope, body)
            if request.method == "OPTIONS":
                served = Served(_preflight(request.headers.get("access-control-request-headers", "")))
            else:
                served = await self._door.serve(request, request_id)
        else:
            request = self._request(scope, b"")
            served = Served(answers.refused(Refused(body)), fault=body)
        answer, route, app_id, fault, query_names = served
        request_line(
            request_id=request_id,
            method=request.method if request.method in KNOWN_METHODS else "?",
            route=route,
            status=answer.status,
            milliseconds=(time.perf_counter() - began) * 1000,
            app_id=app_id,
            fault=fault,
            query_names=query_names,
            traceparent=request.headers.get("traceparent") or "",
        )
        if b"<" in answer.body:
            answer = answer._replace(body=answer.body.replace(b"<", LESS))
        return Reply(answer, request_id, request.secure)

    def headers(self, reply: Reply) -> list[Header]:
        """All headers of a reply."""
        answer = reply.answer
        return [
            *self.constant(answer.content_type, answer.cache_control, secure=reply.secure),
            # A 304 would say how long the answer is that the caller has (RFC 9110 §8.6).
            *(() if answer.status == NOT_MODIFIED else ((b"content-length", b"%d" % len(answer.body)),)),
            (b"x-request-id", reply.request_id.encode("latin-1")),
            *map(encoded, answer.headers),
        ]

    def constant(self, content_type: bytes, cache_control: bytes, *, secure: bool) -> tuple[Header, ...]:
        """The headers that all answers of one kind have alike."""
        kind = ((b"content-type", content_type), (b"cache-control", cache_control))
        return (*USUAL_ENCODED, *kind, *(self._secured if secure else ()))

    def _next_id(self) -> str:
        if not self._ids:
            # Drawn many at a time: asking the operating system costs more than all else that makes one.
            drawn = self._entropy.hex(ID_BYTES * IDS_AT_ONCE)
            self._ids = [drawn[start : start + 2 * ID_BYTES] for start in range(0, len(drawn), 2 * ID_BYTES)]
        return self._ids.pop()

    def _request(self, scope: Scope, body: bytes) -> Request:
        sent: list[Header] = scope["headers"]
        # Backwards, because the first of each name counts.
        headers = dict(reversed(sent))
        forwarded = _all(b"x-forwarded-for", sent) if b"x-forwarded-for" in headers else ()
        protocols = _all(b"x-forwarded-proto", sent) if b"x-forwarded-proto" in headers else ()
        client, scheme = scope.get("client"), scope["scheme"]
        peer = client[0] if client else ""
        if protocols:
            scheme = client_scheme(peer, protocols, scheme, self._trusted)
        return Request(
            scope["method"],
            scope["raw_path"],
            scope["query_string"],
            Headers(headers),
            body,
            client_address(peer, forwarded, self._trusted),
            scheme == "https",
        )


class Headers(Mapping[str, str]):
    """The headers of a request, by their names in lower case; most are never looked at, so none is decoded before."""

    __slots__ = ("_sent",)

    def __init__(self, sent: Mapping[bytes, bytes]) -> None:
        """Hold headers as they came, their names in lower case."""
        self._sent = sent

    def __getitem__(self, name: str) -> str:
        """The value of a header."""
        return self._sent[name.encode("latin-1")].decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return (name.decode("latin-1") for name in self._sent)

    def __len__(self) -> int:
        """How many names there are."""
        return len(self._sent)


def _all(wanted: bytes, headers: list[Header]) -> list[str]:
    return [value.decode("latin-1") for name, value in headers if name == wanted]


def _preflight(asked: str) -> Answer:
    """What browsers are told before a call; they may send what they want, as nothing goes by a header's absence."""
    wanted = [name.strip(" \t") for name in asked.split(",")] if len(asked) <= LONGEST_ASKED else []
    known = {name.lower() for name in ALLOWED}
    more = [name for name in wanted if name.lower() not in known] if all(map(TOKEN.fullmatch, wanted)) else []
    return Answer(
        200,
        b"{}",
        (
            ("Access-Control-Allow-Methods", METHODS),
            ("Access-Control-Allow-Headers", ", ".join((*ALLOWED, *more))),
            ("Access-Control-Max-Age", "600"),
        ),
    )


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
