"""Prints the tables that `make docs` writes into the documents; each is called from a cog block in a Markdown file."""

import ast
import json
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import typer

from admitone.cli.commands import command_line
from admitone.model.faults import Fault
from admitone.pages.words import WORDS
from admitone.sandbox.control.openapi import document
from admitone.sandbox.control.routes import ROUTES
from admitone.settings import Settings
from admitone.wire.answers import CODES, FAULTS
from admitone.wire.openapi import operation_ids

ROOT = Path(__file__).parent.parent


def rooms(source: Path = ROOT / "src" / "admitone") -> None:
    """Print every folder of the package with its files, each with what it says of itself."""
    for folder in sorted({file.parent for file in source.rglob("*.py")}):
        print(f"\n**`{folder.relative_to(source.parent).as_posix()}/`** {sentence(folder / '__init__.py')}")
        files = [file for file in sorted(folder.glob("*.py")) if file.name != "__init__.py"]
        if files:
            print("\n| file | what it does |\n| --- | --- |")
        for file in files:
            print(f"| `{file.relative_to(source).as_posix()}` | {sentence(file)} |")
    print()


def sentence(module: Path) -> str:
    """The first paragraph of a module's docstring on one line, without "This file": nothing when there is none."""
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) if module.exists() else None
    line = " ".join((text or "").split("\n\n")[0].split()).replace("|", "\\|")
    for start in ("This file is ", "This file ", "This room is ", "This room "):
        line = line.removeprefix(start)
    return line[:1].upper() + line[1:]


def operations() -> None:
    """Print the route table of the wire."""
    print("\n| operation | method | path | who | what it does |\n| --- | --- | --- | --- | --- |")
    for route, name in operation_ids().items():
        says = f"{'**Writes.** ' if route.writes else ''}{route.handler.says}"
        print(f"| {name} | {route.method} | `{route.path}` | {route.who} | {says} |")
    print()


def controls() -> None:
    """Print the calls of the control plane, and the shapes of what they take and give."""
    print("\n| call | takes | gives | what it does |\n| --- | --- | --- | --- |")
    for route in ROUTES:
        takes = _shape_name(route.takes) if route.takes else ""
        query = f"`?{'&'.join(route.query)}`" if route.query else ""
        print(f"| `{route.method} {route.path}` | {takes}{query} | {_shape_name(route.gives)} | {route.says} |")
    schemas = document("")["components"]["schemas"]
    print("\n| shape | fields (those that must be there in bold) |\n| --- | --- |")
    for name, schema in sorted(schemas.items()):
        needed = schema.get("required", [])
        fields = [
            f"{f'**{each}**' if each in needed else each} {_kind(inner)}"
            for each, inner in schema.get("properties", {}).items()
        ]
        print(f'| <a id="{name.lower()}"></a>{name} | {", ".join(fields) or " or ".join(schema.get("enum", []))} |')
    print()


def _shape_name(shape: type) -> str:
    return f"[{shape.__name__}](#{shape.__name__.lower()})"


def _kind(schema: dict[str, Any] | bool) -> str:
    """What a value may be, in a word or two."""
    if isinstance(schema, bool):
        return "anything"
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(f"`{each}`" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return f"*{schema.get('type', 'anything')}*"


def faults() -> None:
    """Print every fault with what programs and people hear."""
    print("\n| fault | HTTP | code | what people read |\n| --- | --- | --- | --- |")
    for fault in Fault:
        says = FAULTS[fault]
        print(f"| `{fault}` | {says.status or CODES[says.code][0]} | {says.code} | {WORDS[fault].title} |")
    print()


def settings() -> None:
    """Print every setting with its default."""
    print("\n| setting | default | what it does |\n| --- | --- | --- |")
    for field in msgspec.structs.fields(Settings):
        hint = get_type_hints(Settings, include_extras=True)[field.name]
        description = " ".join(each.description for each in hint.__metadata__ if each.description)
        if unsaid := [choice for choice in _choices(hint.__origin__) if f"`{choice}`" not in description]:
            description += f" One of {', '.join(f'`{choice}`' for choice in unsaid)}."
        print(f"| `{field.name}` | `{_written(field.default)}` | {description} |")
    print()


def _choices(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(choice.value) for choice in kind]
    return [str(choice) for choice in get_args(kind)] if get_origin(kind) is Literal else []


def commands() -> None:
    """Print every command with its flags."""
    for path, command in _leaves(typer.main.get_command(command_line()), "admitone"):
        print(f"\n**`{path}`** {command.help}\n")
        for parameter in command.params:
            if getattr(parameter, "hidden", False):  # said by the program to itself
                continue
            print(f"* `{_spelled(parameter)}` {getattr(parameter, 'help', '') or ''}".rstrip())
    print()


def _leaves(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, inner in getattr(command, "commands", {}).items():
        yield from _leaves(inner, f"{path} {name}")
    if not hasattr(command, "commands"):
        yield path, command


def _spelled(parameter: Any) -> str:
    is_argument = parameter.param_type_name == "argument"
    return str(parameter.metavar or parameter.human_readable_name) if is_argument else str(parameter.opts[0])


def _written(default: object) -> str:
    return json.dumps(msgspec.to_builtins(default))
