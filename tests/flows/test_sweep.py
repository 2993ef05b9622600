"""The sweep removes what ended a day ago, in batches, and nothing that is alive."""

import asyncio

import pytest

from admitone.basics.clock import ManualClock
from admitone.flows import callers, request_tokens, sessions, sweep, throttle, visits
from admitone.flows.callers import Credential
from admitone.flows.logins import Attempt
from admitone.flows.sweep import GRACE_MS, Swept
from admitone.model.faults import Fault
from admitone.model.limits import Limit
from admitone.model.request_tokens import LIFE_MS
from admitone.model.visits import SHORT_MS
from tests.flows.conftest import Counted
from tests.store.aside import fault_of, rows
from tests.world import NETWORK, PASSWORD, World

LIMIT = Limit("test", burst=5, interval_ms=1000)


async def test_nothing_is_swept_where_nothing_has_ended(world: World, clock: ManualClock) -> None:
    token = await world.token(world.cineshelf)
    visit = await visits.sign_in(world.house, Attempt("mira", PASSWORD, "::1"), remember=False)
    assert await sweep.sweep(world.house) == Swept(0, 0, 0, 0, 0) or await world.house.read(rows, "limits") == 0
    clock.advance(LIFE_MS - 1)
    await sweep.sweep(world.house)
    assert await world.house.read(request_tokens.find, token)
    assert await world.house.read(visits.find, visit.text)


async def test_a_token_is_known_for_a_day_after_its_end(world: World, clock: ManualClock) -> None:
    token, spent = await world.token(world.cineshelf), await world.approved(world.cineshelf, world.mira)
    session = await world.house.write(sessions.exchange, world.cineshelf.app.id, spent, NETWORK)
    clock.advance(LIFE_MS + GRACE_MS)
    assert (await sweep.sweep(world.house)).request_tokens == 0
    assert await fault_of(world.decide(token, world.mira)) is Fault.TOKEN_EXPIRED
    clock.advance(1)
    assert (await sweep.sweep(world.house)).request_tokens == 2
    assert await fault_of(world.decide(token, world.mira)) is Fault.TOKEN_UNKNOWN
    caller = await world.house.read(callers.recognise, Credential(world.cineshelf.key, None, session))
    assert caller.person  # a session outlives the token it came from
    exchange = world.house.write(sessions.exchange, world.cineshelf.app.id, spent, NETWORK)
    assert await fault_of(exchange) is Fault.TOKEN_UNKNOWN


async def test_visits_that_ended_a_day_ago_are_swept_and_used_ones_stay(world: World, clock: ManualClock) -> None:
    unused, used = [
        await visits.sign_in(world.house, Attempt("mira", PASSWORD, "::1"), remember=False) for _ in range(2)
    ]
    clock.advance(SHORT_MS - 1)
    await world.house.write(visits.roll, used.text)
    clock.advance(1)
    assert (await sweep.sweep(world.house)).visits == 0
    clock.advance(SHORT_MS - 2)
    await world.house.write(visits.roll, used.text)
    clock.advance(GRACE_MS - SHORT_MS + 3)
    await world.house.write(visits.roll, used.text)
    assert (await sweep.sweep(world.house)).visits == 1
    assert await world.house.read(rows, "visits") == 1
    assert unused.text != used.text


async def test_a_bucket_is_swept_only_when_it_is_empty(world: World, clock: ManualClock) -> None:
    for _ in range(LIMIT.burst):
        await world.house.write(throttle.take, Fault.RATE_LIMITED, LIMIT, "somebody")
    clock.advance(LIMIT.burst * 1000)
    assert (await sweep.sweep(world.house)).limits == 0
    clock.advance(1)
    assert (await sweep.sweep(world.house)).limits == 1
    for number in range(LIMIT.burst + 1):
        fault = await fault_of(world.house.write(throttle.take, Fault.RATE_LIMITED, LIMIT, "somebody"))
        assert fault is (None if number < LIMIT.burst else Fault.RATE_LIMITED)


@pytest.mark.holds("S12")
async def test_it_goes_in_batches_until_nothing_is_left(
    counted: Counted, world: World, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "BATCH", 10)
    await asyncio.gather(*(world.token(world.cineshelf) for _ in range(25)))
    clock.advance(LIFE_MS + GRACE_MS + 1)
    alive = await world.token(world.cineshelf)
    assert await sweep.sweep(counted.house) == Swept(25, 0, 0, 0, 0)
    # The last three look for jobs that are over, names that are free again, accounts whose time has come.
    assert counted.store.cost() == ["write 1"] + ["write 12"] * 3 + ["read 1", "write 1", "read 1"]
    assert await world.house.read(rows, "request_tokens") == 1
    assert await world.house.read(request_tokens.find, alive)
