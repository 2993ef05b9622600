"""This file says what goes in and out of the door, whatever server stands before it."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

MARK_DIGITS = 16
CALLBACK = re.compile(r"[A-Za-z_$][\w$]{0,63}(\.[A-Za-z_$][\w$]{0,63}){0,4}", re.ASCII)
JSON = b"application/json;charset=utf-8"
SCRIPT = b"application/javascript;charset=utf-8"
NOBODY_KEEPS = b"no-store"

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
    """What goes out: a status, a body and the headers beyond the usual ones."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    content_type: bytes = JSON
    cache_control: bytes = NOBODY_KEEPS


def joined(whole: Answer, parts: Sequence[tuple[str, Answer]]) -> Answer:
    """An object with other answers put into it under their names; nothing is read or written anew."""
    more = b"".join(b"," + _encode(name) + b":" + part.body for name, part in parts)
    return whole._replace(body=whole.body[:-1] + more + whole.body[-1:])


def keepable(whole: Answer, seconds: int, known: str | None) -> Answer:
    """An answer that anybody may keep for a while; only its mark when the caller has it (`If-None-Match`)."""
    mark = f'W/"{sha256(whole.body).hexdigest()[:MARK_DIGITS]}"'
    marked = whole._replace(
        headers=(*whole.headers, ("ETag", mark), ("Vary", "Authorization")),
        cache_control=b"public, max-age=%d" % seconds,
    )
    marks = {each.strip() for each in (known or "").split(",")}
    return marked._replace(status=304, body=b"") if mark in marks or "*" in marks else marked


def called_back(whole: Answer, callback: object) -> Answer:
    """An answer as a call of the function that the caller names (JSONP, wire 1.11); as it is for what is no name."""
    if not isinstance(callback, str) or not CALLBACK.fullmatch(callback):
        return whole
    return whole._replace(body=f"{callback}(".encode() + whole.body + b")", content_type=SCRIPT)


def answer(content: object, status: int = 200, *headers: tuple[str, str]) -> Answer:
    """An answer with `content` written as JSON."""
    return Answer(status, _encode(content), headers)
