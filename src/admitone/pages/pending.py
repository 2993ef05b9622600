"""This file keeps a request that waits for somebody to sign in: sealed, in a cookie, out of the address bar."""

import json
from typing import NamedTuple
from urllib.parse import quote, urlencode

from admitone.basics.digests import Kind
from admitone.model.request_tokens import Generation
from admitone.pages.guard import Visitor, cookie_name, unsealed
from admitone.pages.moments import HOUR

LIFE = HOUR
PREFIX = "ask-"
FOURTH = "/auth/access"
# Browsers send every cookie with every request, and servers in front of us refuse long headers.
MOST = 5
MOST_CHARACTERS = 6_000


class Question(NamedTuple):
    """What an app asks a person to decide: its request token, and where it wants the browser to go afterwards.

    `return_to` is an address that `model.returns` has judged, or None; `state` is handed back to the app as it is.
    One of the fourth generation has its address inside, and pages of its own.
    """

    token: str
    return_to: str | None = None
    state: str | None = None
    generation: int = Generation.THIRD

    @property
    def door(self) -> str:
        """The address of the page that asks."""
        if self.generation == Generation.FOURTH:
            return f"{FOURTH}?request_token={quote(self.token, safe='')}"
        wishes = {"redirect_to": self.return_to, "state": self.state}
        query = urlencode({name: wish for name, wish in wishes.items() if wish is not None}, quote_via=quote)
        return f"{self.decided_at}{'?' if query else ''}{query}"

    @property
    def decided_at(self) -> str:
        """Where the form of that page goes."""
        if self.generation == Generation.FOURTH:
            return self.allowed
        return f"/authenticate/{quote(self.token, safe='')}"

    @property
    def allowed(self) -> str:
        """Where the browser is after approving; apps compare this address literally (client-rules 15 and 16)."""
        if self.generation == Generation.FOURTH:
            return f"{FOURTH}/approve"
        return f"{self.decided_at}/allow"

    @property
    def denied(self) -> str:
        """Where the browser is after denying."""
        if self.generation == Generation.FOURTH:
            return f"{FOURTH}/deny"
        return f"{self.decided_at}/deny"


class Kept(NamedTuple):
    """A waiting request as its cookie tells it."""

    handle: str
    made_at: int
    size: int
    question: Question


def keep(visitor: Visitor, question: Question) -> str:
    """Let the browser keep a request for an hour; its handle, for `/signin?for=HANDLE`.

    The same request has the same handle, so that looking again does not fill the browser with cookies.
    """
    handle = _handle(visitor, question)
    text = json.dumps([visitor.now, *question], separators=(",", ":"))
    sealed = visitor.house.digests.seal(Kind.PENDING, text, visitor.now + LIFE)
    _make_room(visitor, handle, len(sealed))
    visitor.keep(PREFIX + handle, sealed, LIFE // 1000)
    return handle


def find(visitor: Visitor, handle: str) -> Question | None:
    """The request that the browser keeps under `handle`, or None."""
    return next((kept.question for kept in _all(visitor) if kept.handle == handle), None)


def forget(visitor: Visitor, token: str) -> None:
    """Take back what the browser keeps of a request that has been decided."""
    for kept in _all(visitor):
        if kept.question.token == token:
            visitor.drop(PREFIX + kept.handle)


def _make_room(visitor: Visitor, handle: str, size: int) -> None:
    others = sorted((kept for kept in _all(visitor) if kept.handle != handle), key=lambda kept: -kept.made_at)
    room = MOST_CHARACTERS - size
    for number, kept in enumerate(others, start=2):
        room -= kept.size
        if number > MOST or room < 0:
            visitor.drop(PREFIX + kept.handle)


def _all(visitor: Visitor) -> list[Kept]:
    prefix = cookie_name(visitor.site, PREFIX)
    found: list[Kept] = []
    for name, sealed in visitor.cookies.items():
        if not name.startswith(prefix):
            continue
        match unsealed(visitor, Kind.PENDING, sealed):
            case [int() as made_at, str() as token, (str() | None) as return_to, (str() | None) as state, *generation]:
                question = Question(token, return_to, state, *generation[:1])
            case _:
                continue
        if name == prefix + _handle(visitor, question):
            found.append(Kept(name.removeprefix(prefix), made_at, len(sealed), question))
    return found


def _handle(visitor: Visitor, question: Question) -> str:
    text = "\0".join(wish or "" for wish in question[:3])
    return visitor.house.digests.of(Kind.PENDING, text)[1:7].hex()
