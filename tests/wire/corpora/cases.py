"""What every hostile corpus is made of: a case, the answers it may get, and ways to write values down (C01-C06)."""

import json
from typing import NamedTuple
from urllib.parse import quote

# In every case that has room for a word: it must never turn up in a log.
CANARY = "k4n4rienvogel"

JSON_TYPE = (("content-type", "application/json"),)
FORM_TYPE = (("content-type", "application/x-www-form-urlencoded"),)

Headers = tuple[tuple[str, str], ...]


class Case(NamedTuple):
    """One call and the answers it may get, by the names of golden/refusals.json; `ok` for a success."""

    name: str
    may: frozenset[str]
    method: str
    target: bytes
    headers: Headers = ()
    body: bytes = b""


def may(*answers: str) -> frozenset[str]:
    """The answers that a case may get."""
    return frozenset(answers)


def encoded(text: str) -> str:
    """A text percent-encoded for a query or form, lone surrogates as their three bytes."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def in_query(path: str, **values: str) -> bytes:
    """A path with a query."""
    return f"{path}?{'&'.join(f'{name}={encoded(value)}' for name, value in values.items())}".encode()


def in_json(**values: object) -> bytes:
    """A JSON body, everything but ASCII escaped."""
    return json.dumps(values).encode()


def in_form(**values: str) -> bytes:
    """A form body."""
    return "&".join(f"{name}={encoded(value)}" for name, value in values.items()).encode()
