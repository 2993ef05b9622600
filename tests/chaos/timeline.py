"""Keeps when what was asked and answered: how long nobody was answered, and what was acknowledged in all."""

import time
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from tests.chaos.line import Answer, Ask

APPROVALS, SESSIONS, RATINGS, ENDS = "approvals", "sessions", "ratings", "ends"


class Moment(NamedTuple):
    """A good answer."""

    asked_at: float
    answered_at: float
    writes: bool


class Timeline:
    """Good answers as they came."""

    def __init__(self) -> None:
        self.acknowledged: Counter[str] = Counter()
        self._moments: list[Moment] = []

    def answered(self, ask: Ask, answer: Answer, asked_at: float) -> None:
        """Keep one, unless it refuses."""
        if answer.status >= 400:
            return
        self._moments.append(Moment(asked_at, time.monotonic(), _writes(ask)))
        if kind := _kind(ask):
            self.acknowledged[kind] += 1

    def resumed(self, since: float, *, writes: bool) -> float | None:
        """How long it took from a moment on until something asked after it was answered; None while nothing was."""
        answered = (each.answered_at for each in self._moments if each.writes is writes and each.asked_at > since)
        first = next(answered, None)
        return None if first is None else first - since

    def longest_gap(self, since: float, *, writes: bool) -> float:
        """For how long at most nothing of a kind was answered, from a moment until now."""
        times = [each.answered_at for each in self._moments if each.writes is writes and each.answered_at > since]
        marks = [since, *times, time.monotonic()]
        return max(after - before for before, after in pairwise(marks))

    def count(self, since: float, *, writes: bool) -> int:
        """How many were asked and answered from a moment on."""
        return sum(each.writes is writes and each.asked_at > since for each in self._moments)


def _writes(ask: Ask) -> bool:
    return ask.method != "GET" or ask.target.startswith("/3/authentication/")


def _kind(ask: Ask) -> str | None:
    path = ask.target.partition("?")[0]
    if ask.method == "DELETE":
        return ENDS
    if path.endswith("/session/new"):
        return SESSIONS
    if path.endswith("/rating"):
        return RATINGS
    if path.endswith("/validate_with_login") or (ask.method == "POST" and path.startswith("/authenticate/")):
        return APPROVALS
    return None
