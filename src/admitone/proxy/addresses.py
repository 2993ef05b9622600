"""This file reads where a client wants to go, and rewrites what names that place, on the way there and back."""

import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

FIXED_HOSTS: Final = ("api.themoviedb.org", "api.tmdb.org", "themoviedb.org", "www.themoviedb.org")
USUAL_PORTS: Final = {"http": 80, "https": 443}

Headers = list[tuple[bytes, bytes]]

_AUTHORITY: Final = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+)):([0-9]{1,5})", re.IGNORECASE)
# They belong to one connection, or to the one between client and proxy (RFC 9110 §7.6.1).
_HOP: Final = {
    b"connection",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authorization",
    b"proxy-connection",
    b"te",
    b"trailer",
    b"upgrade",
}


class Place(NamedTuple):
    """One side of the rewriting: a scheme, a host and a port."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """Host and port as a Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == USUAL_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The same as browsers write it."""
        return f"{self.scheme}://{self.authority}"


def read_connect(target: bytes) -> Place | None:
    """Where a CONNECT leads, None when that is not said as it should be."""
    found = _AUTHORITY.fullmatch(target.decode("latin-1"))
    if not found or int(found[3]) > 65535:
        return None
    return Place("https", (found[1] or found[2]).lower().removesuffix("."), int(found[3]))


def read_absolute(target: bytes) -> tuple[Place, bytes] | None:
    """The place in a whole address, and what is asked of it; None when this is no such address."""
    try:
        parts = urlsplit(target.decode("ascii"))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in USUAL_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    place = Place(parts.scheme, parts.hostname.removesuffix("."), port or USUAL_PORTS[parts.scheme])
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return place, path.encode("ascii")


def read_server(url: str) -> Place:
    """The place of a sandbox. Raises ValueError when the address is not like http://127.0.0.1:8000."""
    parts = urlsplit(url.removesuffix("/"))
    if parts.scheme != "http" or not parts.hostname or parts.path or parts.query or "@" in parts.netloc:
        raise ValueError(f"the sandbox is at an address like http://127.0.0.1:8000, not at {url}")
    return Place("http", parts.hostname, parts.port or USUAL_PORTS["http"])


def onward(headers: Headers, asked: Place, there: Place) -> Headers:
    """A request's headers for where it really goes: as if it had been meant for that place from the beginning."""
    dropped = _HOP | {b"host"} | _named_by_connection(headers)
    kept = [(name, value) for name, value in headers if name not in dropped]
    moved = [(name, _moved(value, asked, there) if name in {b"origin", b"referer"} else value) for name, value in kept]
    return [(b"host", there.authority.encode("ascii")), *moved, (b"connection", b"close")]


def backward(headers: Headers, asked: Place, there: Place) -> Headers:
    """An answer's headers for who asked: as if the place that was asked had answered itself."""
    dropped = _HOP | _named_by_connection(headers)
    kept = [(name, value) for name, value in headers if name not in dropped]
    return [(name, _moved(value, there, asked) if name == b"location" else value) for name, value in kept]


def _moved(value: bytes, here: Place, there: Place) -> bytes:
    origin = here.origin.encode("ascii")
    rest = value.removeprefix(origin)
    is_there = value.startswith(origin) and rest[:1] in (b"", b"/", b"?", b"#")
    return there.origin.encode("ascii") + rest if is_there else value


def _named_by_connection(headers: Headers) -> set[bytes]:
    named = b",".join(value for name, value in headers if name == b"connection")
    return {each.strip().lower() for each in named.split(b",")}
