"""This file is the door, without a server: credential → route → session → inputs → flow → answer."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import structlog

from admitone.basics.log import kinds_and_places
from admitone.flows import callers
from admitone.flows.callers import By, Caller, Credential
from admitone.flows.calls import NO_APP, Calls
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.web.networks import network_of
from admitone.wire import answers, inputs
from admitone.wire.call import Call, Route, Who
from admitone.wire.exchange import Answer, Request, called_back, joined, keepable
from admitone.wire.inputs import Body, Fields
from admitone.wire.router import Router, decoded
from admitone.wire.routes import ROUTES
from admitone.wire.v3 import titles

log = structlog.get_logger("admitone.wire")

# What clients put into the query of any operation (client rules 1 and 6).
CUSTOMARY = {"api_key", "session_id", "guest_session_id", "language", "region", "watch_region", inputs.APPEND}

# The place of a film in a path, where clients that know only IMDb's number of it write that one.
FILM = "movie_id"

# What begins so knows no sessions: there the token in the header says for whom it is.
FOURTH = "/4/"


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
        self._calls = Calls(house)
        self._router, self._names = _table(ROUTES)

    async def serve(self, request: Request, request_id: str) -> Served:
        """Answer one call. Never raises: what is no refusal is a bug, logged under this id, answered with code 11."""
        route: Route | None = None
        caller: Caller | None = None
        query = inputs.query_fields(request.query)
        fault: Fault | None = None
        try:
            path = decoded(request.path)
            body = inputs.body_fields(request) if request.method in inputs.WITH_BODY else inputs.NO_BODY
            caller = await self._recognised(request, _credential(request, path, query, body))
            if not self._calls.counted(caller.app_id, network := network_of(request.address)):
                await self._calls.count(caller.app_id, network)
            route, places = self._router.find(request.method, path)
            _must_be_for(route, caller)
            if caller.stale:
                await self._touch(caller, request_id)
            if (film := places.get(FILM)) and titles.IMDB.fullmatch(film):
                places = {**places, FILM: await titles.number_of(self._house, film)}
            values = _values(route, places, body, query)
            call = Call(self._house, request, self._public_url, caller, values)
            answer = await route.handler.run(call)
            if route.fresh_s or (route.appends and inputs.APPEND in query):
                answer = await self._whole(route, call, answer, query)
        except Refused as refusal:
            answer, fault = answers.refused(refusal, route.refusals if route else None), refusal.fault
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
            answer, fault = _crashed(error, request_id, route), Fault.CRASHED
        if request.method == "GET" and answer.body and (callback := query.get("callback")):
            answer = called_back(answer, callback)
        template, app_id = route.path if route else "", caller.app_id if caller else None
        return Served(answer, template, app_id, fault, self._known(tuple(query)))

    async def _recognised(self, request: Request, credential: Credential) -> Caller:
        try:
            return await self._house.glance(callers.recognise, credential)
        except Refused:
            await self._calls.count(NO_APP, network_of(request.address))
            raise

    async def _touch(self, caller: Caller, request_id: str) -> None:
        try:
            await self._house.write(callers.touch, caller)
        except Refused as refusal:
            # Whoever only reads need not suffer when nothing can be written; whoever writes will hear of it.
            log.warning("last use not written", request_id=request_id, fault=refusal.fault.value)

    async def _whole(self, route: Route, call: Call, answer: Answer, query: Fields) -> Answer:
        """An answer with what else was asked for in the same call, and for how long it may be kept."""
        if route.appends and (names := inputs.appended(query)):
            parts = [(name, part) for name in names if (part := await self._part(route.appends, call, name, query))]
            answer = joined(answer, parts)
        if route.fresh_s and call.caller.person is None and call.caller.guest is None:
            answer = keepable(answer, route.fresh_s, call.request.headers.get("if-none-match"))
        return answer

    async def _part(self, below: str, call: Call, name: str, query: Fields) -> Answer | None:
        """What the operation of this name below another's path answers; None when there is none or it refuses."""
        try:
            route, places = self._router.find("GET", f"{below.format(**call.values)}/{name}")
            if route.writes or _why_not(route, call.caller):
                return None
            values = inputs.read(route.inputs, places, query)
            return await route.handler.run(call._replace(values=values))
        except Refused:
            return None

    def _known(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names in a query that may be logged: one we do not know could be the second half of a password with &."""
        if self._names.issuperset(names):
            return names
        return tuple(dict.fromkeys(name if name in self._names else "?" for name in names))


@cache
def _table(routes: tuple[Route, ...]) -> tuple[Router, frozenset[str]]:
    """The way to the routes and the names of all inputs: the same for every house."""
    return Router(routes), frozenset(CUSTOMARY).union(each.name for route in routes for each in route.inputs)


def _must_be_for(route: Route, caller: Caller) -> None:
    if fault := _why_not(route, caller):
        raise Refused(fault)


def _why_not(route: Route, caller: Caller) -> Fault | None:
    """The reason for which a route is not for this caller; the app itself is known already."""
    match route.who:
        case Who.ACCOUNT:
            return None if caller.person else Fault.SESSION_UNKNOWN
        case Who.RATER:
            return None if caller.person or caller.guest else Fault.SESSION_UNKNOWN
        case Who.APP:
            return None
        case Who.READ_TOKEN:
            return None if caller.by is By.READ_TOKEN else Fault.BEARER_WRONG
        case Who.ANY_TOKEN:
            return Fault.BEARER_WRONG if caller.by is By.KEY else None
        case Who.PERSON_TOKEN:
            return None if caller.person and caller.by is not By.KEY else Fault.BEARER_WRONG
        case Who.WRITE_TOKEN:
            known = {By.ACCESS_TOKEN: None, By.READ_TOKEN: Fault.SCOPE_MISSING}
            return known.get(caller.by, Fault.BEARER_WRONG)


def _crashed(error: Exception, request_id: str, route: Route | None) -> Answer:
    where = kinds_and_places(error)
    log.error("crashed", request_id=request_id, route=route.path if route else "", exception=where)
    return answers.refused(Refused(Fault.CRASHED))


def _values(route: Route, places: Mapping[str, str], body: Body, query: Fields) -> dict[str, Any]:
    """The route's inputs. A POST that brings nothing at all is another fault than one that forgot a value."""
    if body.fault:
        raise Refused(body.fault)
    if route.nothing and not body.given and not any(each.name in query for each in route.inputs):
        raise Refused(route.nothing)
    return inputs.read(route.inputs, places, body.fields, query)


def _credential(request: Request, path: str, query: Fields, body: Body) -> Credential:
    """Where a credential may stand: the query, a JSON or form body, the Authorization header (wire 1.6)."""
    api_key, session, guest = query.get("api_key"), query.get("session_id"), query.get("guest_session_id")
    if body.given:
        sent = body.fields
        api_key, session = api_key or _text(sent.get("api_key")), session or _text(sent.get("session_id"))
        guest = guest or _text(sent.get("guest_session_id"))
    bearer = None
    if authorization := request.headers.get("authorization"):
        scheme, _, token = authorization.partition(" ")
        bearer = token.strip() if scheme.lower() == "bearer" else None
    if path.startswith(FOURTH):
        return Credential(api_key, bearer, None)
    return Credential(api_key, bearer, session, guest)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
