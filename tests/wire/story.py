"""Tells the story of an app and its people over the wire, in every way a client can, and remembers every secret."""

from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from admitone.flows import accounts, apps, consents, visits
from admitone.flows.logins import Attempt
from admitone.flows.sweep import sweep
from admitone.model.faults import Refused
from admitone.model.request_tokens import Decision
from tests.wire.program import Answered, Program
from tests.wire.situation import register
from tests.wire.test_crashes import broken
from tests.world import Registered, World

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
JSON = (("Content-Type", "application/json"),)


class Story:
    """Everything that happens to secrets, in every way a client can send them; `secrets` are all there ever were."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.secrets: set[str] = set()
        self.program = Program(world)

    def keep(self, *secrets: str) -> str:
        """Remember secrets; the first comes back."""
        assert all(len(secret) > 15 for secret in secrets), "shorter ones would be found by chance"
        self.secrets.update(secrets)
        return secrets[0]

    async def ask(self, method: str, target: str, body: str = "", headers: Any = (), **more: Any) -> Answered:
        """Call, with everything that an answer brings kept."""
        answered = await self.program.raw(method, target, headers, body.encode(), **more)
        assert answered.status < 500 or more.get("broken")
        for name in ("request_token", "session_id", "access_token"):
            if method != "HEAD" and (value := answered.json().get(name)):
                self.keep(value)
        return answered

    async def token(self, key: str) -> str:
        """A new request token, by the wire."""
        answered = await self.ask("GET", f"/3/authentication/token/new?api_key={key}")
        text: str = answered.json()["request_token"]
        return text

    async def tell(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The whole story."""
        app = await self._register_and_rotate()
        key, bearer = app.key, (("Authorization", f"Bearer {app.credentials.read_token}"),)
        await self._passwords(key, bearer)
        session = await self._exchanges(key, bearer)
        await self._sessions(key, session)
        await self._fourth(bearer)
        await self._visits()
        await self._misplaced(key, session)
        await self._crashes(monkeypatch, key, session)
        self.world.clock.advance(3 * 24 * 60 * 60 * 1000)
        await sweep(self.world.house)

    async def _register_and_rotate(self) -> Registered:
        app = await register(self.world)
        for each in (app, self.world.cineshelf, self.world.reelsync):
            self.keep(each.key, each.credentials.read_token, each.credentials.read_token.rpartition(".")[2])
        rotated = await self.world.house.write(apps.rotate, app.app.public_id, 0)
        self.keep(rotated.api_key, rotated.read_token, rotated.read_token.rpartition(".")[2])
        await self.ask("GET", f"/3/authentication/token/new?api_key={app.key}")  # refused by now
        return Registered(app.app, rotated)

    async def _passwords(self, key: str, bearer: Any) -> None:
        first, second = self.keep("orbital lemon teapot 1"), self.keep("velvet-cactus-accordion-2")
        await accounts.add(self.world.house, "nora", first)
        await accounts.set_password(self.world.house, "nora", second, end_sessions=True)
        target = "/3/authentication/token/validate_with_login"
        wrong = self.keep("a wrong one, but somebody's")
        for password in (first, wrong, second):
            token = await self.token(key)
            form = f"username=nora&password={quote_plus(password)}&request_token={token}"
            await self.ask("GET", f"{target}?api_key={key}&{form}")
            await self.ask("POST", target, f"api_key={key}&{form}", FORM)
            body = f'{{"username": "nora", "password": "{password}", "request_token": "{token}"}}'
            await self.ask("POST", target, body, (*JSON, *bearer))
            await self.ask("POST", target, body, (*JSON, *bearer), scheme="http")
            # Typed too early: a password for a name, and a name for a password.
            await self.ask(
                "GET", f"{target}?api_key={key}&username={quote(password)}&password=nora&request_token={token}"
            )
            await self.ask("POST", f"{target}?api_key={key}", body[:-9], JSON)
        for _ in range(25):
            await self.ask("GET", f"{target}?api_key={key}&username=mira&password={quote(wrong)}&request_token=x")

    async def _exchanges(self, key: str, bearer: Any) -> str:
        world, target, session = self.world, "/3/authentication/session/new", ""
        for decision in (None, Decision.APPROVE, Decision.DENY):
            for method in ("query", "form", "JSON", "bearer", "HEAD"):
                token = await self.token(key)
                if decision:
                    await world.house.write(consents.decide, token, world.mira.id, decision)
                    await world.house.read(consents.look, token, world.mira.id)
                keyed, body = f"{target}?api_key={key}", f'{{"request_token": "{token}"}}'
                ways = {
                    "query": ("GET", f"{keyed}&request_token={token}", "", ()),
                    "form": ("POST", target, f"api_key={key}&request_token={token}", FORM),
                    "JSON": ("POST", keyed, body, JSON),
                    "bearer": ("POST", target, body, (*JSON, *bearer)),
                    "HEAD": ("HEAD", f"{keyed}&request_token={token}", "", ()),
                }
                answered = await self.ask(*ways[method])
                await self.ask(*ways[method])  # spent, or refused again
                if method != "HEAD":
                    session = answered.json().get("session_id", session)
        return session

    async def _sessions(self, key: str, session: str) -> None:
        us = f"api_key={key}&session_id={session}"
        body = f'{{"api_key": "{key}", "session_id": "{session}", "value": 8, "name": "Mine"}}'
        await self.ask("GET", f"/3/account?{us}")
        self.world.clock.advance(10 * 60 * 1000)
        await self.ask("GET", f"/3/account/x?{us}")
        await self.ask("POST", f"/3/movie/550/rating?{us}", '{"value": 8}', JSON)
        await self.ask("POST", "/3/movie/550/rating", body, JSON)
        await self.ask("POST", "/3/list", body, JSON)
        await self.ask("GET", f"/3/account?api_key={self.world.reelsync.key}&session_id={session}")
        await self.ask("DELETE", f"/3/authentication/session?api_key={self.world.reelsync.key}", body, JSON)
        await self.ask("DELETE", "/3/authentication/session", f"{us}&x=1", FORM)
        await self.ask("GET", f"/3/account?{us}")

    async def _fourth(self, bearer: Any) -> None:
        world, target, access = self.world, "/4/auth/access_token", ""
        for decision in (None, Decision.DENY, Decision.APPROVE):
            made = await self.ask("POST", "/4/auth/request_token", '{"redirect_to": "app://x"}', (*JSON, *bearer))
            token = made.json()["request_token"]
            self.keep(token.rpartition(".")[2])
            if decision:
                await world.house.write(consents.decide, token, world.mira.id, decision)
            given = await self.ask("POST", target, f'{{"request_token": "{token}"}}', (*JSON, *bearer))
            access = given.json().get("access_token", access)
            await self.ask("POST", f"{target}?request_token={token}", "", bearer)
            await self.ask("GET", f"{target}?{token}={token}", "", (("Authorization", f"Bearer {token}"),))
        self.keep(access.rpartition(".")[2])
        body, own = f'{{"access_token": "{access}"}}', (("Authorization", f"Bearer {access}"),)
        await self.ask("POST", "/3/authentication/session/convert/4", body, (*JSON, *bearer))
        await self.ask("GET", "/3/account", "", own)
        await self.ask("POST", "/3/movie/550/rating", '{"value": 8}', (*JSON, *own))
        await self.ask("GET", f"/3/account/{access}?{access}", "", own)
        await self.ask("DELETE", f"{target}?access_token={access}", "", own)
        await self.ask("GET", "/3/account", "", own)

    async def _visits(self) -> None:
        house, secret = self.world.house, "velvet-cactus-accordion-2"
        old = None
        for remember in (False, True):
            visit = await visits.sign_in(house, Attempt("nora", secret, "203.0.113.7"), remember=remember, old=old)
            old = self.keep(visit.text)
            await house.read(visits.find, visit.text)
            self.world.clock.advance(2 * 60 * 60 * 1000)
            await house.write(visits.roll, visit.text)
        with pytest.raises(Refused):
            await visits.sign_in(house, Attempt(secret, "nora", "203.0.113.7"), remember=False)
        visit = await visits.sign_in(house, Attempt("nora", secret, "203.0.113.7"), remember=False)
        await house.write(visits.sign_out, self.keep(visit.text))

    async def _misplaced(self, key: str, session: str) -> None:
        token = await self.token(key)
        for secret in (token, session, key):
            await self.ask("GET", f"/3/account/{secret}/{secret}?api_key={key}")
            await self.ask("GET", f"/3/{secret}?{secret}&{secret}={secret}&api_key={key}")
            await self.ask(secret, f"/3/account?api_key={key}&session_id={token}")
            headers = [
                (name, secret) for name in ("cookie", "user-agent", "referer", "x-forwarded-for", "content-type")
            ]
            await self.ask("POST", f"/3/list?api_key={key}", secret, headers)
            await self.ask("POST", f"/3/list?api_key={key}", f'{{"{secret}": "{secret}"', JSON)
            await self.ask("DELETE", f"/3/authentication/session?api_key={key}", f'{{"session_id": "{secret}"}}', JSON)

    async def _crashes(self, monkeypatch: pytest.MonkeyPatch, key: str, session: str) -> None:
        token = await self.token(key)
        words = " ".join(sorted(self.secrets))
        with monkeypatch.context() as patch:
            broken(patch, RuntimeError(words, {"password": words}))
            self.program = Program(self.world)
            await self._broken_call("GET", f"/3/authentication/session/new?api_key={key}&request_token={token}")
            await self._broken_call("POST", f"/3/authentication/session/new?api_key={key}&request_token={token}")
        with monkeypatch.context() as patch:
            patch.setattr("admitone.flows.events.record", lambda *_, **__: 1 / 0)
            self.program = Program(self.world)
            await self._broken_call("GET", f"/3/authentication/token/new?api_key={key}&session_id={session}")
        self.program = Program(self.world)

    async def _broken_call(self, method: str, target: str) -> None:
        assert (await self.program.raw(method, target)).status == 500
