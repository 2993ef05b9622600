"""This file writes what an operation can be answered, for the OpenAPI document: success, refusals, what comes next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from admitone.model.faults import Fault
from admitone.wire.answers import CODES, FAULTS, Says
from admitone.wire.bodies import (
    NewAccessToken,
    NewFourthRequestToken,
    NewGuestSession,
    NewList,
    NewRequestToken,
    NewSession,
)
from admitone.wire.call import Route, Who
from admitone.wire.inputs import WITH_BODY
from admitone.wire.schemas import Schema, of_code, one_of, reference

JSON = "application/json"

# What any call can be told, whatever it asks for.
ANYWHERE = (
    *(Fault.APP_MISSING, Fault.APP_UNKNOWN, Fault.APP_SWITCHED_OFF, Fault.BODY_TOO_LARGE, Fault.RATE_LIMITED),
    *(Fault.STORE_BUSY, Fault.STORE_DOWN, Fault.OUTCOME_UNKNOWN, Fault.CRASHED),
)
# What a caller is told of whom an operation is not for.
WHO: dict[Who, tuple[Fault, ...]] = {
    Who.APP: (),
    Who.RATER: (Fault.SESSION_UNKNOWN,),
    Who.ACCOUNT: (Fault.SESSION_UNKNOWN,),
    Who.READ_TOKEN: (Fault.BEARER_WRONG,),
    Who.ANY_TOKEN: (Fault.BEARER_WRONG,),
    Who.PERSON_TOKEN: (Fault.BEARER_WRONG,),
    Who.WRITE_TOKEN: (Fault.BEARER_WRONG, Fault.SCOPE_MISSING),
}
# What gives something that other operations take by the same name.
MAKING = (NewRequestToken, NewSession, NewGuestSession, NewList, NewFourthRequestToken, NewAccessToken)

TEXT: Schema = {"schema": {"type": "string"}}
KEPT: Schema = {
    "ETag": {"description": "The mark of this answer, for `If-None-Match`."} | TEXT,
    "Cache-Control": {"description": "For how long anybody may keep this answer, unless it is a person's."} | TEXT,
}
WAIT: Schema = {"Retry-After": {"description": "After how many seconds to try again.", "schema": {"type": "integer"}}}
CALLBACK: Schema = {"Authentication-Callback": {"description": "Where a person approves the token."} | TEXT}


def refusals(route: Route) -> Iterator[Fault]:
    """Every fault that a call of this route can end with."""
    yield from ANYWHERE
    yield from WHO[route.who]
    if "{" in route.path:
        yield from (Fault.PATH_BAD, Fault.ROUTE_UNKNOWN)
    if route.method in WITH_BODY:
        yield from (Fault.BODY_BAD, Fault.BODY_ENCODED)
    if route.appends:
        yield Fault.TOO_MANY_APPENDED
    if route.nothing:
        yield route.nothing
    for each in route.inputs:
        if each.missing:
            yield each.missing
        yield from each.told.faults
    yield from route.handler.raises


def said(route: Route) -> dict[int, list[Says]]:
    """What stands for the refusals of a route, by HTTP status."""
    found: dict[int, list[Says]] = {}
    for fault in refusals(route):
        says = (route.refusals or {}).get(fault) or FAULTS[fault]
        found.setdefault(says.status or CODES[says.code][0], []).append(says)
    return found


def responses(route: Route, shapes: Mapping[Any, Schema], ids: Mapping[Route, str], example: Any) -> Schema:
    """The responses of an operation; `shapes` are the schemas of what handlers give, `example` one success."""
    refused = {status: sorted({says.code for says in each}) for status, each in said(route).items()}
    written: dict[int, Schema] = {
        status: {"$ref": f"#/components/responses/{named(status, codes)}"} for status, codes in refused.items()
    }
    for status, gives in route.handler.gives.items():
        codes = [*(gives if isinstance(gives, tuple) else ()), *refused.get(status, ())]
        known = [] if isinstance(gives, tuple) else [shapes[gives]]
        written[status] = shortly(codes, route.handler.says, known)
    done = written[min(route.handler.gives)]
    if example is not None:
        written[example["status"]]["content"][JSON]["example"] = example["answer"]
    if links := _links(route, ids):
        done["links"] = links
    if route.fresh_s:
        done["headers"] = KEPT
        written[304] = {"description": "The same as what is kept under this mark.", "headers": KEPT}
    if route.path.endswith("/token/new"):
        done["headers"] = CALLBACK
    return {str(status): written[status] for status in sorted(written)}


def named(status: int, codes: Iterable[int]) -> str:
    """The name of a response of which all operations with the same refusals have one."""
    return "-".join(map(str, (status, *codes)))


def shortly(codes: Sequence[int], otherwise: str = "", known: Sequence[Schema] = ()) -> Schema:
    """A response of codes, or of the schemas `known`; `otherwise` describes it where there are no codes."""
    return {
        "description": "\n".join(f"{code}: {CODES[code][1]}" for code in codes) or otherwise,
        "content": {JSON: {"schema": one_of([*known, *map(reference, codes)])}},
    }


def shared(routes: Iterable[Route]) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """The responses and schemas of all refusals of the table, by their names as components."""
    found: dict[str, Schema] = {}
    by_code: dict[int, set[Says]] = {}
    for route in routes:
        for status, each in said(route).items():
            codes = sorted({says.code for says in each})
            if status not in route.handler.gives:
                found[named(status, codes)] = shortly(codes) | ({"headers": WAIT} if status in {429, 503} else {})
            for says in each:
                by_code.setdefault(says.code, set()).add(says)
        for gives in route.handler.gives.values():
            for code in gives if isinstance(gives, tuple) else ():
                by_code.setdefault(code, set())
    return found, {f"Code{code}": of_code(code, by_code[code]) for code in sorted(by_code)}


def _links(route: Route, ids: Mapping[Route, str]) -> Schema:
    """What can be done with what an operation made."""
    found: Schema = {}
    for made in MAKING:
        if made not in route.handler.gives.values():
            continue
        for other, name in ids.items():
            for taken in {*made.__struct_fields__} & {each.name for each in other.inputs}:
                value = f"$response.body#/{taken}"
                if f"{{{taken}}}" in other.path:
                    found[name] = {"operationId": name, "parameters": {taken: value}}
                elif other.method in WITH_BODY:
                    found[name] = {"operationId": name, "requestBody": {taken: value}}
                else:
                    found[name] = {"operationId": name, "parameters": {taken: value}}
    return found
