"""What a program hears when something of ours breaks, and what the log says of it: enough, and no secret."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from admitone.model.faults import Fault, Refused
from admitone.store.engine.tx import Flow, Store, T
from admitone.wire import door
from admitone.wire.call import Call, Route
from admitone.wire.exchange import Answer
from admitone.wire.routes import ROUTES
from tests.wire.conftest import Log
from tests.wire.dumps import changed, dump
from tests.wire.goldens import REFUSALS, wrong_headers
from tests.wire.program import Program
from tests.world import PASSWORD, World

Breaking = Callable[[str], Exception]


class OddError(Exception):
    """Cannot even be printed."""

    def __str__(self) -> str:
        raise ValueError(PASSWORD)

    __repr__ = __str__


def chained(secret: str) -> Exception:
    """One that another stands behind."""
    error = RuntimeError("outer")
    error.__cause__ = KeyError(secret)
    return error


BREAKINGS: dict[str, Breaking] = {
    "a word": ValueError,
    "a sentence": lambda secret: RuntimeError(f"could not check the password {secret} of mira"),
    "a row": lambda secret: LookupError({"password": secret, "rows": [secret]}),
    "a chain": chained,
    "a group": lambda secret: ExceptionGroup("several", [ValueError(secret)]),
    "an odd one": lambda _: OddError(),
    "no exception of ours": AssertionError,
}


def broken(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let every handler raise this from here on."""

    async def handler(_call: Call) -> Answer:
        raise error

    def breaking(row: Route) -> Route:
        return replace(row, handler=replace(row.handler, run=handler))

    monkeypatch.setattr(door, "ROUTES", tuple(map(breaking, ROUTES)))


@pytest.mark.holds("S2", "S20")
async def test_a_crash_is_answered_with_code_11_and_logged_without_the_secret(
    world: World, logged: Log, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    for name, breaking in BREAKINGS.items():
        with subtests.test(name):
            logged.clear()
            broken(monkeypatch, breaking(PASSWORD))
            program = Program(world)
            login = f"username=mira&password={PASSWORD.replace(' ', '+')}&request_token=x"
            target = f"/3/authentication/token/validate_with_login?api_key={program.app.key}&{login}"
            answered = await program.raw("GET", target)
            assert (answered.status, answered.json()) == REFUSALS["11"]
            assert not list(wrong_headers(answered, {}, plain=True))
            assert not any(word in logged.text for word in (PASSWORD, PASSWORD.split()[1], program.app.key))
            (crash,) = logged.lines("crashed")
            (request,) = logged.lines("request")
            assert crash["request_id"] == request["request_id"] == answered.header("X-Request-Id")
            assert crash["route"] == request["route"] == "/3/authentication/token/validate_with_login"
            assert (crash["level"], request["level"], request["fault"]) == ("error", "error", "crashed")
            assert "in handler" in crash["exception"], "where it broke"
            assert crash["exception"].rstrip().endswith(("Error", "ExceptionGroup")), "of what kind it was"


async def test_a_crash_leaves_nothing_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    token = await world.approved(world.cineshelf, world.mira)

    async def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("admitone.flows.events.record", crash)
    program = Program(world)
    before = await dump(world.house)
    answered = await program.raw(
        "GET", f"/3/authentication/session/new?api_key={program.app.key}&request_token={token}"
    )
    assert answered.status == 500
    assert not changed(before, await dump(world.house))
    monkeypatch.undo()
    answered = await program.raw(
        "GET", f"/3/authentication/session/new?api_key={program.app.key}&request_token={token}"
    )
    assert answered.status == 200


class Failing:
    """A store that is there and does not work."""

    def __init__(self, refusal: Refused, inner: Store | None) -> None:
        self._refusal = refusal
        self._inner = inner

    async def read(self, flow: Flow[T]) -> T:
        if self._inner is None:
            raise self._refusal
        return await self._inner.read(flow)

    async def glance(self, flow: Flow[T]) -> T:
        return await self.read(flow)

    async def write(self, _flow: Flow[T]) -> T:
        raise self._refusal

    async def join(self, _flow: Flow[T]) -> T:
        raise self._refusal

    async def note(self, _flow: Flow[T]) -> T:
        raise self._refusal

    def waited(self) -> float:
        return 0.0

    async def aclose(self) -> None: ...


def failing(world: World, fault: Fault, *, reads: bool) -> Program:
    """A program before a house whose writes fail, and whose reads fail as well if asked for."""
    store = Failing(FAULTS[fault], None if reads else world.house.store)
    return Program(replace(world, house=replace(world.house, store=store)))


FAULTS = {
    Fault.STORE_BUSY: Refused(Fault.STORE_BUSY, retry_after=1, detail="database is locked"),
    Fault.STORE_DOWN: Refused(Fault.STORE_DOWN, retry_after=5, detail="connection to 10.0.0.9 refused"),
    Fault.OUTCOME_UNKNOWN: Refused(Fault.OUTCOME_UNKNOWN, detail="ConnectionDoesNotExistError"),
}


@pytest.mark.holds("S4", "S5")
async def test_a_store_that_fails_is_a_server_that_is_offline(
    world: World, logged: Log, subtests: pytest.Subtests
) -> None:
    for fault, reads in product(FAULTS, (True, False)):
        with subtests.test(fault.value, reads=reads):
            logged.clear()
            program = failing(world, fault, reads=reads)
            answered = await program.raw("GET", f"/3/authentication/token/new?api_key={program.app.key}")
            assert (answered.status, answered.json()) == REFUSALS["9"]
            seconds = FAULTS[fault].retry_after
            more = {} if seconds is None else {"retry-after": str(seconds)}
            assert not list(wrong_headers(answered, more, plain=True))
            (request,) = logged.lines()
            assert (request["fault"], request["status"]) == (fault.value, 503)
            assert "10.0.0.9" not in logged.text + str(answered)


async def test_reading_goes_on_while_nothing_can_be_written(world: World, logged: Log) -> None:
    session = await world.session(world.cineshelf, world.mira)
    world.clock.advance(60 * 60 * 1000)  # its last use is due to be written down
    program = failing(world, Fault.STORE_DOWN, reads=False)
    answered = await program.raw("GET", f"/3/account?api_key={program.app.key}&session_id={session}")
    assert answered.status == 200
    assert [line["event"] for line in logged.lines()] == ["last use not written", "request"]


async def test_last_use_is_written_at_most_once_in_five_minutes(world: World) -> None:
    session = await world.session(world.cineshelf, world.mira)
    program = Program(world)
    target = f"/3/account?api_key={program.app.key}&session_id={session}"
    changes = []
    for minutes in (0, 4, 2, 0, 4, 2):
        world.clock.advance(minutes * 60_000)
        before = await dump(world.house)
        await program.raw("GET", target)
        changes.append(changed(before, await dump(world.house)))
    assert changes == [set(), set(), {"sessions"}, set(), set(), {"sessions"}]
