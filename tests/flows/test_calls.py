"""In no second does an app get more calls than it may, from however many processes; counting costs next to nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from admitone.basics.clock import ManualClock
from admitone.flows import sweep
from admitone.flows.calls import NO_APP, Calls
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.limits import ahead, share
from tests.flows.conftest import Counted
from tests.store.aside import rows
from tests.store.crowd import Crowd, Member, outcome
from tests.world import NETWORK

APP = 7
MOST = 50


def limited(house: House, by_network: int = MOST, by_app: int = 0) -> House:
    return replace(house, calls_by_network=by_network, calls_by_app=by_app)


async def answered(calls: Calls, times: int, app: int = APP, network: str = NETWORK) -> int:
    """How many of so many calls got through."""
    tries = [await outcome(calls.count(app, network)) for _ in range(times)]
    assert set(tries) <= {None, Fault.RATE_LIMITED}
    return tries.count(None)


async def test_so_many_get_through_in_a_second_and_as_many_in_the_next(house: House, clock: ManualClock) -> None:
    calls = Calls(limited(house))
    for _ in range(3):
        assert await answered(calls, 2 * MOST) == MOST
        clock.advance(999 - clock.now() % 1000)
        assert await answered(calls, MOST) == 0
        clock.advance(1)


async def test_who_is_refused_hears_when_to_ask_again(house: House) -> None:
    calls = Calls(limited(house, 1))
    await calls.count(APP, NETWORK)
    with pytest.raises(Refused) as refused:
        await calls.count(APP, NETWORK)
    assert (refused.value.fault, refused.value.retry_after) == (Fault.RATE_LIMITED, 1)


async def test_networks_and_apps_are_told_apart(house: House) -> None:
    calls = Calls(limited(house))
    for app, network in ((APP, NETWORK), (APP, "203.0.113.8/32"), (8, NETWORK), (NO_APP, NETWORK)):
        assert await answered(calls, MOST + 1, app, network) == MOST


async def test_an_app_may_be_limited_over_all_networks(house: House) -> None:
    calls = Calls(limited(house, 30, by_app=40))
    assert await answered(calls, 100) == 30
    assert await answered(calls, 100, network="203.0.113.8/32") == 10
    assert await answered(calls, 100, app=8) == 30
    assert await answered(calls, 100, app=NO_APP, network="203.0.113.9/32") == 30


async def test_no_limit_asks_nothing(counted: Counted) -> None:
    assert await answered(Calls(counted.house), 1000) == 1000
    assert counted.store.cost() == []


async def test_few_calls_ask_the_database_and_none_once_all_are_given(counted: Counted) -> None:
    calls = Calls(limited(counted.house, 10_000))
    assert await answered(calls, 10_000) == 10_000
    assert len(counted.store.cost()) < 40
    assert await answered(calls, 100) == 0
    assert len(counted.store.cost()) <= 1


async def test_calls_at_the_same_moment_ask_one_after_another(counted: Counted) -> None:
    calls = Calls(limited(counted.house))
    tries = await asyncio.gather(*(outcome(calls.count(APP, NETWORK)) for _ in range(200)))
    assert tries.count(None) == MOST
    assert len(counted.store.cost()) < 20


async def test_a_store_that_cannot_count_stops_nobody(house: House) -> None:
    store = house.store
    await store.aclose()

    class Broken:
        async def note(self, _flow: object) -> None:
            raise Refused(Fault.STORE_DOWN)

    calls = Calls(limited(replace(house, store=Broken()), 1))  # type: ignore[arg-type]
    assert await answered(calls, 10) == 10


async def test_the_first_call_of_a_second_waits_for_no_store_and_is_counted_all_the_same(house: House) -> None:
    open_again = asyncio.Event()

    class Slow:
        async def note(self, flow: Any) -> Any:
            await open_again.wait()
            return await house.store.note(flow)

    calls = Calls(limited(replace(house, store=Slow()), 2))  # type: ignore[arg-type]
    assert calls.counted(APP, NETWORK)
    assert not calls.counted(APP, NETWORK)
    others = asyncio.gather(*(outcome(calls.count(APP, NETWORK)) for _ in range(3)))
    open_again.set()
    assert (await others).count(None) == 1
    assert await answered(Calls(limited(house, 2)), 3) == ahead(2), "another process finds nothing left"


async def test_no_more_is_put_off_than_the_store_can_do(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admitone.flows.calls.MOST_ASKING", 2)
    calls = Calls(limited(house))
    assert [calls.counted(app, NETWORK) for app in range(1, 5)] == [True, True, False, False]
    for app in range(1, 5):
        assert await answered(calls, 2 * MOST, app) == (MOST - 1 if app < 3 else MOST)


async def test_what_a_second_gave_is_swept_when_it_is_over(house: House, clock: ManualClock) -> None:
    await answered(Calls(limited(house)), 3)
    assert (await sweep.sweep(house, rest=0)).calls == 0
    clock.advance(1000)
    assert (await sweep.sweep(house, rest=0)).calls == 1
    assert await house.read(rows, "calls") == 0


async def test_a_clock_that_is_behind_opens_no_second_again(house: House, clock: ManualClock) -> None:
    ahead, behind = Calls(limited(house)), Calls(limited(replace(house, clock=ManualClock(clock.now() - 1000))))
    assert await answered(ahead, MOST // 2) == MOST // 2
    assert await answered(behind, MOST) + await answered(ahead, MOST) <= MOST - MOST // 2


@pytest.mark.parametrize(
    ("used", "before", "most", "asks"),
    [
        (0, 0, 50, 1),
        (1, 0, 50, 1),
        (4, 0, 50, 4),
        (99, 0, 50, 6),
        (9, 0, 1, 1),
        (0, 8, 50, 4),
        (5, 8, 50, 5),
        (0, 99, 50, 6),
    ],
)
def test_a_share_is_what_was_used_but_an_eighth_at_most(used: int, before: int, most: int, asks: int) -> None:
    assert share(used, before, most) == asks


async def test_who_calls_as_often_as_in_the_second_before_seldom_asks_the_store(
    house: House, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    async def note(store: Any, flow: Any) -> Any:
        asked.append(clock.now())
        return await before(store, flow)

    before = type(house.store).note
    monkeypatch.setattr(type(house.store), "note", note)
    calls = Calls(limited(house, 10_000))
    counts = []
    for _ in range(3):
        asked.clear()
        assert await answered(calls, 1_000) == 1_000
        counts.append(len(asked))
        clock.advance(1_000)
    assert counts == [4, 2, 2]
    clock.advance(1_000)
    asked.clear()
    assert await answered(calls, 4) == 4
    assert len(asked) <= 1, "after a pause it begins with what it answers before it has asked"


@pytest.fixture
async def crowd(database_url: str, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Crowd]:
    """Eight programs on one database."""
    crowd = await asyncio.to_thread(Crowd, database_url, tmp_path / "keys.json", clock)
    yield crowd
    await asyncio.to_thread(crowd.close)


async def test_all_programs_together_give_what_one_second_has_and_each_what_it_answers_ahead(
    crowd: Crowd, clock: ManualClock
) -> None:
    async def until_refused(member: Member) -> int:
        calls, got = Calls(limited(member.house)), 0
        while await outcome(calls.count(APP, NETWORK)) is None:
            got += 1
            await asyncio.sleep(0)
        return got

    for _ in range(5):
        futures = [asyncio.wrap_future(member.run(until_refused(member))) for member in crowd.members]
        assert MOST <= sum(await asyncio.gather(*futures)) <= MOST + (len(crowd.members) - 1) * ahead(MOST)
        clock.advance(1000)
