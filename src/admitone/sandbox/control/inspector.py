"""This file is the inspector: the worlds, their log, tokens, people, mail and clock as pages, with buttons."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from admitone.flows.people import outbox
from admitone.sandbox import masking, people, shapes
from admitone.sandbox.clock import read_instant, written
from admitone.sandbox.control import calls, reading
from admitone.sandbox.control.openapi import document
from admitone.sandbox.log import Entry
from admitone.sandbox.problems import Unusable
from admitone.sandbox.worlds import World, Worlds

# Prints a template of the pages with values.
Print = Callable[[str, Mapping[str, object]], Response]

ROOT = "/sandbox/"
DOCS = "/sandbox/docs"
WORLD = "/sandbox/inspect/{world}"
LARGEST_FORM = 4096
SHOWN = 100
# How long a browser's line is held open without news; it asks again by itself.
HELD_S = 25.0

_IN_QUERY = re.compile(r"(\w+)=(?:…\w{4}|%5Bhidden%5D|\[hidden\])")
_IN_JSON = re.compile(r'"(\w+)":"(?:…\w{4}|\[hidden\])"')
_IN_PATH = re.compile(r"…\w{4}")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the log as the page shows it, and the call as curl makes it, its secrets named but not told."""

    entry: Entry
    curl: str

    @property
    def time(self) -> str:
        """The time of day, by the world's clock."""
        return self.entry.at[11:23]


class Inspector:
    """The pages; `routes` are theirs."""

    def __init__(self, worlds: Worlds, show: Print) -> None:
        self._worlds = worlds
        self._print = show

    @property
    def routes(self) -> tuple[Route, ...]:
        """Where they are."""
        return (
            Route("/sandbox", self.move, methods=["GET"]),
            Route(ROOT, self.list, methods=["GET"]),
            Route(DOCS, self.read, methods=["GET"]),
            Route(WORLD, self.show, methods=["GET"]),
            Route(f"{WORLD}/live", self.live, methods=["GET"]),
            Route(f"{WORLD}/{{deed}}", self.act, methods=["POST"]),
        )

    async def move(self, _request: Request) -> Response:
        """To where the pages are."""
        return RedirectResponse(ROOT, 303)

    async def list(self, _request: Request) -> Response:
        """Every world."""
        shown = await calls.list_worlds(calls.Call(self._worlds, {}, {}))
        return self._print("sandbox/worlds.html", {"worlds": shown.worlds})

    async def read(self, _request: Request) -> Response:
        """What programs can ask of the worlds."""
        told, shown = reading.told(document(self._worlds.around.origin))
        return self._print("sandbox/docs.html", {"calls": told, "shapes": shown})

    async def show(self, request: Request) -> Response:
        """One world."""
        world = self._world(request)
        seen = await calls.tokens(world)
        mails = await outbox.kept(world.house)
        values = {
            "world": world,
            "clock": world.clock_state,
            "tokens": seen.request_tokens[:SHOWN],
            "sessions": seen.sessions[:SHOWN],
            "decidable": {token.id for token in seen.request_tokens if token.id in world.texts},
            "mails": [_mail(world, each) for each in reversed(mails)],
            "lines": [_line(self._worlds.around.origin, entry) for entry in reversed(world.log.after(0, SHOWN))],
            "is_default": self._worlds.is_default(world),
            "rules": world.faults.rules,
            "age": _age,
        }
        return self._print("sandbox/world.html", values)

    async def act(self, request: Request) -> Response:
        """A button was pressed. Raises Unusable, and Refused for what cannot be decided."""
        world, form = self._world(request), await _form(request)
        match request.path_params["deed"]:
            case "approve" | "deny" as decision:
                text = world.texts.get(form.get("id", ""))
                if text is None:
                    raise Unusable(404, "token_unknown", "there is no such request token any more")
                wanted = shapes.Approval(request_token=text, username=form.get("username", ""), decision=decision)
                await people.decide(world, wanted)
            case "expire":
                await _expire(world, form.get("id", ""))
            case "advance":
                await world.move(shapes.ClockOrder(advance=form.get("by", "")))
            case "freeze" | "run" as how:
                await world.move(shapes.ClockOrder(freeze=how == "freeze"))
            case "reset":
                await self._worlds.reset(world)
            case _:
                raise Unusable(404, "call_unknown", "there is no such button")
        if (changed := self._worlds.find(world.tag)) is not None:
            changed.is_saved = False
        return RedirectResponse(f"/sandbox/inspect/{world.tag}", 303)

    async def live(self, request: Request) -> Response:
        """Server-sent events: the number of the newest entry, whenever there is one that the page does not show yet."""
        told = request.headers.get("last-event-id") or request.query_params.get("after")
        call = calls.Call(self._worlds, dict(request.path_params), {"after": told} if told else {})
        newest = call.world.log.newest
        known = call.number("after", newest, 2**53)
        # A number beyond the newest is of what this world was before it was brought back.
        return StreamingResponse(
            self._news(call.world.tag, known if known <= newest else -1),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-content-type-options": "nosniff"},
        )

    async def _news(self, tag: str, newest: int) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        try:
            async with asyncio.timeout(HELD_S):
                while (world := self._worlds.find(tag)) is not None:
                    await world.log.wait(newest, HELD_S)
                    newest = world.log.newest
                    yield f"id: {newest}\ndata: {newest}\n\n"
        except TimeoutError:
            return

    def _world(self, request: Request) -> World:
        return calls.Call(self._worlds, dict(request.path_params), {}).world


def curl(origin: str, entry: Entry) -> str:
    """A call as a command: what was masked stands as a variable of the shell."""
    path = _IN_PATH.sub("$TOKEN", entry.path)
    query = _IN_QUERY.sub(lambda found: f"{found[1]}=${found[1].upper()}", entry.query)
    lines = [f'"{origin}{path}{"?" if query else ""}{query}"'.replace("`", "%60")]
    if entry.body.startswith("{"):
        body = _IN_JSON.sub(lambda found: f'"{found[1]}":"\'"${found[1].upper()}"\'"', entry.body.replace("'", "'\\''"))
        lines += ["-H 'Content-Type: application/json'", f"-d '{body}'"]
    elif entry.body and not entry.body.startswith("("):
        lines.append(f'-d "{_IN_QUERY.sub(lambda found: f"{found[1]}=${found[1].upper()}", entry.body)}"')
    verb = "" if entry.method == "GET" else f"-X {entry.method} "
    return f"curl {verb}" + " \\\n  ".join(lines)


async def _expire(world: World, token_id: str) -> None:
    seen = await calls.tokens(world)
    token = next((each for each in seen.request_tokens if each.id == token_id), None)
    if token is None:
        raise Unusable(404, "token_unknown", "there is no such request token any more")
    end = read_instant(token.expires_at)
    if end > world.clock.now():
        await world.move(shapes.ClockOrder(set=written(end)))
    world.tell("control", f"the clock is at {world.clock_state.now}, when {token.hint} expires")


async def _form(request: Request) -> dict[str, str]:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST_FORM:
            raise Unusable(413, "body_too_large", "the form is too large")
    try:
        return dict(parse_qsl(content.decode(), max_num_fields=20))
    except ValueError:
        raise Unusable(400, "body_bad", "this is no form") from None


def _line(origin: str, entry: Entry) -> Line:
    return Line(entry, curl(origin, entry) if entry.kind == "call" and entry.method.isalpha() else "")


def _mail(world: World, mail: Any) -> dict[str, str]:
    """A mail without its link and code: those are for `GET …/mail`."""
    return {
        "to": mail.to,
        "subject": mail.subject,
        "at": written(mail.at),
        "text": masking.text(mail.text, world.secrets),
    }


def _age(seconds: int) -> str:
    """How old something is, in a word."""
    for length, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if abs(seconds) >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
