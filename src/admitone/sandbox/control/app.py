"""This file is the sandbox's control plane as an ASGI application; it exists in `admitone sandbox` only."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route as Path

from admitone.basics.log import kinds_and_places
from admitone.model.faults import Refused
from admitone.sandbox.control import guard, openapi
from admitone.sandbox.control.calls import Call
from admitone.sandbox.control.routes import ROUTES, Route
from admitone.sandbox.masking import text as masked
from admitone.sandbox.problems import Unusable, of_refusal
from admitone.sandbox.reasons import REASONS
from admitone.sandbox.shapes import Snapshot
from admitone.sandbox.worlds import Worlds

LARGEST = 16 * 1024 * 1024
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
OPENAPI = "/sandbox/openapi.json"

Turn = Callable[[Request], Coroutine[Any, Any, Response]]

log = structlog.get_logger("admitone.sandbox")


def make_control(worlds: Worlds, *, beyond: bool = False, pages: tuple[Path, ...] = ()) -> Starlette:
    """The control plane under /sandbox, as an ASGI application that never raises.

    `beyond` says that it may be reached from other machines; `pages` are what people see of it.
    """
    gate = _Gate(worlds, beyond=beyond)
    app = Starlette(
        routes=[
            *(Path(route.path, gate.turn(route), methods=[route.method]) for route in ROUTES),
            Path(OPENAPI, gate.guarded(_document(worlds.around.origin))),
            *(Path(page.path, gate.guarded(page.endpoint), methods=list(page.methods or ())) for page in pages),
        ],
        exception_handlers={HTTPException: gate.guarded(_nowhere)},
    )
    app.router.redirect_slashes = False
    return app


class _Gate:
    """Where every call arrives and every answer leaves."""

    def __init__(self, worlds: Worlds, *, beyond: bool) -> None:
        self._worlds = worlds
        self._beyond = beyond

    def turn(self, route: Route) -> Turn:
        """What answers one call of the table."""

        async def answer(request: Request) -> Response:
            unknown = set(request.query_params) - set(route.query)
            if unknown:
                raise Unusable(422, "parameter_unknown", f"this call knows no {masked(min(unknown)[:40])} in its query")
            call = Call(self._worlds, dict(request.path_params), dict(request.query_params))
            if "world" in call.path and route.takes is not Snapshot:
                call.world.used_at = self._worlds.around.wall.now()
            call.body = await _read(request, route.takes)
            gives = await route.handler(call)
            if route.method != "GET" and (changed := self._worlds.find(call.path.get("world", ""))) is not None:
                changed.is_saved = False
            return attached(gives) if isinstance(gives, Snapshot) else written(gives, route.status)

        return self.guarded(answer)

    def guarded(self, turn: Callable[..., Any]) -> Callable[..., Any]:
        """The same, but never for a web page of somebody else's, and never without an answer."""

        async def answer(request: Request, *rest: Any) -> Response:
            try:
                guard.check(request.headers, self._worlds.around.origin, beyond=self._beyond)
                response: Response = await turn(request, *rest)
                return response
            except Unusable as problem:
                return refused(problem)
            except Refused as refusal:
                words = REASONS.get(refusal.fault) or self._worlds.around.explain(refusal.fault)
                return refused(of_refusal(refusal, words))
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
                _tell_break(error)
                return refused(Unusable(500, "crashed", "a bug of the sandbox; its log tells where"))

        return answer


def written(content: Any, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(msgspec.json.encode(content), status, HEADERS, "application/json")


def attached(snapshot: Snapshot) -> Response:
    """A snapshot as a file; its name says no more than the world's."""
    name = f'attachment; filename="admitone-{snapshot.world}.json"'
    return Response(snapshot.text, headers={**HEADERS, "content-disposition": name}, media_type="application/json")


def refused(problem: Unusable) -> Response:
    """A refusal: a word for programs, a sentence for people."""
    return written({"error": problem.error, "detail": problem.detail}, problem.status)


async def _read(request: Request, shape: type | None) -> Any:
    """What a body says, in its shape. Raises Unusable."""
    content = await _content(request)
    if shape is None or shape is Snapshot:
        return content
    try:
        return msgspec.json.decode(content or b"{}", type=shape)
    except msgspec.ValidationError as error:
        raise Unusable(422, "body_bad", masked(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unusable(400, "body_bad", "the body is no JSON") from None


async def _content(request: Request) -> bytes:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST:
            raise Unusable(413, "body_too_large", f"the body is larger than {LARGEST} bytes")
    return content


def _tell_break(error: Exception) -> None:
    log.error("the control plane broke", exception=kinds_and_places(error))


async def _nowhere(_request: Request, error: HTTPException) -> Response:
    if error.status_code == 405:
        raise Unusable(405, "method_unsupported", f"this call does not exist with this method; see {OPENAPI}")
    raise Unusable(404, "call_unknown", f"there is no such call; see {OPENAPI}")


def _document(origin: str) -> Turn:
    document = json.dumps(openapi.document(origin)).encode()

    async def serve(_request: Request) -> Response:
        return Response(document, headers=HEADERS, media_type="application/json")

    return serve
