"""This file is the door, without a server: credential → route → session → inputs → flow → answer."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import structlog

from admitone.flows import callers
from admitone.flows.callers import Caller, Credential
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.wire import answers, inputs
from admitone.wire.call import Call, Route, Who
from admitone.wire.exchange import Answer, Request
from admitone.wire.inputs import NO_FIELDS, Body, Fields
from admitone.wire.router import Router, decoded
from admitone.wire.routes import ROUTES

log = structlog.get_logger("admitone.wire")

WITH_BODY = {"POST", "PUT", "DELETE"}


class Served(NamedTuple):
    """An answer and what the log says of it."""

    answer: Answer
    route: str = ""
    app_id: int | None = None
    fault: Fault | None = None
    query_names: tuple[str, ...] = ()


class Door:
    """The whole of the wire, without a server."""

    def __init__(self, house: House, public_url: str) -> None:
        """Answer for one house; `public_url` is what its links begin with, never taken from a request."""
        self._house = house
        self._public_url = public_url
        self._router = Router(ROUTES)

    async def serve(self, request: Request, request_id: str) -> Served:
        """Answer one call. Never raises: what is no refusal is a bug, logged under this id, answered with code 11."""
        route: Route | None = None
        caller: Caller | None = None
        query = inputs.query_fields(request.query)
        fault: Fault | None = None
        try:
            path = decoded(request.path)
            body = inputs.body_fields(request) if request.method in WITH_BODY else inputs.NO_BODY
            caller = await self._house.read(callers.recognise, _credential(request, query, body))
            route, places = self._router.find(request.method, path)
            await self._admit(route, caller)
            values = _values(route, places, body, query)
            answer = await route.handler(Call(self._house, request, self._public_url, caller, values))
        except Refused as refusal:
            answer, fault = answers.refused(refusal, route.refusals if route else None), refusal.fault
        except Exception:
            log.exception("crashed", request_id=request_id, route=route.path if route else "")
            answer, fault = answers.refused(Refused(Fault.CRASHED)), Fault.CRASHED
        return Served(answer, route.path if route else "", caller.app_id if caller else None, fault, tuple(query))

    async def _admit(self, route: Route, caller: Caller) -> None:
        if route.who is Who.ACCOUNT and caller.person is None:
            raise Refused(Fault.SESSION_UNKNOWN)
        if caller.stale and caller.person and caller.person.session_id:
            await self._house.write(callers.touch, caller.person.session_id)


def _values(route: Route, places: Mapping[str, str], body: Body, query: Fields) -> dict[str, Any]:
    """The route's inputs. A POST that brings nothing at all is another fault than one that forgot a value."""
    if body.fault:
        raise Refused(body.fault)
    if route.nothing and not body.given and not any(each.name in query for each in route.inputs):
        raise Refused(route.nothing)
    return inputs.read(route.inputs, places, body.fields, query)


def _credential(request: Request, query: Fields, body: Body) -> Credential:
    """Where a credential may stand: the query, a JSON or form body, the Authorization header (wire 1.6)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return Credential(
        api_key=_named("api_key", query, body.fields),
        bearer=token.strip() if scheme.lower() == "bearer" else None,
        session=_named("session_id", query, body.fields),
    )


def _named(name: str, query: Fields, body: Fields = NO_FIELDS) -> str | None:
    for fields in (query, body):
        value = fields.get(name)
        if isinstance(value, str) and value:
            return value
    return None
