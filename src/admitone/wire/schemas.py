"""This file writes JSON Schemas: of the answers' structures, and of the codes that stand for success and refusal."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec

from admitone.wire.answers import CODES, FAILURES, Says

Schema = dict[str, Any]

PLACE = "#/components/schemas/"
# Where a fact is from is for those who read the source.
SOURCE = re.compile(r" \((?:wire|client rules)[^)]*\)")


def of_types(types: Iterable[Any]) -> tuple[dict[Any, Schema], dict[str, Schema]]:
    """The schema of each type, and the components that these refer to, by name.

    Every field of a structure is always written, also where it has a default.
    """
    each = list(dict.fromkeys(types))
    schemas, components = msgspec.json.schema_components(each, ref_template=PLACE + "{name}")
    return dict(zip(each, map(_plain, schemas), strict=True)), {
        name: _plain(found) for name, found in components.items()
    }


def of_code(code: int, said: Collection[Says]) -> Schema:
    """The schema of the short answer with a code: that something was done, or one of the refusals `said` with it."""
    messages = sorted({says.message or CODES[code][1] for says in said}) or [CODES[code][1]]
    fields: dict[str, Schema] = {
        "success": {"const": not said},
        "status_code": {"const": code},
        "status_message": {"enum": messages},
    }
    if code in FAILURES:
        fields["failure"] = {"const": True}
    if errors := sorted({says.error for says in said if says.error}):
        fields["error"] = {"enum": errors}
    if lists := [list(says.errors) for says in said if says.errors]:
        fields["errors"] = {"enum": lists}
    needed = [name for name in fields if name != "errors" or all(says.errors for says in said)]
    return {"type": "object", "description": CODES[code][1], "properties": fields, "required": needed}


def reference(code: int) -> Schema:
    """Where the schema of a code stands."""
    return {"$ref": f"{PLACE}Code{code}"}


def one_of(schemas: list[Schema]) -> Schema:
    """The schema of what is one of several."""
    return schemas[0] if len(schemas) == 1 else {"oneOf": schemas}


def _plain(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    plain = {name: _plain(value) for name, value in schema.items() if name not in {"default", "title"}}
    if isinstance(schema.get("properties"), Mapping):
        # A field may have the name of a keyword.
        plain["properties"] = {name: _plain(value) for name, value in schema["properties"].items()}
        plain["required"] = list(schema["properties"])
    if isinstance(description := schema.get("description"), str):
        plain["description"] = SOURCE.sub("", description)
    return plain
