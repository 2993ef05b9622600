"""This file finds the route of a path: a tree of path segments, each a dictionary."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from admitone.model.faults import Fault, Refused
from admitone.model.web.paths import without_empty
from admitone.wire.call import Route


class Found(NamedTuple):
    """A route, and the values of the places in its path."""

    route: Route
    path: Mapping[str, str]


class _Node:
    """One segment of the tree: what may follow it, and what ends at it."""

    __slots__ = ("any", "name", "named", "routes")

    def __init__(self) -> None:
        self.named: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.name = ""
        self.routes: dict[str, Route] = {}


class Router:
    """All routes; a segment written out goes before a place that takes any."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Grow the tree. Two routes for one method and path are a mistake of ours."""
        self._root = _Node()
        self._whole: dict[str, _Node] = {}
        self._places: dict[str, list[str]] = {}
        for route in routes:
            node = self._root
            for segment in segments(route.path):
                node = self._grown(node, segment)
            if route.method in node.routes:
                message = f"two routes for {route.method} {route.path}"
                raise ValueError(message)
            node.routes[route.method] = route
            self._places[route.path] = [part[1:-1] for part in segments(route.path) if part.startswith("{")]
            if not self._places[route.path]:
                self._whole[route.path] = node

    def find(self, method: str, path: str) -> Found:
        """The route of a decoded path. Raises ROUTE_UNKNOWN, METHOD_UNSUPPORTED.

        HEAD is a GET without its body, but not where GET writes: what it made or spent would be lost on the way.
        """
        values: list[str] = []
        # What is written out to its end goes before everything else, and needs no walk.
        node = self._whole.get(path)
        if node is None:
            parts = segments(path)
            node = self._straight(parts, values)
            if node is None:
                values.clear()
                node = self._walk(self._root, parts, 0, values)
                if node is None:
                    return self._mended(method, parts)
        route = node.routes.get("GET" if method == "HEAD" else method)
        if route is None or (method == "HEAD" and route.writes):
            absent = any(method in other.absent for other in node.routes.values())
            raise Refused(Fault.ROUTE_UNKNOWN if absent else Fault.METHOD_UNSUPPORTED)
        return Found(route, dict(zip(self._places[route.path], values, strict=True)))

    def _mended(self, method: str, parts: list[str]) -> Found:
        """The route of a path that is none as it stands, read without its empty parts. Raises ROUTE_UNKNOWN.

        What is empty can also be an id that was forgotten: where no such method is, no other is promised.
        """
        values: list[str] = []
        # Before its first part nothing may be left out: whoever looked at how it begins has seen another path.
        node = self._walk(self._root, without_empty(parts), 0, values) if parts[0] and "" in parts else None
        route = node.routes.get("GET" if method == "HEAD" else method) if node else None
        if route is None or (method == "HEAD" and route.writes):
            raise Refused(Fault.ROUTE_UNKNOWN)
        return Found(route, dict(zip(self._places[route.path], values, strict=True)))

    def _straight(self, parts: list[str], values: list[str]) -> _Node | None:
        """Where a walk ends that never has to turn back, as nearly all: in a loop, at half the time."""
        node = self._root
        for part in parts:
            named = node.named.get(part)
            if named is None:
                if node.any is None or not part:
                    return None
                values.append(part)
                named = node.any
            node = named
        return node if node.routes else None

    def _walk(self, node: _Node, parts: list[str], at: int, values: list[str]) -> _Node | None:
        if at == len(parts):
            return node if node.routes else None
        part = parts[at]
        named = node.named.get(part)
        if named is not None and (found := self._walk(named, parts, at + 1, values)):
            return found
        if node.any is None or not part:
            return None
        values.append(part)
        found = self._walk(node.any, parts, at + 1, values)
        if found is None:
            values.pop()
        return found

    @staticmethod
    def _grown(node: _Node, segment: str) -> _Node:
        if not segment.startswith("{"):
            return node.named.setdefault(segment, _Node())
        if node.any is None:
            node.any = _Node()
        return node.any


def segments(path: str) -> list[str]:
    """The parts of a path; `/3/account` is `["3", "account"]`."""
    return path.removeprefix("/").split("/")


def decoded(path: bytes) -> str:
    """A path as TMDB's edge reads it: decoded exactly once, then dots resolved (wire 1.8). Raises PATH_BAD."""
    try:
        text = (unquote_to_bytes(path) if b"%" in path else path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(Fault.PATH_BAD) from error
    if "\0" in text:
        raise Refused(Fault.PATH_BAD)
    if "/." not in text:
        return text
    kept: list[str] = []
    for segment in segments(text):
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)
