"""This file answers a request of the wire right on its connection, with nothing of ASGI between.

An ASGI server hands a request over in messages, and checks and joins each header of every answer anew. The wire needs
neither: it reads a body whole before anything happens, and its headers are nearly always the same.
"""

from functools import lru_cache
from typing import Protocol

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE

from admitone.model.faults import Fault
from admitone.wire.asgi import NOT_MODIFIED, Header, Reply, Scope, encoded

CLOSE = b"connection: close\r\n"


class Front(Protocol):
    """What answers, as `asgi.WireFront` does."""

    @property
    def ready(self) -> Reply | None:
        """What everybody is answered, where that is known before they ask."""

    def __hash__(self) -> int:
        """One is as good as itself."""

    async def reply(self, scope: Scope, body: bytes | Fault, /) -> Reply:
        """Answer one HTTP request, of which the body is there, or why there is none."""

    def constant(self, content_type: bytes, cache_control: bytes, *, secure: bool) -> tuple[Header, ...]:
        """The headers that all answers of one kind have alike."""


class _Event:
    """What uvicorn wakes applications with that wait for more of a body. Nobody does here."""

    def set(self) -> None:
        pass


_NOBODY_WAITS = _Event()


class Turn:
    """A request that is answered so: to its connection what uvicorn's own cycle is, as far as it looks at one."""

    __slots__ = (
        "begun",
        "body",
        "disconnected",
        "front",
        "keep_alive",
        "message_event",
        "more_body",
        "response_complete",
        "response_started",
        "scope",
    )

    def __init__(self, front: Front, scope: Scope, *, keep_alive: bool) -> None:
        """Wait for the body of a request whose head is there."""
        self.front = front
        self.scope = scope
        self.keep_alive = keep_alive
        self.body = bytearray()
        self.more_body = True
        self.message_event = _NOBODY_WAITS
        self.begun = False
        self.disconnected = False
        self.response_started = False
        self.response_complete = False

    def written(self, reply: Reply, of_server: list[Header]) -> bytes:
        """A reply as it goes over the line; `of_server` are the headers that the server adds to every answer."""
        answer = reply.answer
        parts = [
            STATUS_LINE[answer.status],
            _joined(tuple(of_server)),
            _constant(self.front, answer.content_type, answer.cache_control, reply.secure),
        ]
        if reply.request_id:
            parts.append(b"x-request-id: %b\r\n" % reply.request_id.encode("latin-1"))
        if answer.status != NOT_MODIFIED:
            parts.append(b"content-length: %d\r\n" % len(answer.body))
        if answer.headers:
            parts.append(_joined(tuple(map(encoded, answer.headers))))
        if not self.keep_alive:
            parts.append(CLOSE)
        parts.append(b"\r\n")
        if self.scope["method"] != "HEAD":
            parts.append(answer.body)
        return b"".join(parts)


@lru_cache(64)
def _constant(front: Front, content_type: bytes, cache_control: bytes, secure: bool) -> bytes:
    return _joined(front.constant(content_type, cache_control, secure=secure))


@lru_cache(64)
def _joined(headers: tuple[Header, ...]) -> bytes:
    if any(HEADER_RE.search(name) or HEADER_VALUE_RE.search(value) for name, value in headers):
        raise ValueError("a header that would break the answer")
    return b"".join(b"%b: %b\r\n" % header for header in headers)
