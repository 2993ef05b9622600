"""This file says what goes in and out of the door, whatever server stands before it."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

JSON = ("Content-Type", "application/json;charset=utf-8")

_encode = msgspec.json.Encoder().encode


class Request(NamedTuple):
    """One call: header names in lower case, `path` still percent-encoded, `address` the client's."""

    method: str
    path: bytes
    query: bytes
    headers: Mapping[str, str]
    body: bytes
    address: str
    secure: bool


class Answer(NamedTuple):
    """What goes out: a status, a JSON body and the headers beyond the usual ones."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def answer(content: object, status: int = 200, *headers: tuple[str, str]) -> Answer:
    """An answer with `content` written as JSON."""
    return Answer(status, _encode(content), headers)
