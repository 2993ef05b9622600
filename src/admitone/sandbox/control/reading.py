"""This file says what the page about the control plane shows: its OpenAPI document, call by call and shape by shape."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Field(NamedTuple):
    """One value of a shape: its name, what it may be, and what it is about."""

    name: str
    kind: str
    says: str


class Told(NamedTuple):
    """One call: what it does, what it takes and what it gives."""

    name: str
    method: str
    path: str
    says: str
    asks: tuple[Field, ...]
    takes: str
    gives: str
    status: str


class Shape(NamedTuple):
    """One shape that calls take or give, alone or in another."""

    name: str
    says: str
    fields: tuple[Field, ...]


def told(document: Mapping[str, Any]) -> tuple[list[Told], list[Shape]]:
    """Every call of an OpenAPI document, in its order, and every shape, by name."""
    calls = [
        _call(method.upper(), path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    schemas = document["components"]["schemas"]
    shapes = [Shape(_short(name), schema.get("description", ""), _fields(schema)) for name, schema in schemas.items()]
    return calls, sorted(shapes)


def _call(method: str, path: str, operation: Mapping[str, Any]) -> Told:
    asks = (Field(each["name"], each["in"], each["description"]) for each in operation["parameters"])
    status, answer = next(iter(operation["responses"].items()))
    body = operation.get("requestBody")
    return Told(
        operation["operationId"],
        method,
        path,
        operation["summary"],
        tuple(asks),
        _kind(_schema(body)) if body else "",
        _kind(_schema(answer)),
        status,
    )


def _schema(part: Mapping[str, Any]) -> Mapping[str, Any]:
    (content,) = part["content"].values()
    found: Mapping[str, Any] = content["schema"]
    return found


def _fields(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    needed = schema.get("required", ())
    return tuple(
        Field(name, _kind(each) if name in needed else f"{_kind(each)}, may be left out", each.get("description", ""))
        for name, each in schema.get("properties", {}).items()
    )


def _kind(schema: Mapping[str, Any]) -> str:
    """What a value may be, in words."""
    if "$ref" in schema:
        return _short(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"“{each}”" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"several: {_kind(schema['items'])}" if schema.get("items") else "several"
    return str(schema.get("type", "anything"))


def _short(name: str) -> str:
    return name.rpartition(".")[2]
