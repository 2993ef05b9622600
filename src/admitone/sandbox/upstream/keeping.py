"""This file keeps what an upstream answered for as long as it says, and asks whether it still holds (RFC 9111)."""

import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Protocol

from admitone.sandbox.upstream.asking import Ask

MOST_BYTES: Final = 64 * 1024 * 1024
_SECONDS: Final = re.compile(r"\d{1,9}", re.ASCII)


class Found(NamedTuple):
    """What an upstream answered: a status, JSON, and what it says of keeping it."""

    status: int
    body: bytes
    etag: str = ""
    cache_control: str = ""
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer and the instant (in seconds of a steady clock) until which nobody need ask again."""

    found: Found
    fresh_until: float


class Source(Protocol):
    """Where the catalogue comes from."""

    async def find(self, ask: Ask, /) -> Found:
        """What it answers. Raises Refused with one of the faults that tell of an upstream."""
        ...

    async def aclose(self) -> None:
        """Let go of it."""
        ...


class Cache:
    """Answers by what was asked, the one used last at the end."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        """Keep at most so many bytes of bodies."""
        self._most = most
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0

    def find(self, key: str) -> Kept | None:
        """What is kept, be it fresh or not."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def keep(self, key: str, found: Found, age: str, now: float) -> None:
        """Keep an answer if it may be kept and there is a use for it: it is fresh for a while, or has a mark."""
        self.drop(key)
        seconds = lifetime(found.cache_control, age)
        if seconds is None or found.status not in (200, 404) or not (seconds or found.etag):
            return
        self._kept[key] = Kept(found, now + seconds)
        self._size += len(found.body)
        while self._size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest.found.body)

    def renew(self, key: str, kept: Kept, cache_control: str, age: str, now: float) -> Found:
        """What was kept still holds: with what the upstream now says of keeping it."""
        found = kept.found._replace(cache_control=cache_control or kept.found.cache_control)
        seconds = lifetime(found.cache_control, age) or 0
        self._kept[key] = replace(kept, found=found, fresh_until=now + seconds)
        return found

    def drop(self, key: str) -> None:
        """Keep it no longer."""
        if (kept := self._kept.pop(key, None)) is not None:
            self._size -= len(kept.found.body)


def lifetime(cache_control: str, age: str) -> int | None:
    """For how many seconds an answer is fresh, 0 for "ask again"; None when it must not be kept."""
    said = dict(_directive(each) for each in cache_control.lower().split(","))
    if "no-store" in said or "private" in said:
        return None
    if "no-cache" in said:
        return 0
    for name in ("s-maxage", "max-age"):
        if name in said:
            return max(0, _seconds(said[name]) - _seconds(age))
    return 0


def _directive(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip().strip('"')


def _seconds(text: str) -> int:
    return int(text) if _SECONDS.fullmatch(text) else 0
