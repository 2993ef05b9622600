"""This file stands before every world: it finds the world of a request, lets faults happen, and writes the log."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from admitone.basics.log import watched
from admitone.model.faults import Fault
from admitone.model.web.paths import as_meant, with_one_slash
from admitone.sandbox import finding, masking, observed, people
from admitone.sandbox.faults import Ordered
from admitone.sandbox.finding import Brought
from admitone.sandbox.reasons import REASONS
from admitone.sandbox.shapes import AppMade
from admitone.sandbox.worlds import App, World, Worlds

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# More than any body that is read; of a longer one the door hears as much as it needs to refuse it.
LARGEST = 80 * 1024
JSON = (b"content-type", b"application/json;charset=utf-8")
HANG_UP = "admitone.hang_up"
MAKE_TOKENS = ("/3/authentication/token/new", "/4/auth/request_token")
QUIET = ("/static/", "/favicon.ico", "/robots.txt")


@dataclass(slots=True)
class Heard:
    """One request as it came, and what was said of it while it was answered."""

    scope: Scope
    body: bytes
    whole: bool
    brought: Brought
    app: AppMade | None = None
    route: str = ""
    fault: str = ""
    rule: Ordered | None = None
    began: float = field(default_factory=time.perf_counter)

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """Its headers, with the length of the body as it is now."""
        length = (b"content-length", str(len(self.body)).encode())
        sent: list[tuple[bytes, bytes]] = self.scope["headers"]
        return [length if self.whole and each[0] == b"content-length" else each for each in sent]

    @property
    def path(self) -> str:
        """The path, decoded, and one of the wire as the wire takes it."""
        return as_meant(str(self.scope["path"]))

    def watch(self, route: str, _app_id: int | None, fault: str | None) -> None:
        """See `basics.log.watched`."""
        self.route, self.fault = route, str(fault or "")


@dataclass(slots=True)
class Said:
    """An answer, before it goes out."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: bytes) -> str:
        """The first header of this name."""
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == name), "")

    def put(self, name: bytes, value: bytes) -> None:
        """Have exactly this header."""
        self.headers = [(key, each) for key, each in self.headers if key.lower() != name] + [(name, value)]


def instead(status: int, body: bytes) -> Said:
    """An answer that is not the world's own."""
    length = (b"content-length", str(len(body)).encode())
    return Said(status, [JSON, (b"access-control-allow-origin", b"*"), (b"cache-control", b"no-store"), length], body)


class Front:
    """An ASGI application before all worlds."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request in the world that it belongs to."""
        scope = with_one_slash(scope)
        body, whole = await _body(receive)
        brought = Brought(scope["raw_path"], scope["query_string"], dict(reversed(scope["headers"])), body)
        world = finding.find(brought, self._worlds.find, self._worlds.default)
        world.used_at, world.is_saved = self._worlds.around.wall.now(), False
        heard = Heard(scope, body, whole, brought)
        heard.app = next((app for text in brought.credentials if (app := world.app_of(text))), None)
        names = (heard.app.name, heard.app.app) if heard.app else ()
        heard.rule = world.faults.meet(scope["method"], heard.path, names)
        if heard.rule is not None:
            await self._delay(heard, receive)
            if heard.rule.rule.drop:
                _write(world, heard, Said())
                await _hang_up(scope, receive)
                return
        said = await self._said(world, heard, receive)
        if not brought.is_wire:
            said.headers.append(
                (b"set-cookie", f"{finding.COOKIE}={world.tag}; Path=/; HttpOnly; SameSite=Lax".encode())
            )
        _write(world, heard, said)
        await _notice(world, heard, said)
        await _send(heard, said, receive, send)

    async def _delay(self, heard: Heard, receive: Receive) -> None:
        """Let the time of a rule pass, or less: nobody waits for a caller who hung up, or when the server stops."""
        if heard.rule is None or not (delay := heard.rule.rule.delay_s):
            return
        ends: list[asyncio.Task[bool]] = [asyncio.create_task(self._worlds.leaving.wait())]
        if heard.whole:  # else there is more to hear than that the caller is gone
            ends.append(asyncio.create_task(_gone(receive)))
        try:
            await asyncio.wait(ends, timeout=delay, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def _said(self, world: World, heard: Heard, receive: Receive) -> Said:
        if heard.rule is not None and heard.rule.rule.answers:
            said = instead(*heard.rule.rule.answer(world.around.codes))
        elif world.profile == "observed":
            said = await _as_observed(world, heard, receive)
        else:
            said = await _ask(world.app, heard, receive)
        if heard.rule is not None and heard.rule.rule.retry_after is not None:
            said.put(b"retry-after", str(heard.rule.rule.retry_after).encode())
        return said


async def _as_observed(world: World, heard: Heard, receive: Receive) -> Said:
    """What the world answers as TMDB has been seen to."""
    method, path = heard.scope["method"], heard.path
    heard.body = observed.heard(method, path, heard.body)
    observed.before(world, method, path)
    past = observed.past_of(world, method, path)
    said = await _ask(past, heard, receive) if past else Said(status=404)
    if said.status >= 400:
        said = await _ask(world.app, heard, receive)
    if (code := observed.code_instead(method, path, said.status, said.body)) is not None:
        status, message = world.around.codes[code]
        body = {"success": False, "status_code": code, "status_message": message}
        said = instead(status, msgspec.json.encode(body))
    return said


async def _ask(app: App, heard: Heard, receive: Receive) -> Said:
    """What a world itself answers."""
    said = Said()
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": heard.body, "more_body": not heard.whole}

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            said.status, said.headers = message["status"], list(message["headers"])
        else:
            said.body += message.get("body", b"")

    with watched(heard.watch):
        await app({**heard.scope, "headers": heard.headers}, replay, keep)
    return said


async def _send(heard: Heard, said: Said, receive: Receive, send: Send) -> None:
    cut = heard.rule.rule.truncate if heard.rule else False
    is_head = heard.scope["method"] == "HEAD"
    await send({"type": "http.response.start", "status": said.status, "headers": said.headers})
    if cut is False or is_head:
        await send({"type": "http.response.body", "body": b"" if is_head else said.body})
        return
    some = len(said.body) // 2 if cut is True else min(cut, max(0, len(said.body) - 1))
    await send({"type": "http.response.body", "body": said.body[:some], "more_body": True})
    await _hang_up(heard.scope, receive)


async def _notice(world: World, heard: Heard, said: Said) -> None:
    """Tell the people of this world of a new request token."""
    if said.status != 200 or not heard.path.endswith(MAKE_TOKENS):
        return
    try:
        text = msgspec.json.decode(said.body).get("request_token")
    except (msgspec.DecodeError, AttributeError):  # a rule's own body, or JSONP
        return
    if isinstance(text, str):
        await people.notice(world, text, heard.app.name if heard.app else "")


def _write(world: World, heard: Heard, said: Said) -> None:
    if heard.path.startswith(QUIET):
        return
    scope, known = heard.scope, world.secrets
    headers = dict(reversed(scope["headers"]))
    kind = headers.get(b"content-type", b"").decode("latin-1")
    rule = heard.rule
    if rule and (rule.rule.drop or rule.rule.answers):
        reason = f"Fault rule {rule.number} acted; the world was not asked."
    elif rule:
        reason = f"Fault rule {rule.number} acted."
    else:
        reason = ""
    if heard.fault:
        fault = Fault(heard.fault)
        reason = f"{REASONS.get(fault) or world.around.explain(fault)} {reason}".strip()
    path = masking.path(scope["raw_path"], known)
    world.log.write(
        "call",
        heard.route or path,
        method=masking.text(scope["method"][:20]),
        path=path,
        query=masking.pairs(scope["query_string"], known),
        body=masking.body(heard.body, kind, known) if heard.whole else "(too long to keep)",
        status=said.status,
        answer=masking.body(said.body, said.header(b"content-type"), known),
        location=masking.cut(masking.text(said.header(b"location"), known)),
        milliseconds=round((time.perf_counter() - heard.began) * 1000, 2),
        app=heard.app.name if heard.app else "",
        agent=masking.text(headers.get(b"user-agent", b"").decode("latin-1")[:100], known),
        fault=heard.fault,
        reason=reason,
        rule=rule.number if rule else 0,
    )


async def _body(receive: Receive) -> tuple[bytes, bool]:
    """The body, and whether that is all of it: it may be too long, or its sender may have gone."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(chunks), False
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if not message.get("more_body"):
            return b"".join(chunks), True
        if size > LARGEST:
            return b"".join(chunks), False


async def _hang_up(scope: Scope, receive: Receive) -> None:
    """Cut the connection, and wait until the server has noticed."""
    hang_up = scope.get(HANG_UP)
    if hang_up is None:
        raise ConnectionAbortedError
    hang_up()
    await _gone(receive)


async def _gone(receive: Receive) -> bool:
    """Wait until the caller is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    return True
