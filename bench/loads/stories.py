"""This file tells what apps and people do in a mixed load: each story is the calls of one of them, one after another.

What is asked, and how each call must be answered, is the same however busy the server is: any other status is an error.
"""

import json
import random
import re
from collections.abc import Generator
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from bench.loads.call import PASSWORD, Call
from bench.loads.steady import Begin, Reply, Step, Story, Wrong

FORM_KEY = re.compile(rb'name="form_key" value="([^"]+)"')
COOKIE = re.compile(rb"\r\nset-cookie: *(form|visit)=([^;\r]+)", re.IGNORECASE)
USES = 400  # of one visit on the pages, before its person signs in anew
NOBODYS = "0" * 40


class Known(NamedTuple):
    """What the load knows of the world: none of it opens the house."""

    port: int
    api_key: str
    names: tuple[str, ...]
    sessions: tuple[str, ...]
    readers: tuple[tuple[int, str], ...]
    films: tuple[int, ...]


class _Browser:
    """Where a person is signed in."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address
        self.cookie = ""
        self.uses = 0


class Mix:
    """Stories drawn by chance, each as often as its share."""

    def __init__(self, known: Known, chance: random.Random) -> None:
        """`chance` makes two mixes equal."""
        self._known = known
        self._chance = chance
        self._browsers = [_Browser(name, f"10.2.0.{number}") for number, name in enumerate(known.names)]
        self._stories: dict[Begin, float] = {
            self.account: 44,
            self.states: 14,
            self.rated: 10,
            self.rate: 14,
            self.token: 8,
            self.refused: 5,
            self.revoke: 2.5,
            self.deny: 2,
            self.log_in: 0.5,
        }
        self._kinds: list[Begin] = list(self._stories)
        self._shares = list(self._stories.values())

    @property
    def all(self) -> list[Begin]:
        """Every story, once."""
        return self._kinds

    @property
    def visits(self) -> list[Begin]:
        """Everybody's first visit on the pages, which comes before all stories."""
        return [partial(self._visit, browser) for browser in self._browsers]

    def draw(self) -> Begin:
        """The next story."""
        return self._chance.choices(self._kinds, self._shares)[0]

    def first_calls(self, count: int) -> list[Step]:
        """The calls that so many stories begin with: none of them needs an answer to another."""
        return [next(self.draw()()) for _ in range(count)]

    def account(self) -> Story:
        """R1: who is this?"""
        yield self._get("R1", "account", session_id=self._session())

    def states(self) -> Story:
        """R2: what did this person do with that film?"""
        yield self._get("R2", f"movie/{self._film()}/account_states", session_id=self._session())

    def rated(self) -> Story:
        """R3: a page of what this person rated."""
        account, session = self._chance.choice(self._known.readers)
        yield self._get("R3", f"account/{account}/rated/movies", session_id=session)

    def rate(self) -> Story:
        """W2: rate a film."""
        yield self._rating(self._session())

    def token(self) -> Story:
        """W1: an app begins, and its person never comes."""
        yield self._new_token()

    def refused(self) -> Story:
        """Calls that must be refused: a key, a session, a token that nobody gave."""
        kind = self._chance.randrange(3)
        if kind == 0:
            yield Step("refused", self._raw(Call(f"/3/account?api_key={NOBODYS[:32]}")), 401)
        elif kind == 1:
            yield self._get("refused", "account", 401, session_id=NOBODYS)
        else:
            yield self._get("refused", "authentication/session/new", 401, request_token=NOBODYS)

    def sign_in(self) -> Generator[Step, Reply, str]:
        """W3: token, user name and password, session; the session."""
        token = _text(json.loads((yield self._new_token()).body)["request_token"])
        form = {"username": self._chance.choice(self._known.names), "password": PASSWORD, "request_token": token}
        yield self._send("login", self._api("authentication/token/validate_with_login"), form, 200)
        return _session((yield self._get("session", "authentication/session/new", request_token=token)))

    def log_in(self) -> Story:
        """An app signs somebody in by user name and password, uses the session and ends it."""
        session = yield from self.sign_in()
        yield self._get("R1", "account", session_id=session)
        yield self._end(session)

    def revoke(self) -> Story:
        """A person approves on the page; the session is used, ended, and no longer good for anything."""
        token = yield from self._decided("approve")
        session = _session((yield self._get("session", "authentication/session/new", request_token=token)))
        yield self._get("session", "authentication/session/new", 401, request_token=token)
        yield self._get("R1", "account", session_id=session)
        yield self._rating(session)
        yield self._end(session)
        yield self._get("refused", "account", 401, session_id=session)

    def deny(self) -> Story:
        """A person denies on the page, and the token is good for nothing."""
        token = yield from self._decided("deny")
        yield self._get("refused", "authentication/session/new", 401, request_token=token)

    def _decided(self, decision: str) -> Generator[Step, Reply, str]:
        token = _text(json.loads((yield self._new_token()).body)["request_token"])
        if not self._browsers:
            raise Wrong("everybody is signing in")
        browser = self._chance.choice(self._browsers)
        if not browser.uses:
            yield from self._visit(browser)
        browser.uses = (browser.uses + 1) % USES
        cookie = browser.cookie  # another story may sign in anew between these two calls
        headers = {"Cookie": cookie, "X-Forwarded-For": browser.address}
        ticket = yield Step("page", self._raw(Call(f"/authenticate/{token}", headers=headers)), 200)
        form = {"form_key": _form_key(ticket), "decision": decision}
        yield self._send("decision", f"/authenticate/{token}", form, 303, self._own(browser, cookie))
        return token

    def _visit(self, browser: _Browser) -> Story:
        # Nobody else has it meanwhile: all who drew it would sign in with it, and the server would turn them away.
        self._browsers.remove(browser)
        try:
            headers = {"X-Forwarded-For": browser.address}
            page = yield Step("page", self._raw(Call("/signin", headers=headers)), 200)
            form = {"username": browser.name, "password": PASSWORD, "form_key": _form_key(page)}
            own = self._own(browser, f"form={_cookies(page)['form']}")
            signed_in = yield self._send("login", "/signin", form, 303, own)
            browser.cookie, browser.uses = f"visit={_cookies(signed_in)['visit']}", 1
        finally:
            self._browsers.append(browser)

    def _own(self, browser: _Browser, cookie: str) -> dict[str, str]:
        origin = f"http://127.0.0.1:{self._known.port}"
        return {"Cookie": cookie, "X-Forwarded-For": browser.address, "Origin": origin}

    def _new_token(self) -> Step:
        # New tokens are limited for each network: many callers, each seldom enough to be served.
        number = self._chance.randrange(1 << 14)
        headers = {"X-Forwarded-For": f"10.1.{number >> 8}.{number & 255}"}
        return Step("W1", self._raw(Call(self._api("authentication/token/new"), headers=headers)), 200)

    def _rating(self, session: str) -> Step:
        target = self._api(f"movie/{self._film()}/rating", session_id=session)
        body = json.dumps({"value": self._chance.randint(1, 20) / 2})
        return Step("W2", self._raw(Call(target, "POST", {"Content-Type": "application/json"}, body)), 201)

    def _end(self, session: str) -> Step:
        target = self._api("authentication/session", session_id=session)
        return Step("revoke", self._raw(Call(target, "DELETE")), 200)

    def _get(self, kind: str, path: str, status: int = 200, **query: str) -> Step:
        return Step(kind, self._raw(Call(self._api(path, **query))), status)

    def _send(
        self, kind: str, target: str, form: dict[str, str], status: int, headers: dict[str, str] | None = None
    ) -> Step:
        sent = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return Step(kind, self._raw(Call(target, "POST", sent, urlencode(form))), status)

    def _api(self, path: str, **query: str) -> str:
        return f"/3/{path}?{urlencode({'api_key': self._known.api_key, **query})}"

    def _raw(self, call: Call) -> bytes:
        return call.raw(self._known.port).encode("latin-1")

    def _session(self) -> str:
        return self._chance.choice(self._known.sessions)

    def _film(self) -> int:
        return self._chance.choice(self._known.films)


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise Wrong(f"expected a text, found {found!r}")
    return found


def _session(reply: Reply) -> str:
    return _text(json.loads(reply.body)["session_id"])


def _form_key(page: Reply) -> str:
    found = FORM_KEY.search(page.body)
    if not found:
        raise Wrong(f"a page without a form: {page.body[:600]!r}")
    return found[1].decode()


def _cookies(reply: Reply) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in COOKIE.findall(reply.head)}
