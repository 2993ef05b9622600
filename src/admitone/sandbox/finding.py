"""This file finds the world that a request belongs to: by the credential it brings, or by the ids in its address.

Every id begins with its world's tag, so nothing in an app under test has to change. What is found here is only where to
look: whether a credential is good is for that world to say.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar
from urllib.parse import parse_qs

import msgspec

from admitone.sandbox.entropy import SHORTEST_TAGGED, TAG_DIGITS

COOKIE = "world"
WIRE = (b"/3/", b"/4/")
# In the order in which the door believes them.
NAMES = ("api_key", "session_id", "guest_session_id", "request_token", "access_token")
CLAIMS = ("aud", "jti", "sub")
LONGEST_COOKIES = 16_384

W = TypeVar("W")

_TAGGED = re.compile(rf"(?<![0-9a-f])[0-9a-f]{{{SHORTEST_TAGGED},}}(?![0-9a-f])")


class Brought:
    """What a request brings along that can name a world or an app, read once."""

    def __init__(self, path: bytes, query: bytes, headers: Mapping[bytes, bytes], body: bytes) -> None:
        """`headers` have names in lower case."""
        self.path = path
        self.fields = {**_body(body), **_form(query)}
        self._headers = headers
        scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        self.bearer = token.strip() if scheme.lower() == "bearer" else ""

    @property
    def is_wire(self) -> bool:
        """Whether a program asks."""
        return self.path.startswith(WIRE)

    @property
    def credentials(self) -> list[str]:
        """What can name an app."""
        return [text for text in (self.fields.get("api_key", ""), self.bearer) if text]

    def tags(self) -> Iterator[str]:
        """What could be the tag of a world, the likeliest first."""
        if self.is_wire:
            yield from _tags(self.fields.get("api_key", ""))
            yield from _tags(self.bearer)
        yield from _tags(self.path.decode("latin-1"))
        for name in NAMES:
            yield from _tags(self.fields.get(name, ""))
        if not self.is_wire:
            cookies = self._cookies()
            yield cookies.pop(COOKIE, "")
            for value in cookies.values():
                yield from _tags(value)

    def _cookies(self) -> dict[str, str]:
        header = self._headers.get(b"cookie", b"").decode("latin-1")
        try:
            return {name: morsel.value for name, morsel in SimpleCookie(header[:LONGEST_COOKIES]).items()}
        except CookieError:
            return {}


def claims(token: str) -> dict[str, Any]:
    """What a JWT says of itself; nobody has looked whether it may."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        read = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def find(brought: Brought, by_tag: Callable[[str], W | None], default: W) -> W:
    """The world of a request, else the default one."""
    for tag in brought.tags():
        if (world := by_tag(tag)) is not None:
            return world
    return default


def _tags(text: str) -> Iterator[str]:
    if text.startswith("eyJ"):
        said = claims(text)
        for name in CLAIMS:
            yield from _tags(str(said.get(name, "")))
        return
    for found in _TAGGED.finditer(text):
        yield found[0][:TAG_DIGITS]


def _form(raw: bytes) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(raw.decode("latin-1"), max_num_fields=200).items()}
    except ValueError:
        return {}


def _body(raw: bytes) -> dict[str, str]:
    if not raw:
        return {}
    if raw.lstrip()[:1] != b"{":
        return _form(raw)
    try:
        read = msgspec.json.decode(raw)
    except (ValueError, RecursionError):
        return {}
    return {name: value for name, value in read.items() if isinstance(value, str)} if isinstance(read, dict) else {}
