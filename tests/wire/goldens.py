"""Reads the tables in golden/ and holds the wire to them: status, whole body, every header, and what changed."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from admitone.model.request_tokens import Decision
from tests.wire.dumps import changed, dump
from tests.wire.program import HSTS, Answered, Program
from tests.wire.situation import Situation
from tests.wire.v4 import makers
from tests.world import World

assert makers.__name__, "it is loaded so that goldens can name what it makes"
FOLDER = Path(__file__).parent / "golden"
USUAL = {
    "content-type": "application/json;charset=utf-8",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Retry-After, Authentication-Callback, X-Request-Id",
    "x-content-type-options": "nosniff",
}
SHAPES = {
    "<32 hex>": re.compile(r"[0-9a-f]{32}"),
    "<40 hex>": re.compile(r"[0-9a-f]{40}"),
    "<jwt>": re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}", re.ASCII),
}

# The tables hold nothing but JSON, and so does this.
Golden = dict[str, Any]


def table(name: str) -> Any:
    """One file of golden/."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


REFUSALS: dict[str, tuple[int, Golden]] = {name: (status, body) for name, (status, body) in table("refusals").items()}


class Play:
    """Plays a table against a world and collects what is otherwise than it says."""

    def __init__(self, world: World, program: Program) -> None:
        self._situation = Situation(world)
        self._world = world
        self._program = program

    async def complaints(self, name: str) -> list[str]:
        """What is wrong with the wire according to the table of this name."""
        found = []
        for golden in table(name):
            self._situation.forget()
            for number, step in enumerate(golden.get("steps", [golden]), 1):
                where = f"{name}: it {golden['it']}, step {number}, {step.get('call', '')}"
                found += [f"{where}\n    {complaint}" async for complaint in self._step(step)]
        return found

    async def _step(self, step: Golden) -> Any:
        if "mira" in step:
            token = await self._situation.fill(f"{{{step['token']}}}")
            decision = {"approves": Decision.APPROVE, "denies": Decision.DENY}[step["mira"]]
            await self._world.decide(token, self._world.mira, decision)
            return
        if "clock" in step:
            self._world.clock.advance(step["clock"])
            return
        method, target, headers, body = await self._call(step)
        status, answer = REFUSALS[step["refused"]] if "refused" in step else (step["status"], step["answer"])
        before = await dump(self._world.house)
        answered = await self._program.raw(method, target, headers, body, scheme="http" if "plain" in step else "https")
        changes = changed(before, await dump(self._world.house))
        if target.startswith("/3/authentication/token/validate_with_login"):
            changes.discard("limits")  # every try is counted, whatever becomes of it
        for name, field in step.get("learn", {}).items():
            self._situation.learn(name, str(answered.json().get(field)))
        if answered.status != status:
            yield f"answered {answered.status}, not {status}: {answered.body[:200]!r}"
        elif complaint := difference(answered, await self._situation.filled(answer), bodiless=method == "HEAD"):
            yield complaint
        for complaint in wrong_headers(answered, await self._situation.filled(step.get("sends", {})), "plain" in step):
            yield complaint
        unchanging = "refused" in step or method in {"HEAD", "OPTIONS"}
        expected = set(step["changes"]) if "changes" in step else set() if unchanging else changes
        if changes != expected:
            yield f"changed {sorted(changes)}, not {sorted(expected)}"

    async def _call(self, step: Golden) -> tuple[str, str, list[tuple[str, str]], bytes]:
        method, _, target = (await self._situation.fill(step["call"])).partition(" ")
        headers = dict((await self._situation.filled(step.get("headers", {}))).items())
        body = b""
        if "json" in step:
            headers.setdefault("Content-Type", "application/json")
            body = json.dumps(await self._situation.filled(step["json"])).encode()
        elif "form" in step:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
            body = (await self._situation.fill(step["form"])).encode()
        elif "text" in step:
            body = (await self._situation.fill(step["text"])).encode()
        return method, target, list(headers.items()), body


def difference(answered: Answered, expected: Any, *, bodiless: bool = False) -> str | None:
    """How a body differs from the one expected; None when it is the same to the last value and type."""
    if bodiless:
        return f"sent a body with HEAD: {answered.body!r}" if answered.body else None
    body = answered.json()
    if expected != "<anything>" and (there := list(_different(body, expected, "body"))):
        return "; ".join(there)
    return None


def _different(value: Any, expected: Any, place: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(value, dict) and value.keys() == expected.keys():
        for name, inner in expected.items():
            yield from _different(value[name], inner, f"{place}.{name}")
    elif isinstance(expected, list) and isinstance(value, list) and len(expected) == len(value):
        for number, (each, other) in enumerate(zip(value, expected, strict=True)):
            yield from _different(each, other, f"{place}[{number}]")
    elif not _is(value, expected):
        yield f"{place} is {value!r}, not {expected!r}"


def _is(value: Any, expected: Any) -> bool:
    if expected == "<number>":
        return type(value) is int
    if isinstance(expected, str) and expected in SHAPES:
        return isinstance(value, str) and SHAPES[expected].fullmatch(value) is not None
    return type(value) is type(expected) and value == expected


def wrong_headers(answered: Answered, more: Mapping[str, str], plain: bool = False) -> Iterator[str]:
    """What is wrong with the headers: exactly the usual ones, and `more`."""
    expected = {**USUAL, **more} | ({} if plain else {"strict-transport-security": HSTS})
    names = [name for name, _ in answered.headers]
    if len(names) != len(set(names)):
        yield f"sent headers twice: {sorted(names)}"
    sent = dict(answered.headers)
    if not re.fullmatch(r"[0-9a-f]{16}", sent.pop("x-request-id", "")):
        yield f"has no request id: {answered.headers}"
    length = int(sent.pop("content-length", "-1"))
    if length != len(answered.body) and answered.body:
        yield f"is {len(answered.body)} bytes long and says {length}"
    if length <= 0:
        yield "has no length"
    if sent != expected:
        yield f"has the headers {sent}, not {expected}"
