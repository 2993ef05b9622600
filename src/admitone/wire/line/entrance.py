"""This file is the entrance of a house: whoever asks comes to the wire, to the pages, or is turned away."""

from admitone.basics.telling import metrics
from admitone.model.faults import Fault
from admitone.model.web.paths import with_one_slash
from admitone.wire.asgi import USUAL_ENCODED, App, Header, Receive, Reply, Scope, Send
from admitone.wire.line.direct import Front
from admitone.wire.running.turnstile import BUSY, Turnstile, turn_away

OPENAPI = "/openapi.json"
HEALTH = "/health/"
FOR_PROGRAMS = ("/3/", "/4/", OPENAPI)
WIRE = (b"/3/", b"/4/")


class Whole:
    """All of a house as one ASGI application, and what a connection may ask without ASGI between."""

    def __init__(self, wire: App, direct: Front | None, beside: tuple[tuple[str, App], ...], pages: App) -> None:
        """`direct` is the wire, if nothing stands before it; `pages` is what people see."""
        self._prefixes = (("/3", wire), ("/4", wire), *beside)
        self._front = direct
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        scope = with_one_slash(scope)
        path = scope.get("path", "")
        inside = (app for prefix, app in self._prefixes if path == prefix or path.startswith(f"{prefix}/"))
        app = next(inside, self._pages)
        metrics.came()
        try:
            await app(scope, receive, send)
        finally:
            metrics.went()

    def enter(self, path: bytes) -> Front | None:
        """See `connection.Direct`."""
        if self._front is None or not path.startswith(WIRE):
            return None
        metrics.came()
        return self._front

    def leave(self, _front: Front) -> None:
        """See `connection.Direct`."""
        metrics.went()


class Guarded:
    """All of a house behind a turnstile."""

    def __init__(self, whole: Whole, turnstile: Turnstile, busy: App) -> None:
        """`busy` is what people see who are turned away."""
        self._whole = whole
        self._turnstile = turnstile
        self._busy = busy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or turn it away."""
        scope = with_one_slash(scope)
        path = scope.get("path", "")
        if path.startswith(HEALTH):
            await self._whole(scope, receive, send)
        elif self._turnstile.enter():
            try:
                await self._whole(scope, receive, send)
            finally:
                self._turnstile.leave()
        elif path.startswith(FOR_PROGRAMS):
            await turn_away(scope, receive, send)
        else:
            await self._busy(scope, receive, send)

    def enter(self, path: bytes) -> Front | None:
        """See `connection.Direct`."""
        front = self._whole.enter(path)
        if front is None or self._turnstile.enter():
            return front
        self._whole.leave(front)
        return AWAY

    def leave(self, front: Front) -> None:
        """See `connection.Direct`."""
        if front is not AWAY:
            self._whole.leave(front)
            self._turnstile.leave()


class _Away:
    """What answers those who are turned away: no line of the log for each, as it would cost more than the answer."""

    ready = Reply(BUSY, "", secure=False)

    async def reply(self, _scope: Scope, _body: bytes | Fault, /) -> Reply:
        return self.ready

    def constant(self, content_type: bytes, cache_control: bytes, *, secure: bool) -> tuple[Header, ...]:  # noqa: ARG002 - alike on every way
        return (*USUAL_ENCODED, (b"content-type", content_type), (b"cache-control", cache_control))


AWAY = _Away()
