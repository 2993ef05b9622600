"""The sweep removes what ended a day ago, in batches, and nothing that is alive."""

import asyncio
import os

import pytest

from admitone.basics.clock import ManualClock
from admitone.flows import callers, request_tokens, resting, sessions, sweep, throttle, visits
from admitone.flows.callers import Credential
from admitone.flows.house import House
from admitone.flows.logins import Attempt
from admitone.flows.resting import AIM_S, FEWEST, MOST_ROWS, Pace, next_rows, rest_after
from admitone.flows.sweep import GRACE_MS, Swept
from admitone.model.faults import Fault
from admitone.model.limits import Limit
from admitone.model.people.history import SHOWN_MS
from admitone.model.request_tokens import LIFE_MS
from admitone.model.visits import SHORT_MS
from admitone.store.engine.tx import Tx
from admitone.store.request_tokens import ISSUE
from tests.flows.conftest import Counted
from tests.store.aside import fault_of, rows
from tests.world import NETWORK, PASSWORD, World

LIMIT = Limit("test", burst=5, interval_ms=1000)


async def test_nothing_is_swept_where_nothing_has_ended(world: World, clock: ManualClock) -> None:
    token = await world.token(world.cineshelf)
    visit = await visits.sign_in(world.house, Attempt("mira", PASSWORD, "::1"), remember=False)
    assert await sweep.sweep(world.house, rest=0) == Swept() or await world.house.read(rows, "limits") == 0
    clock.advance(LIFE_MS - 1)
    await sweep.sweep(world.house, rest=0)
    assert await world.house.read(request_tokens.find, token)
    assert await world.house.read(visits.find, visit.text)


async def test_a_token_is_known_for_a_day_after_its_end(world: World, clock: ManualClock) -> None:
    token, spent = await world.token(world.cineshelf), await world.approved(world.cineshelf, world.mira)
    session = await world.house.write(sessions.exchange, world.cineshelf.app.id, spent, NETWORK)
    clock.advance(LIFE_MS + GRACE_MS)
    assert (await sweep.sweep(world.house, rest=0)).request_tokens == 0
    assert await fault_of(world.decide(token, world.mira)) is Fault.TOKEN_EXPIRED
    clock.advance(1)
    assert (await sweep.sweep(world.house, rest=0)).request_tokens == 2
    assert await fault_of(world.decide(token, world.mira)) is Fault.TOKEN_UNKNOWN
    caller = await world.house.read(callers.recognise, Credential(world.cineshelf.key, None, session))
    assert caller.person  # a session outlives the token it came from
    exchange = world.house.write(sessions.exchange, world.cineshelf.app.id, spent, NETWORK)
    assert await fault_of(exchange) is Fault.TOKEN_UNKNOWN


async def test_a_session_is_known_for_ninety_days_after_its_end(world: World, clock: ManualClock) -> None:
    ended, alive = [await world.session(world.cineshelf, world.mira) for _ in range(2)]
    await world.house.write(sessions.end, world.cineshelf.app.id, ended, NETWORK)
    clock.advance(SHOWN_MS)
    assert (await sweep.sweep(world.house, rest=0)).sessions == 0
    clock.advance(1)
    assert (await sweep.sweep(world.house, rest=0)).sessions == 1
    assert await world.house.read(rows, "sessions") == 1
    assert (await world.house.read(callers.recognise, Credential(world.cineshelf.key, None, alive))).person


async def test_visits_that_ended_a_day_ago_are_swept_and_used_ones_stay(world: World, clock: ManualClock) -> None:
    unused, used = [
        await visits.sign_in(world.house, Attempt("mira", PASSWORD, "::1"), remember=False) for _ in range(2)
    ]
    clock.advance(SHORT_MS - 1)
    await world.house.write(visits.roll, used.text)
    clock.advance(1)
    assert (await sweep.sweep(world.house, rest=0)).visits == 0
    clock.advance(SHORT_MS - 2)
    await world.house.write(visits.roll, used.text)
    clock.advance(GRACE_MS - SHORT_MS + 3)
    await world.house.write(visits.roll, used.text)
    assert (await sweep.sweep(world.house, rest=0)).visits == 1
    assert await world.house.read(rows, "visits") == 1
    assert unused.text != used.text


async def test_a_bucket_is_swept_only_when_it_is_empty(world: World, clock: ManualClock) -> None:
    for _ in range(LIMIT.burst):
        await world.house.write(throttle.take, Fault.RATE_LIMITED, LIMIT, "somebody")
    clock.advance(LIMIT.burst * 1000)
    assert (await sweep.sweep(world.house, rest=0)).limits == 0
    clock.advance(1)
    assert (await sweep.sweep(world.house, rest=0)).limits == 1
    for number in range(LIMIT.burst + 1):
        fault = await fault_of(world.house.write(throttle.take, Fault.RATE_LIMITED, LIMIT, "somebody"))
        assert fault is (None if number < LIMIT.burst else Fault.RATE_LIMITED)


@pytest.mark.holds("S12")
async def test_it_goes_in_batches_until_nothing_is_left(
    counted: Counted, world: World, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "FEWEST", 10)
    monkeypatch.setattr(resting, "next_rows", lambda rows, took: rows)
    await asyncio.gather(*(world.token(world.cineshelf) for _ in range(25)))
    clock.advance(LIFE_MS + GRACE_MS + 1)
    alive = await world.token(world.cineshelf)
    assert await sweep.sweep(counted.house, rest=0) == Swept(25)
    # One look at who changed most, one at what is overdue, nothing asked of kinds of which nothing is. The last three
    # look for jobs that are over, names that are free again, accounts whose time has come.
    asked = ["read 1", f"read {len(sweep.KINDS)}", *["note 1"] * 3, "read 1", "write 1", "read 1"]
    assert counted.store.cost() == asked
    assert await world.house.read(rows, "request_tokens") == 1
    assert await world.house.read(request_tokens.find, alive)


def test_a_batch_that_took_long_is_followed_by_a_smaller_one() -> None:
    assert next_rows(200, AIM_S) == 200
    assert next_rows(200, 4 * AIM_S) == 50
    assert next_rows(200, 1_000 * AIM_S) == FEWEST
    assert next_rows(200, AIM_S / 100) == 400
    assert next_rows(MOST_ROWS, 0) == MOST_ROWS


async def test_it_begins_with_few_rows_and_what_one_kind_taught_holds_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resting, "next_rows", lambda rows, took: 2 * rows)
    asked: list[int] = []

    async def batch(most: int) -> int:
        asked.append(most)
        return min(most, left.pop())

    pace = Pace(rest=0)
    left = [0, FEWEST * 2, FEWEST]
    assert await pace.clear(batch) == 3 * FEWEST
    left = [1]
    assert await pace.clear(batch) == 1
    assert asked == [FEWEST, 2 * FEWEST, 4 * FEWEST, 4 * FEWEST]


async def test_it_tells_for_how_long_the_oldest_row_of_each_kind_could_have_gone(
    world: World, clock: ManualClock
) -> None:
    await world.token(world.cineshelf)
    await world.house.write(throttle.take, Fault.RATE_LIMITED, LIMIT, "somebody")
    clock.advance(LIFE_MS + GRACE_MS)
    late = await world.house.read(sweep.overdue)
    assert late["request_tokens"] == 0
    assert late["limits"] == LIFE_MS + GRACE_MS - LIMIT.interval_ms
    clock.advance(7)
    assert (await world.house.read(sweep.overdue))["request_tokens"] == 7
    await sweep.sweep(world.house, rest=0)
    assert set((await world.house.read(sweep.overdue)).values()) == {0}


def test_every_kind_is_told_by_its_name() -> None:
    assert set(sweep.KINDS) == set(Swept._fields) - {"jobs", "accounts", "unconfirmed"}


# `ADMITONE_EXPIRED=1000000` is what is promised; with every `make test` it is fewer.
EXPIRED = int(os.environ.get("ADMITONE_EXPIRED", "5000"))


@pytest.mark.timeout(1200)
async def test_whatever_has_piled_up_is_cleared_beside_callers_who_are_not_kept_waiting(
    world: World, clock: ManualClock
) -> None:
    house, app_id = world.house, world.cineshelf.app.id
    for first in range(0, EXPIRED, 10_000):
        await house.write(_pile_up, app_id, range(first, min(first + 10_000, EXPIRED)))
    clock.advance(LIFE_MS + GRACE_MS + 1)
    over = asyncio.Event()

    async def call() -> int:
        issued = 0
        while not over.is_set():
            await world.token(world.cineshelf)
            issued += 1
        return issued

    calling = asyncio.create_task(call())
    # Two at once: neither waits for a row that the other has in hand, and nothing is counted twice.
    both = await asyncio.gather(sweep.sweep(house, rest=0.1), sweep.sweep(house, rest=0.1))
    over.set()
    issued = await calling
    assert sum(swept.request_tokens for swept in both) == EXPIRED
    assert issued > 0
    assert await house.read(rows, "request_tokens") == issued


async def _pile_up(house: House, tx: Tx, app_id: int, numbers: range) -> None:
    made = {"app_id": app_id, "network": NETWORK, "now": tx.now, "expires_at": tx.now + LIFE_MS}
    each = {**made, "generation": 3, "redirect_to": None}
    await tx.many(ISSUE, [{"digest": b"%032d" % number, **each} for number in numbers])


async def test_what_takes_long_has_shorter_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    ticks = iter(range(1000))

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def batch(most: int) -> int:
        return most if len(slept) < 5 else 0

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(resting, "perf_counter", lambda: float(next(ticks)))  # a batch takes a second
    monkeypatch.setattr(resting, "monotonic", lambda: 100.0 * len(slept))
    monkeypatch.setattr(resting, "PATIENCE_S", 250.0)
    await Pace(resting.REST).clear(batch)
    assert slept == [99.0, 99.0, 99.0, 9.0, 9.0]


@pytest.mark.parametrize(("done", "rest", "rests"), [(5, resting.REST, 1), (0, resting.REST, 0), (5, 0, 0)])
async def test_after_a_batch_nothing_is_done_for_many_times_as_long(
    done: int, rest: float, rests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    clock = asyncio.get_running_loop().time
    took = 0.0

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def batch() -> int:
        nonlocal took
        began = clock()
        while not took:
            took = clock() - began
        return done

    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert await rest_after(batch(), rest) == done
    assert len(slept) == rests
    assert all(seconds >= took * rest for seconds in slept)
