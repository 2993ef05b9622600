"""States the rules of the house that no linter knows: each looks at one thing and tells what is wrong with it."""

import ast
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

MOST_LINES = 400
MOST_STATEMENTS = 40
MOST_FILES = 20
# Folders that hold a history: one file is added for each thing that happened, and none is ever taken away.
HISTORIES = {Path("docs/decisions"), Path("src/admitone/store/migrations/versions")}
BANNED = {"manager", "service", "helper", "util", "common", "base", "data", "info", "process", "misc"}
BANNED |= {word + ending for word in BANNED for ending in ("s", "es")}
WORD = re.compile(r"base(?:16|32|64)(?:url)?|[A-Z]+(?![a-z])|[A-Z]?[a-z]+")  # base64 is a word of its own

Function = ast.FunctionDef | ast.AsyncFunctionDef


def overlong(text: str) -> Iterator[str]:
    """Law 10: a file can be read in one sitting."""
    if (lines := len(text.splitlines())) > MOST_LINES:
        yield f"has {lines} lines, more than {MOST_LINES}"


def overlong_functions(module: ast.Module) -> Iterator[str]:
    """Law 10: a function can be understood at once. Counts every statement in it, those of inner functions too."""
    for function in ast.walk(module):
        if isinstance(function, Function):
            statements = sum(isinstance(node, ast.stmt) for child in function.body for node in ast.walk(child))
            statements -= ast.get_docstring(function) is not None
            if statements > MOST_STATEMENTS:
                yield f"{function.name} has {statements} statements, more than {MOST_STATEMENTS}"


def crowded(files: Iterable[Path]) -> Iterator[str]:
    """Law 10: a folder can be seen at a glance."""
    for folder, count in Counter(path.parent for path in files).items():
        if count > MOST_FILES and folder not in HISTORIES:
            yield f"{folder} holds {count} files, more than {MOST_FILES}"


def banned_words(name: str) -> Iterator[str]:
    """Law 11: a name says what a thing is. These words fit everything and say nothing."""
    for word in WORD.findall(name):
        if word.lower() in BANNED:
            yield f"{name} is named with {word!r}"


def definitions(module: ast.Module) -> Iterator[str]:
    """The names of all classes and functions that a module defines, at any depth."""
    for node in ast.walk(module):
        if isinstance(node, Function | ast.ClassDef):
            yield node.name


def silent(module: ast.Module) -> Iterator[str]:
    """A module opens with the sentence that completes "this file …"."""
    if not ast.get_docstring(module):
        yield "does not say in a docstring what it does"


JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
TAG = re.compile(r"<([a-zA-Z][\w:-]*)((?:\"[^\"]*\"|'[^']*'|[^'\">])*)>")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script", re.DOTALL | re.IGNORECASE)


def inline(markup: str) -> Iterator[str]:
    """The pages' Content Security Policy allows nothing inline and nothing of third parties: markup has none of it."""
    markup = COMMENT.sub("", JINJA.sub("", markup))
    for name, attributes in TAG.findall(markup):
        bare = QUOTED.sub('""', attributes)
        if name.lower() == "style":
            yield "has a <style> element"
        yield from (
            f"has the attribute {found}" for found in re.findall(r"(?<![\w:-])style(?=\s*=)", bare, re.IGNORECASE)
        )
        yield from (
            f"has the attribute {found}" for found in re.findall(r"(?<![\w:-])on[a-z]+(?=\s*=)", bare, re.IGNORECASE)
        )
        if re.search(r"=\s*[\"']?\s*javascript:", attributes, re.IGNORECASE):
            yield "has a javascript: address"
        if name.lower() != "a" and re.search(
            r"(?<![\w:-])(src|srcset|href)\s*=\s*[\"']?\s*(https?:)?//", attributes, re.IGNORECASE
        ):
            yield f"loads something from elsewhere in <{name}>"
    for script in SCRIPT.findall(markup):
        if script.strip():
            yield "has text inside <script>"


def spoken(module: ast.Module) -> Iterator[str]:
    """Every text in a module that is not a docstring."""
    opened = Function | ast.Module | ast.ClassDef
    documented = [node for node in ast.walk(module) if isinstance(node, opened) and ast.get_docstring(node)]
    docstrings = {id(node.body[0].value) for node in documented if isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


DIALECT = re.compile(r"sqlite|postgres|psycopg|asyncpg", re.IGNORECASE)


def dialects(module: ast.Module) -> Iterator[str]:
    """Law 4: nobody asks which database this is. Looks at names, imports and texts, not at docstrings."""
    mentioned = list(spoken(module))
    for node in ast.walk(module):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name) | ast.arg(arg=name):
                mentioned.append(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                mentioned.append(name)
            case ast.ImportFrom(module=str(name)):
                mentioned.append(name)
            case _:
                pass
    yield from (f"mentions a database in {name!r}" for name in mentioned if DIALECT.search(name))


def foreign(module: ast.Module, own: str) -> Iterator[str]:
    """The model is true without any library: it imports the standard library and `own` room only."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "."]
        else:
            continue
        for name in names:
            if name.split(".")[0] not in sys.stdlib_module_names and not f"{name}.".startswith(f"{own}."):
                yield f"imports {name}"


# Written in pieces, so that this file does not break its own rule.
PLACES = ("/wor" + "k/", "/roo" + "t/", "/hom" + "e/", "/opt/" + "wheels", "/opt/" + "pypi", "/tmp/" + "ao")
HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb.debian" + ".org", "ghcr" + ".io")
PLACE = re.compile(
    "|".join([rf"(?<![\w.}}-]){re.escape(place)}" for place in PLACES] + [re.escape(host) for host in HOSTS])
)


def homebound(text: str) -> Iterator[str]:
    """Nothing in the repository knows the machine it was written on, or the registry its packages came from."""
    yield from (f"names {found}" for found in sorted(set(PLACE.findall(text))))


LOCKED = re.compile(r"[a-z0-9][a-z0-9.-]*==[\w.+!]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")


def unlocked(lines: str) -> Iterator[str]:
    """A lock holds versions and hashes, and nothing else: no index, no address, no path."""
    yield from (f"holds the line {line!r}" for line in lines.splitlines() if not LOCKED.fullmatch(line))


def unlocked_by_npm(text: str) -> Iterator[str]:
    """So does npm's: `npm ci` asks whichever registry the machine has, and the hashes hold what comes."""
    for name, package in json.loads(text)["packages"].items():
        if "resolved" in package:
            yield f"says where {name} lies"
        if name and "integrity" not in package:
            yield f"has no hash of {name}"
