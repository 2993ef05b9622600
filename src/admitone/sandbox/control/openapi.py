"""This file writes the OpenAPI document of the control plane from its table."""

from typing import Any

import msgspec

import admitone
from admitone.sandbox import shapes
from admitone.sandbox.control.routes import ROUTES, Route
from admitone.sandbox.snapshots import Snapshot

REF = "#/components/schemas/{name}"
JSON = "application/json"
PARTS = {"world": "The world, or `default`.", "username": "A person's user name."}
QUERY = {"after": "Only what has a greater number.", "most": "At most so many."}


def document(origin: str) -> dict[str, Any]:
    """The whole document, for a server that is called `origin`."""
    shown = {shapes.Problem, *(route.gives for route in ROUTES), *(route.takes for route in ROUTES if route.takes)}
    ordered = sorted((shown - {shapes.Snapshot}) | {Snapshot}, key=lambda each: each.__name__)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=REF)
    named = dict(zip(ordered, schemas, strict=True))
    named[shapes.Snapshot] = named[Snapshot]
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, named)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The control plane of an Admit One sandbox",
            "version": admitone.__version__,
            "description": "Worlds, clocks, people, faults and logs for testing an app. It exists in the sandbox only.",
        },
        "servers": [{"url": origin}],
        "paths": paths,
        "components": {"schemas": components},
    }


def _operation(route: Route, named: dict[Any, Any]) -> dict[str, Any]:
    parts = [name for name in PARTS if f"{{{name}}}" in route.path]
    parameters = [
        *(
            {"name": each, "in": "path", "required": True, "schema": {"type": "string"}, "description": PARTS[each]}
            for each in parts
        ),
        *(
            {"name": each, "in": "query", "schema": {"type": "integer", "minimum": 0}, "description": QUERY[each]}
            for each in route.query
        ),
    ]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.says,
        "parameters": parameters,
        "responses": {
            str(route.status): {"description": "Done.", "content": {JSON: {"schema": named[route.gives]}}},
            "4XX": {
                "description": "Refused: a word for programs, a sentence for people.",
                "content": {JSON: {"schema": named[shapes.Problem]}},
            },
        },
    }
    if route.takes:
        operation["requestBody"] = {"content": {JSON: {"schema": named[route.takes]}}}
    return operation
