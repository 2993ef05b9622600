"""Holds every answer of the wire to the OpenAPI document: its status is documented, its body has that very shape."""

import re
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import msgspec
from jsonschema_rs import Draft202012Validator

from admitone.model.faults import Fault, Refused
from admitone.wire.answers import refused
from admitone.wire.asgi import App, Receive, Scope, Send
from admitone.wire.call import Route
from admitone.wire.openapi import document
from admitone.wire.router import Router, decoded
from admitone.wire.routes import ROUTES

DOCUMENT: dict[str, Any] = document("https://admit.example")
COMPONENTS: dict[str, Any] = DOCUMENT["components"]
JSONP = re.compile(rb"[\w$.]+\((.*)\)", re.DOTALL)

# Where no operation is, only how refusals look is known.
REFUSALS = {(answer.status, answer.body) for answer in (refused(Refused(fault)) for fault in Fault)}

_router = Router(ROUTES)


class Held:
    """An application whose every answer must be one that the document tells of."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, look at the answer, and send it on."""
        sent: list[Any] = []

        async def keep(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, keep)
        start, *chunks = sent
        headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        hold(scope, start["status"], headers, b"".join(chunk["body"] for chunk in chunks))
        for message in sent:
            await send(message)


def hold(scope: Scope, status: int, headers: dict[str, str], body: bytes) -> None:
    """Complain of an answer that the document does not tell of."""
    method, query = scope["method"], parse_qs(scope["query_string"].decode("latin-1"))
    if method == "OPTIONS":
        return
    where = f"{method} {scope['raw_path'].decode('latin-1')} answered {status}: {body[:500]!r}"
    route = _route(method, scope["raw_path"])
    known = _response(route, status) if route else None
    assert known or not route, f"undocumented: {where}"
    if method == "HEAD" or (known and "content" not in known):
        assert not body, where
        return
    if headers["content-type"].startswith("application/javascript"):
        called = JSONP.fullmatch(body)
        assert called, where
        assert "callback" in query, where
        body = called[1]
    else:
        assert headers["content-type"] == "application/json;charset=utf-8", where
    if route is None:
        assert (status, body) in REFUSALS, where
        return
    complaint = complaint_of(route, status, body, joined="append_to_response" in query)
    assert complaint is None, f"{complaint}: {where}"


def complaint_of(route: Route, status: int, body: bytes, *, joined: bool = False) -> str | None:
    """What is wrong with a body according to the document; with `joined` it may hold what the document does not name.

    None when it is right.
    """
    found = _validator(route, status, joined).iter_errors(msgspec.json.decode(body))
    return next((f"{error.message} at {error.instance_path}" for error in found), None)


def _route(method: str, path: bytes) -> Route | None:
    try:
        return _router.find(method, decoded(path)).route
    except Refused:
        return None


def _response(route: Route, status: int) -> Any:
    responses = DOCUMENT["paths"][route.path][route.method.lower()]["responses"]
    found = responses.get(str(status))
    return COMPONENTS["responses"][found["$ref"].rpartition("/")[2]] if found and "$ref" in found else found


@cache
def _validator(route: Route, status: int, joined: bool) -> Draft202012Validator:
    schema = _response(route, status)["content"]["application/json"]["schema"]
    schemas = COMPONENTS["schemas"] if joined else closed(COMPONENTS["schemas"])
    return Draft202012Validator({**schema, "components": {"schemas": schemas}})


def closed(schema: Any) -> Any:
    """The same schema, but nothing may have fields beyond those it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(each) for name, each in schema.items()}
    return inner | {"additionalProperties": False} if "properties" in schema else inner
