"""This file shows what apps can ask of this server, to be read: the OpenAPI document as a page."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from admitone.basics.languages import ENGLISH, speaking
from admitone.pages.printer import Printer

# The document comes as a value: what writes it is a room that pages do not see.
Document = Mapping[str, Any]

JSON = "application/json"
# How calls to paste name the token that an operation asks for.
TOKENS = {"read_token": "$READ_TOKEN", "user_token": "$ACCESS_TOKEN"}
WHO = {
    "app": "Any app.",
    "rater": "An app that acts for a person or a guest.",
    "account": "An app that acts for a person.",
    "read token": "An app, by its read access token.",
    "any token": "An app, by its read access token or the access token of a person.",
    "person's token": "An app that acts for a person, by their access token.",
    "write token": "An app that writes for a person, by their access token.",
}
PLACES = {"path": "in the path", "query": "in the query", "header": "in a header", "body": "in the body"}
KINDS = {"integer": "whole number", "number": "number", "boolean": "true or false", "array": "list", "string": "text"}


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that an operation takes; `kind` says what it may be and where it stands."""

    name: str
    kind: str
    says: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a call can end: an HTTP status and what is said with it."""

    status: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, with a call to paste and what came back when that call was made."""

    name: str
    method: str
    path: str
    says: str
    who: str
    takes: tuple[Value, ...]
    outcomes: tuple[Outcome, ...]
    call: str
    answer: str


class Reference:
    """The page; written when it is first asked for, and kept."""

    def __init__(self, printer: Printer, document: Document) -> None:
        self._printer = printer
        self._document = document
        self._written = b""

    def serve(self, _request: Request) -> Response:
        """GET /docs: every operation, who may ask, what it takes and gives."""
        if not self._written:
            operations = list(_operations(self._document))
            common = _alike([each for _, each in operations])
            groups = [
                (tag["name"], [_without(each, common) for group, each in operations if group == tag["name"]])
                for tag in self._document["tags"]
            ]
            intro, *rules = self._document["info"]["description"].split("\n* ")
            values = {"intro": intro.strip(), "rules": [rule.strip() for rule in rules]}
            # The document itself is in English only.
            with speaking(ENGLISH):
                sheet = self._printer.page("reference.html", {**values, "groups": groups, "common": common})
            self._written = bytes(sheet.body)
        return HTMLResponse(self._written, headers={"content-language": ENGLISH.code})


def _operations(document: Document) -> Iterator[tuple[str, Operation]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield (
                operation["tags"][0],
                Operation(
                    name=operation["operationId"],
                    method=method.upper(),
                    path=path,
                    says=operation["summary"],
                    who=WHO[operation["x-who"]],
                    takes=tuple(_values(operation)),
                    outcomes=tuple(_outcomes(document, operation)),
                    call=_call(document, method.upper(), path, operation),
                    answer=_answer(operation),
                ),
            )


def _values(operation: Document) -> Iterator[Value]:
    for each in operation["parameters"]:
        yield Value(each["name"], _kind(each["schema"], each["in"], bool(each.get("required"))), each["description"])
    schema = _body(operation).get("schema", {"properties": {}})
    for name, inner in schema["properties"].items():
        yield Value(name, _kind(inner, "body", name in schema["required"]), inner["description"])


def _kind(schema: Document, place: str, needed: bool) -> str:
    kind = schema["type"][0] if isinstance(schema["type"], list) else schema["type"]
    words = " or ".join(schema["enum"]) if "enum" in schema else KINDS[kind]
    if "minimum" in schema:
        words += f" from {schema['minimum']} to {schema['maximum']}"
    if "multipleOf" in schema:
        words += f" in steps of {schema['multipleOf']}"
    if "maxLength" in schema:
        words += f" of at most {schema['maxLength']} characters"
    default = f", else {json.dumps(schema['default'])}" if "default" in schema else ""
    return f"{words}{default}; {PLACES[place]}{', needed' if needed else ''}"


def _outcomes(document: Document, operation: Document) -> Iterator[Outcome]:
    for status, response in operation["responses"].items():
        name = response.get("$ref", "").rpartition("/")[2]
        found = document["components"]["responses"][name] if name else response
        yield Outcome(status, tuple(found["description"].split("\n")))


def _alike(operations: list[Operation]) -> tuple[Outcome, ...]:
    """What every operation can be answered alike."""
    first, *others = [{(each.status, line) for each in one.outcomes for line in each.says} for one in operations]
    shared = first.intersection(*others)
    statuses = sorted({status for status, _ in shared})
    lines = {each: sorted((line for status, line in shared if status == each), key=_code) for each in statuses}
    return tuple(Outcome(each, tuple(lines[each])) for each in statuses)


def _code(line: str) -> int:
    number = line.partition(":")[0]
    return int(number) if number.isdecimal() else 0


def _without(operation: Operation, common: tuple[Outcome, ...]) -> Operation:
    said = {(each.status, line) for each in common for line in each.says}
    left = [
        Outcome(each.status, tuple(line for line in each.says if (each.status, line) not in said))
        for each in operation.outcomes
    ]
    return Operation(
        **{name: getattr(operation, name) for name in Operation.__slots__ if name != "outcomes"},
        outcomes=tuple(each for each in left if each.says),
    )


def _call(document: Document, method: str, path: str, operation: Document) -> str:
    token = next((TOKENS[name] for way in operation["security"][:1] for name in way if name in TOKENS), None)
    query = [] if token else ["api_key=$API_KEY"]
    if not token and operation["x-who"] != "app":
        query.append("session_id=$SESSION_ID")
    for each in operation["parameters"]:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(each["example"]))
        elif "example" in each and "default" not in each["schema"]:
            query.append(f"{each['name']}={each['example']}")
    lines = [f'"{document["servers"][0]["url"]}{path}{"?" if query else ""}{"&".join(query)}"']
    if token:
        lines.append(f'-H "Authorization: Bearer {token}"')
    if body := _body(operation):
        lines += [f'-H "Content-Type: {JSON}"', f"-d '{json.dumps(body['example'])}'"]
    return f"curl {'' if method == 'GET' else f'-X {method} '}" + " \\\n  ".join(lines)


def _body(operation: Document) -> Document:
    found: Document = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    return found


def _answer(operation: Document) -> str:
    for response in operation["responses"].values():
        example = response.get("content", {}).get(JSON, {}).get("example")
        if example is not None:
            return json.dumps(example, indent=2, ensure_ascii=False)
    return ""
