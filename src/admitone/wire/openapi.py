"""This file writes the OpenAPI document from the route table: what is not in the table is not in it."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from msgspec import to_builtins

from admitone.wire import schemas
from admitone.wire.call import Route, Who
from admitone.wire.inputs import WITH_BODY, Input
from admitone.wire.responses import JSON, responses, shared
from admitone.wire.routes import GROUPS, ROUTES
from admitone.wire.schemas import Schema

FORM = "application/x-www-form-urlencoded"
DESCRIPTION = """\
What an app can ask of this server. It is TMDB's interface: clients made for TMDB work here once they have this address.

* Every call needs an app's API key (`api_key`) or its read access token (`Authorization: Bearer …`).
* Operations under `/4` take a token in the header only: the read access token, or the user access token of a person.
* What is a person's own needs a session as well, made of a request token that the person approved; their user access
  token stands for key and session.
* What a POST or DELETE takes may stand in a JSON body, a form body or the query; numbers and flags may come as text.
* Parameters and fields that we do not know are ignored, `language` and `region` among them.
* Every refusal is JSON: `success` is false, `status_code` and `status_message` say why.
* GET with `callback=name` is answered as a call of that function (JSONP). HEAD works wherever GET only reads.
* Any origin may call from a browser; cookies take no part.
"""
SECURITY: dict[str, Schema] = {
    "api_key": {"type": "apiKey", "in": "query", "name": "api_key", "description": "The API key of an app."},
    "read_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The read access token of an app; without a session it acts for the app's owner.",
    },
    "user_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The user access token of a person: it names the app and the person, and needs no session.",
    },
    "session": {
        "type": "apiKey",
        "in": "query",
        "name": "session_id",
        "description": "A session, for which the app acts for a person.",
    },
    "guest_session": {
        "type": "apiKey",
        "in": "query",
        "name": "guest_session_id",
        "description": "A guest session, for which the app acts for a guest.",
    },
}
# Which tokens let a call of the fourth generation in.
BY_TOKEN: dict[Who, tuple[str, ...]] = {
    Who.READ_TOKEN: ("read_token",),
    Who.ANY_TOKEN: ("read_token", "user_token"),
    Who.PERSON_TOKEN: ("user_token", "read_token"),
    Who.WRITE_TOKEN: ("user_token",),
}
# A text in a path; others work too where they are read at all, but not a slash.
IN_PATH: Schema = {"type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9_{}-]+$"}
# What stands in a path and is not read.
UNREAD: dict[str, Schema] = {
    "account_id": {
        "description": "Anything: whose account it is, the session says.",
        "schema": IN_PATH,
        "example": "account_id",
    },
    "account_object_id": {
        "description": "Anything: whose account it is, the token says.",
        "schema": IN_PATH,
        "example": "account_object_id",
    },
}
APPENDED: Schema = {
    "name": "append_to_response",
    "in": "query",
    "description": "Operations below this path, with commas between: what they answer is put into this answer.",
    "schema": {"type": "string"},
}
KNOWN: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an answer that is kept: 304 when it is still the same.",
    "schema": {"type": "string"},
}

# The answer to the example of each operation, as the server gave it: `make docs` writes them, the tests play them.
EXAMPLES: dict[str, Any] = json.loads((files("admitone.wire") / "examples.json").read_bytes())


def document(public_url: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the server at this address, of JSON's own types."""
    return {**_written(), "servers": [{"url": public_url}]}


@cache
def _written() -> dict[str, Any]:
    shapes, components = schemas.of_types(
        gives for route in ROUTES for gives in route.handler.gives.values() if not isinstance(gives, tuple)
    )
    ids = operation_ids()
    paths: Schema = {}
    for group, routes in GROUPS.items():
        for route in routes:
            answers = responses(route, shapes, ids, EXAMPLES.get(ids[route]))
            written = {"operationId": ids[route], "tags": [group], **_asked(route), "responses": answers}
            paths.setdefault(route.path, {})[route.method.lower()] = written
    refused, said = shared(ROUTES)
    whole: dict[str, Any] = to_builtins(
        {
            "openapi": "3.1.0",
            "info": {"title": "Admit One", "version": version("admitone"), "description": DESCRIPTION},
            "tags": [{"name": group} for group in GROUPS],
            "paths": paths,
            "components": {"schemas": components | said, "responses": refused, "securitySchemes": SECURITY},
        }
    )
    return whole


def operation_ids() -> dict[Route, str]:
    """The name of each operation; of those with one name, all but the first have their method behind it."""
    found: dict[Route, str] = {}
    for route in ROUTES:
        tries = (
            route.name,
            f"{route.name}-v4" if route.path.startswith("/4/") else f"{route.name}-{route.method.lower()}",
            f"{route.name}-{route.method.lower()}-v4",
        )
        found[route] = next(each for each in tries if each not in found.values())
    return found


def _asked(route: Route) -> Schema:
    asked: Schema = {
        "summary": route.handler.says,
        "x-who": route.who,
        "security": list(_security(route)),
        "parameters": list(_parameters(route)),
    }
    if taken := [each for each in route.inputs if _place(route, each) == "body"]:
        needed = [each.name for each in taken if each.missing]
        schema: Schema = {
            "type": "object",
            "properties": {each.name: {**each.told.schema, "description": each.told.says} for each in taken},
            "required": needed,
        }
        content = {"schema": schema, "example": {each.name: each.told.example for each in taken}}
        asked["requestBody"] = {"required": bool(needed), "content": {JSON: content, FORM: content}}
    return asked


def _security(route: Route) -> Iterator[dict[str, list[str]]]:
    """The credentials that together let a call in, one way after another."""
    if route.who in BY_TOKEN:
        for token in BY_TOKEN[route.who]:
            yield {token: []}
        return
    acting = ["session", "guest_session"] if route.who is Who.RATER else ["session"]
    for app in ("api_key", "read_token"):
        if route.who is Who.APP or app == "read_token":
            yield {app: []}
        if route.who is not Who.APP or shows_more(route):
            for each in acting:
                yield {app: [], each: []}
    yield {"user_token": []}


def shows_more(route: Route) -> bool:
    """Whether an operation for apps shows people more of what is their own."""
    return bool(route.appends) or any(fault.name == "LIST_PRIVATE" for fault in route.handler.raises)


def _parameters(route: Route) -> Iterator[Schema]:
    for name, unread in UNREAD.items():
        if f"{{{name}}}" in route.path:
            yield {"name": name, "in": "path", "required": True, **unread}
    for each in route.inputs:
        place = _place(route, each)
        if place != "body":
            schema = each.told.schema
            if place == "path" and schema["type"] == "string":
                schema = IN_PATH
            required = place == "path" or each.missing is not None
            written = {"description": each.told.says, "schema": schema, "example": each.told.example}
            yield {"name": each.name, "in": place, "required": required, **written}
    if route.appends:
        yield APPENDED
    if route.fresh_s:
        yield KNOWN


def _place(route: Route, each: Input) -> str:
    """Where programmers are told to put a value; a POST's is found in the query as well."""
    if f"{{{each.name}}}" in route.path:
        return "path"
    return "body" if route.method in WITH_BODY and not each.told.in_query else "query"
