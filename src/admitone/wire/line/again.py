"""This file knows a request that says the same as the one before it on its connection, except in first line and body.

Clients that keep a connection send the same headers again and again. Read once by the parser, they need not be read
anew, as long as nothing about where a request ends is in doubt: it came alone and whole, and is as long as it said.
"""

import re
from typing import NamedTuple

from admitone.wire.asgi import Scope

LARGEST = 4096  # bytes; a connection holds on to them
# What is written otherwise is not wrong, but the parser's to judge.
_FIRST_LINE = re.compile(
    rb"(GET|POST|PUT|DELETE) (/[34]/[\w/.~-]*)(?:\?([\w/.~=&%+,:-]*))? HTTP/1\.1(?=\r\n)", re.ASCII
)
_END = b"\r\n\r\n"
_LENGTH = b"content-length"
_CODING = b"transfer-encoding"


class Before(NamedTuple):
    """A request that was read: its headers as they came, how long its body was, what an application is told of it."""

    headers: bytes
    length: int
    scope: Scope

    def again(self, came: bytes) -> tuple[Scope, bytes] | None:
        """What an application is told of a request with the same headers, and its body; None: the parser must read it.

        Where the method is another one, a body may mean something else.
        """
        line = _FIRST_LINE.match(came)
        if line is None or not came.startswith(self.headers, line.end()):
            return None
        method, path, query = line.groups(b"")
        body = came[line.end() + len(self.headers) :]
        if len(body) != self.length or method.decode() != self.scope["method"]:
            return None
        return {**self.scope, "raw_path": path, "query_string": query}, body


def read(came: bytes, scope: Scope, body: bytes) -> Before | None:
    """Remember a request that was read out of `came`, which held it and nothing else; None if another may differ.

    A bare LF could end what we take for one header (RFC 9112 §2.2), so that there must be none.
    """
    line = _FIRST_LINE.match(came)
    headers = came[line.end() : len(came) - len(body)] if line and came.endswith(body) else b""
    if len(came) > LARGEST or headers.find(_END) != len(headers) - len(_END):
        return None
    names = [name for name, _ in scope["headers"]]
    said = [value for name, value in scope["headers"] if name == _LENGTH]
    clear = _CODING not in names and said == ([b"%d" % len(body)] if body or said else [])
    return Before(headers, len(body), scope) if clear and headers.count(b"\n") == headers.count(b"\r\n") else None
