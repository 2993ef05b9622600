"""This file rules which other writings of a path of the wire are that path: clients join addresses carelessly."""

from collections.abc import MutableMapping, Sequence
from typing import Any, Final

_WIRE: Final = (b"/3/", b"/4/")
# What stands below an account: an id left empty before it is as good as any (client rules 3).
_BELOW_ACCOUNT: Final = frozenset(("favorite", "lists", "movie", "rated", "tv", "watchlist"))
_ANY_ACCOUNT: Final = "0"


def without_empty(parts: Sequence[str]) -> list[str]:
    """The parts of a path of the wire without the empty ones, in whose place an account's id may be missed."""
    kept = [part for part in parts if part]
    if kept[1:2] == ["account"] and not _BELOW_ACCOUNT.isdisjoint(kept[2:3]):
        kept.insert(2, _ANY_ACCOUNT)
    return kept


def as_meant(path: str) -> str:
    """A decoded path of the wire without empty parts; every other one as it is."""
    parts = path.split("/")[1:]
    if parts[:1] not in (["3"], ["4"]) or "" not in parts:
        return path
    return "/" + "/".join(without_empty(parts))


def with_one_slash(scope: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An ASGI scope with one slash before /3/ and /4/ where several came; every other one as it is.

    What is encoded stays what it was: only slashes that stand on the line are looked at.
    """
    raw = scope.get("raw_path") or b""
    if not raw.startswith(b"//") or not (bare := b"/" + raw.lstrip(b"/")).startswith(_WIRE):
        return scope
    return {**scope, "raw_path": bare, "path": "/" + scope["path"].lstrip("/")}
