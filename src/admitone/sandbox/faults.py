"""This file holds the faults that a developer orders: which calls they meet, what becomes of those, when they end."""

import hashlib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from admitone.sandbox.clock import SECOND, read_span

MOST_RULES = 100
LONGEST_DELAY = 300 * SECOND
# What TMDB says with a status, where a rule does not say it itself.
USUAL_CODES = {
    400: 5,
    401: 3,
    403: 38,
    404: 34,
    405: 19,
    406: 19,
    422: 5,
    429: 25,
    500: 11,
    501: 2,
    502: 43,
    503: 9,
    504: 24,
}

Status = Annotated[int, Meta(ge=200, le=599)]
Code = Annotated[int, Meta(ge=0, le=999)]
Wait = Annotated[int, Meta(ge=0, le=86400)]
Times = Annotated[int, Meta(ge=1, le=1_000_000)]
Likelihood = Annotated[float, Meta(ge=0, le=1)]
Codes = Mapping[int, tuple[int, str]]


class FaultRule(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Which calls go wrong, and how. Without `times` and `probability` all that match do, until the rule is removed."""

    method: Annotated[str, Meta(max_length=10, description="GET, POST, …; * or nothing for any.")] = "*"
    path: Annotated[
        str, Meta(max_length=300, description="A path with * for anything: /3/movie/*/rating. Nothing for any.")
    ] = "*"
    app: Annotated[str, Meta(max_length=100, description="An app's name or public id; nothing for any.")] = ""
    status: Annotated[Status | None, Meta(description="Answer with this status; the call is not carried out.")] = None
    code: Annotated[Code | None, Meta(description="The status_code; else what is usual.")] = None
    message: Annotated[str, Meta(max_length=500, description="The status_message; else that of the code.")] = ""
    body: Annotated[Any, Meta(description="A whole body instead, any JSON.")] = None
    retry_after: Annotated[Wait | None, Meta(description="The header Retry-After, in seconds.")] = None
    delay: Annotated[
        str | float | int, Meta(description="Wait as long before answering, in real time: 2s, 250ms, or seconds.")
    ] = 0
    drop: Annotated[bool, Meta(description="Cut the connection without an answer; the call is not carried out.")] = (
        False
    )
    truncate: Annotated[
        int | bool, Meta(description="Carry the call out, then cut its answer after so many bytes; true for half.")
    ] = False
    times: Annotated[Times | None, Meta(description="How many calls it meets before it ends.")] = None
    probability: Annotated[
        Likelihood | None, Meta(description="How likely a call is met; the dice fall alike in each run.")
    ] = None

    @property
    def delay_s(self) -> float:
        """How long to wait."""
        return read_span(self.delay) / SECOND

    def meets(self, method: str, path: str, app: tuple[str, ...]) -> bool:
        """Whether it is about this call; `app` are the names the app goes by."""
        return (
            self.method.upper() in ("*", "", method)
            and (self.path in ("*", "") or fnmatchcase(path, self.path))
            and (not self.app or self.app in app)
        )

    def answer(self, codes: Codes) -> tuple[int, bytes]:
        """The status and body it answers with."""
        status = self.status or (codes[self.code][0] if self.code is not None and self.code in codes else 500)
        if self.body is not None:
            return status, msgspec.json.encode(self.body)
        code = USUAL_CODES.get(status, 11 if status >= 500 else 5) if self.code is None else self.code
        message = self.message or (codes[code][1] if code in codes else "An error that was ordered.")
        return status, msgspec.json.encode({"success": False, "status_code": code, "status_message": message})

    @property
    def answers(self) -> bool:
        """Whether it answers instead of the world."""
        return self.status is not None or self.code is not None or self.body is not None

    def wrong(self) -> str:
        """What is wrong with it as a whole; empty for nothing."""
        try:
            delay = read_span(self.delay)
        except ValueError as error:
            return f"delay: {error}"
        if delay > LONGEST_DELAY:
            return "delay: at most 5 minutes"
        if not isinstance(self.truncate, bool) and self.truncate < 0:
            return "truncate: true, or how many bytes to let through"
        if not (self.answers or self.drop or self.truncate is not False or delay or self.retry_after is not None):
            return "a rule needs one of status, code, body, delay, drop, truncate, retry_after"
        return ""


class Ordered(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A rule that is in force, with its number and how many calls it has met."""

    number: int
    rule: FaultRule
    met: int = 0
    asked: int = 0

    @property
    def over(self) -> bool:
        """Whether it has met as many calls as it should."""
        return self.rule.times is not None and self.met >= self.rule.times


class Faults:
    """The rules of one world, in the order in which they are tried."""

    def __init__(self, seed: str) -> None:
        """`seed` decides how the dice of this world fall."""
        self._seed = seed
        self._next = 1
        self.rules: list[Ordered] = []

    def add(self, rule: FaultRule) -> Ordered:
        """Put a rule behind the others."""
        ordered = Ordered(number=self._next, rule=rule)
        self._next += 1
        self.rules.append(ordered)
        return ordered

    def clear(self) -> None:
        """Remove all rules."""
        self.rules.clear()

    def restore(self, rules: list[Ordered]) -> None:
        """Have exactly these rules, as far as they have come."""
        self.rules = rules
        self._next = max((each.number for each in rules), default=0) + 1

    def meet(self, method: str, path: str, app: tuple[str, ...]) -> Ordered | None:
        """The first rule that this call meets; it is counted, and gone when that was its last."""
        for ordered in self.rules:
            if not ordered.rule.meets(method, path, app):
                continue
            ordered.asked += 1
            if ordered.rule.probability is not None and self._dice(ordered) >= ordered.rule.probability:
                continue
            ordered.met += 1
            if ordered.over:
                self.rules.remove(ordered)
            return ordered
        return None

    def _dice(self, ordered: Ordered) -> float:
        drawn = hashlib.shake_256(f"{ordered.number}/{ordered.asked}/{self._seed}".encode("utf-8", "surrogatepass"))
        return int.from_bytes(drawn.digest(6), "big") / 2**48
