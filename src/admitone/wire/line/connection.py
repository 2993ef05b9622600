"""This file is a client's connection: uvicorn's, with bounds on how large and slow a request may be (security.md S8).

What is no HTTP is answered in JSON like everything else, because whoever sent it may be a program on its way to /3.
"""

import asyncio
from collections.abc import MutableMapping
from typing import Any, Protocol, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from admitone.model.faults import Fault, Refused
from admitone.wire import answers
from admitone.wire.asgi import LARGEST_BODY, USUAL_ENCODED
from admitone.wire.exchange import JSON
from admitone.wire.line import again
from admitone.wire.line.again import Before
from admitone.wire.line.direct import CLOSE, Front, Turn

LARGEST_HEAD = 64 * 1024  # bytes of address and headers
MOST_HEADERS = 128
LARGEST_REQUEST = 16 * 1024 * 1024  # bytes; far more than any body that is read, so that a refusal can still be heard
HANG_UP = "admitone.hang_up"
LINGER_S = 0.5  # for an idle client of a server that stops, to ask once more and be told that it is the last time
PATIENCE_S = 30.0  # for a first request to begin, and for each to be there to its last byte
LEAST_TAKEN = 16 * 1024  # bytes of what waits for a client, which it must take in that time


class Direct(Protocol):
    """What an application also is that answers some paths without ASGI between."""

    def enter(self, path: bytes) -> Front | None:
        """What answers a path, which is not decoded yet: a request came, and must leave. None: it has to go by ASGI."""

    def leave(self, front: Front) -> None:
        """A request that came in has its answer, or is gone."""


class Connection(HttpToolsProtocol):
    """One client's connection."""

    _fault = Fault.REQUEST_BAD
    _in_head = False  # between the first byte of a request and the end of its headers
    _waiting_since: float | None = None  # for the rest of a request, or for a first one; the loop's time in seconds
    _began_here = 0  # requests that began in the chunk in hand
    _came = b""  # the chunk in hand, while it is read
    _between = False  # whether it came after the end of one request and before the beginning of another
    _before: Before | None = None  # what the next request may be like, if it came alone and whole
    _later = 0  # bytes of this request in the chunks after the one in which it began
    _watch: asyncio.TimerHandle | None = None
    _leaving = False
    _idle_since: float | None = None  # after an answer that was given directly; for others uvicorn watches
    _untaken: tuple[float, int] | None = None  # since when the client has not taken enough, and what waited then
    _direct: Direct | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._direct = cast("Direct", self.app) if hasattr(self.app, "enter") else None
        self._waiting_since = self.loop.time()
        self._watch = self.loop.call_later(PATIENCE_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        if self._watch is not None:
            self._watch.cancel()
        turn = self._turn()
        super().connection_lost(exc)
        if turn is not None and not turn.begun:
            # Half a body can be a whole one that says something else; the log shall tell of it all the same.
            self._begin(turn, Fault.BODY_BAD)

    def data_received(self, data: bytes) -> None:
        """Read on, up to the largest head and the largest request."""
        if self._before is not None and self._taken_again(self._before, data):
            return
        self._came, self._began_here, self._before = data, 0, None
        self._between = self._waiting_since is None
        super().data_received(data)
        self._came = b""  # of a large body nothing is held on to
        if self._waiting_since is None or self._began_here or self.transport.is_closing():
            return
        self._later += len(data)
        if self._in_head and self._later > LARGEST_HEAD:
            self._fault = Fault.HEAD_TOO_LARGE
            self.send_400_response("")
        elif self._later > LARGEST_REQUEST:
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._later = True, 0
        self._began_here += 1
        self._waiting_since = self.loop.time()
        self._idle_since = None

    def on_headers_complete(self) -> None:
        """The head is there; raising is how the parser is told to go no further."""
        if fault := self._wrong():
            self._fault = fault
            raise Refused(fault)
        self._in_head = False
        if not self._taken_directly():
            super().on_headers_complete()
        if self._leaving:
            self._last(self.cycle)

    def _taken_directly(self) -> bool:
        """Take a request out of uvicorn's hands, if it is one for the wire and no other is before it."""
        newest = cast("RequestResponseCycle | None", self.cycle)
        busy = newest is not None and not newest.response_complete
        if self._direct is None or busy or self.expect_100_continue:
            return False
        url = httptools.parse_url(self.url)
        front = self._direct.enter(url.path) if url.path else None
        if front is None:
            return False
        self.scope["method"] = self.parser.get_method().decode("ascii")
        self.scope["raw_path"] = url.path
        self.scope["query_string"] = url.query or b""
        keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        scope = cast("MutableMapping[str, Any]", self.scope)
        self.cycle = cast("RequestResponseCycle", Turn(front, scope, keep_alive=keep_alive))
        return True

    def _taken_again(self, before: Before, data: bytes) -> bool:
        """Take a request out of the parser's hands as well, if its headers have been read before."""
        if self._leaving or not self.cycle.response_complete or not (told := before.again(data)):
            return False
        scope, body = told
        front = cast("Direct", self._direct).enter(scope["raw_path"])
        if front is None:
            return False
        self._unset_keepalive_if_required()
        self._idle_since = None
        turn = Turn(front, scope, keep_alive=True)
        turn.body += body
        self.cycle = cast("RequestResponseCycle", turn)
        self._begin(turn, None)
        return True

    def _turn(self) -> Turn | None:
        newest: object = self.cycle
        return newest if isinstance(newest, Turn) else None

    def on_body(self, body: bytes) -> None:
        """Some of a body came."""
        super().on_body(body)
        turn = self._turn()
        if turn is not None and not turn.begun and len(turn.body) > LARGEST_BODY:
            self._begin(turn, Fault.BODY_TOO_LARGE)

    def _begin(self, turn: Turn, fault: Fault | None) -> None:
        turn.begun = True
        ready = turn.front.ready
        if ready and turn.keep_alive and not self.flow.write_paused:
            cast("Direct", self._direct).leave(turn.front)
            self._give(turn, turn.written(ready, self.server_state.default_headers))
            return
        task = self.loop.create_task(self._answer(turn, fault))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    async def _answer(self, turn: Turn, fault: Fault | None) -> None:
        try:
            reply = await turn.front.reply(turn.scope, fault or bytes(turn.body))
            written = turn.written(reply, self.server_state.default_headers)
            if self.flow.write_paused and not turn.disconnected:
                await self.flow.drain()
        except BaseException:  # as uvicorn does: whatever it is, it ends with this request
            self.logger.exception("Exception in answering")
            self.transport.close()
            return
        finally:
            cast("Direct", self._direct).leave(turn.front)
        if not turn.disconnected:
            self._give(turn, written)

    def _give(self, turn: Turn, written: bytes) -> None:
        turn.response_started = turn.response_complete = True
        self.transport.write(written)
        if not turn.keep_alive:
            self.transport.close()
        self._next()

    def _next(self) -> None:
        """After an answer: what was asked meanwhile has its turn, or the connection is idle."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        else:
            self._idle_since = self.loop.time()

    def shutdown(self) -> None:
        """The server stops: what is asked is answered, and whoever asks once more within a moment as well."""
        self._leaving = True
        newest = cast("RequestResponseCycle | None", self.cycle)
        if newest is None or newest.response_complete:
            self.loop.call_later(LINGER_S, self._leave)
        else:
            self._last(newest)

    def _leave(self) -> None:
        newest = cast("RequestResponseCycle | None", self.cycle)
        if newest is None or newest.response_complete:
            self.transport.close()

    @staticmethod
    def _last(cycle: RequestResponseCycle) -> None:
        """Let an answer say that it is the last on this connection."""
        cycle.keep_alive = False
        cycle.scope["headers"] = [*cycle.scope["headers"], (b"connection", b"close")]  # what uvicorn goes by

    def on_message_complete(self) -> None:
        """A request is there to its last byte."""
        self._waiting_since = None
        super().on_message_complete()
        turn = self._turn()
        if turn is not None and not turn.begun:
            alone = self._between and self._began_here == 1
            if alone and turn.keep_alive and not self.parser.should_upgrade():
                self._before = again.read(self._came, turn.scope, bytes(turn.body))
            self._begin(turn, None)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are not ours
        """Answer what cannot be read, then hang up; but not while earlier requests still wait for their answers."""
        newest = cast("RequestResponseCycle | None", self.cycle)  # None before the first head is there
        if newest is not None and not newest.response_complete and self._waiting_for_head():
            newest.keep_alive = False
            self.flow.pause_reading()
            return
        if newest is None or newest.response_complete or not newest.response_started:
            self.transport.write(_written(self._fault))
        self.transport.close()

    def _waiting_for_head(self) -> bool:
        """Whether the newest request that came through is whole, so that what went wrong is behind it."""
        return self._in_head or self._waiting_since is None

    def _wrong(self) -> Fault | None:
        if len(self.headers) > MOST_HEADERS:
            return Fault.HEAD_TOO_LARGE
        # Adding up costs more than most requests should pay: a head that came in one small chunk is small.
        if len(self._came) > LARGEST_HEAD or not self._began_here:
            size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
            if size > LARGEST_HEAD:
                return Fault.HEAD_TOO_LARGE
        version = self.parser.get_http_version()
        hosts = [name for name, _ in self.headers].count(b"host")
        # RFC 9112 §3.2: with none or two, the server before us and we could take the request for different sites'.
        if version == "1.1" and hosts == 1:
            return None
        return None if version == "1.0" and hosts < 2 else Fault.REQUEST_BAD

    def _look(self) -> None:
        """Hang up on whoever takes too long, else look again later; also at one that is hung up, until it is gone."""
        now = self.loop.time()
        since, patience = now, PATIENCE_S
        if self.flow.write_paused or self.transport.is_closing():
            since = self._not_reading_since(now)
        elif self._waiting_since is not None:
            since = self._waiting_since
        elif self._idle_since is not None:
            since, patience = self._idle_since, float(self.timeout_keep_alive)
        if now - since >= patience:
            self._hang_up()
            since, patience = now, PATIENCE_S
        self._watch = self.loop.call_later(patience - (now - since), self._look)

    def _hang_up(self) -> None:
        """What is written goes out before the end, unless the client does not take it: to `close` that has no end."""
        if self._untaken is None:
            self.transport.close()
        else:
            self.transport.abort()

    def pause_writing(self) -> None:
        """More waits for the client than should."""
        super().pause_writing()
        self._untaken = self.loop.time(), self.transport.get_write_buffer_size()

    def resume_writing(self) -> None:
        """The client has taken it."""
        super().resume_writing()
        self._untaken = None

    def _not_reading_since(self, now: float) -> float:
        """Since when a client has not taken what it must; what a slow one has taken gives it more time."""
        left = self.transport.get_write_buffer_size()
        if self._untaken is None or self._untaken[1] - left >= LEAST_TAKEN:
            self._untaken = now, left
        return self._untaken[0]


class Severable(Connection):
    """A connection that an application may cut in the middle: of a sandbox, where that is ordered."""

    def on_headers_complete(self) -> None:
        """See `Connection`."""
        super().on_headers_complete()
        scope = cast("MutableMapping[str, Any]", self.cycle.scope)  # which may have more keys than it names
        scope[HANG_UP] = self.transport.close


def _written(fault: Fault) -> bytes:
    answer = answers.refused(Refused(fault))
    # A program in a browser may read it as it may everything else that the wire answers.
    headers = (*USUAL_ENCODED, (b"content-type", JSON), (b"content-length", b"%d" % len(answer.body)))
    lines = [STATUS_LINE[answer.status], *(b"%b: %b\r\n" % header for header in headers), CLOSE, b"\r\n"]
    return b"".join(lines) + answer.body
