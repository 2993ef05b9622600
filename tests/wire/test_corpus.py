"""Sends the hostile corpora: every answer is a documented one, nothing changes, nothing of it is in the log (I11)."""

from collections.abc import Iterable, Iterator
from itertools import chain

import pytest

from tests.wire.conftest import Log
from tests.wire.corpora import bodies, identifiers, messages
from tests.wire.corpora.cases import CANARY, Case
from tests.wire.dumps import changed, dump
from tests.wire.goldens import REFUSALS, wrong_headers
from tests.wire.program import Answered, Program
from tests.wire.situation import Situation
from tests.world import PASSWORD, World

# How many there are; a generator that loses some would go unnoticed otherwise.
CASES = {"C01": 711, "C02": 761, "C03": 938, "C05": 3062, "C06": 860}


def wrong(case: Case, answered: Answered) -> Iterator[str]:
    """What is wrong with an answer: not one that the case may get, not to the letter, or with other headers."""
    refusals = {name: REFUSALS[name] for name in case.may - {"ok"}}
    success = "ok" in case.may and answered.status in {200, 201} and answered.json().get("success", True) is True
    if case.method == "HEAD":
        if answered.body:
            yield f"sent a body with HEAD: {answered.body!r}"
    elif not success and (answered.status, answered.json()) not in refusals.values():
        yield f"answered {answered.status} {answered.body[:200]!r}, where {sorted(case.may)} are right"
    yield from wrong_headers(answered, {}, plain=True)


async def send(world: World, logged: Log, cases: Iterable[Case], count: int, secrets: Iterable[str]) -> None:
    """Send every case, then look at what the house remembers and at what the log says."""
    program = Program(world)
    before = await dump(world.house)
    logged.clear()
    complaints: list[str] = []
    number = 0
    for case in cases:
        number += 1
        answered = await program.raw(case.method, case.target, case.headers, case.body)
        complaints += [f"{case.name}: {complaint}" for complaint in wrong(case, answered)]
    changes = changed(before, await dump(world.house)) - {"limits"}
    assert not complaints, f"{len(complaints)} of {number}:\n" + "\n".join(complaints[:40])
    assert not changes
    assert number == count
    assert len(logged.lines()) == number, "one line for each call and no other"
    assert CANARY not in logged.text
    assert not [secret for secret in secrets if secret[:12] in logged.text]


async def names(world: World, *wanted: str) -> dict[str, str]:
    """What these names of tests/wire/situation.py stand for."""
    situation = Situation(world)
    return {name: await situation.fill(f"{{{name}}}") for name in wanted}


@pytest.mark.holds("F8")
async def test_no_twisted_request_token_is_one(world: World, logged: Log) -> None:
    there = await names(world, "key", "approved", "pending", "denied", "spent", "expired", "other_approved", "session")
    others = [there[name] for name in there if name not in {"key", "approved"}]
    cases = identifiers.request_tokens(there["key"], there["approved"], others, PASSWORD)
    await send(world, logged, cases, CASES["C01"] + 3 * len(others), there.values())


@pytest.mark.holds("F9")
async def test_no_twisted_session_is_one(world: World, logged: Log) -> None:
    there = await names(world, "key", "session")
    others = await names(world, "other_session", "ended_session", "approved", "pending", "bearer")
    others |= {"the key": there["key"]}
    cases = identifiers.sessions(there["key"], there["session"], others)
    await send(world, logged, cases, CASES["C02"] + 3 * len(others), [*there.values(), *others.values()])


async def test_no_twisted_credential_is_one(world: World, logged: Log) -> None:
    there = await names(world, "key", "bearer", "other_key", "other_bearer")
    cases = identifiers.credentials(*there.values())
    await send(world, logged, cases, CASES["C03"], [there["key"], there["other_key"], there["bearer"].split(".")[1]])


async def test_no_broken_body_breaks_anything(world: World, logged: Log) -> None:
    there = await names(world, "key", "session", "list_of_two")
    goals = bodies.goals(*there.values())
    cases = chain.from_iterable(map(bodies.bodies, goals))
    await send(world, logged, cases, CASES["C05"], [there["key"], there["session"]])


async def test_no_odd_message_breaks_anything(world: World, logged: Log) -> None:
    there = await names(world, "key", "session")
    await send(world, logged, messages.messages(*there.values()), CASES["C06"], there.values())
