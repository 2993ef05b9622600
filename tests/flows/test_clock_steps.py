"""What has expired stays so, whatever becomes of the machine's clock (I17)."""

from dataclasses import replace
from pathlib import Path

import pytest

from admitone.basics.clock import ManualClock, SystemClock
from admitone.flows import consents, events, request_tokens, sessions, visits
from admitone.flows.calls import Calls
from admitone.flows.house import House
from admitone.flows.logins import Attempt
from admitone.model.faults import Fault
from admitone.model.request_tokens import LIFE_MS, Decision
from admitone.model.visits import SHORT_MS
from tests.flows.conftest import Wall, on_clock
from tests.store.aside import fault_of
from tests.world import NETWORK, PASSWORD, START, World, open_house

HOUR = 3_600_000


@pytest.mark.holds("F13")
async def test_a_clock_set_back_revives_nothing(world: World, wall: Wall) -> None:
    house = on_clock(world.house, SystemClock())
    app_id = world.cineshelf.app.id
    pending, approved = [(await house.write(request_tokens.issue, app_id, NETWORK)).text for _ in range(2)]
    await house.write(consents.decide, approved, world.mira.id, Decision.APPROVE)
    visit = await visits.sign_in(house, Attempt("mira", PASSWORD, "::1"), remember=False)

    for ms in (START + LIFE_MS, START + LIFE_MS - 1, START, START - 24 * HOUR):
        wall.ms = ms
        decide = house.write(consents.decide, pending, world.mira.id, Decision.APPROVE)
        assert await fault_of(decide) is Fault.TOKEN_EXPIRED
        exchange = house.write(sessions.exchange, app_id, approved, NETWORK)
        assert await fault_of(exchange) is Fault.TOKEN_EXPIRED
    for ms in (START + SHORT_MS, START):
        wall.ms = ms
        assert await house.read(visits.find, visit.text) is None


@pytest.mark.holds("F13")
async def test_a_clock_set_back_makes_no_limit_and_no_life_longer(world: World, wall: Wall) -> None:
    house = on_clock(world.house, SystemClock())
    wall.ms = START + HOUR
    late = await house.write(request_tokens.issue, world.cineshelf.app.id, NETWORK)
    wall.ms = START
    early = await house.write(request_tokens.issue, world.cineshelf.app.id, NETWORK)
    assert early.expires_at == late.expires_at == START + HOUR + LIFE_MS


async def test_a_clock_set_back_makes_no_second_last_for_longer_than_two(world: World, wall: Wall) -> None:
    calls = Calls(replace(on_clock(world.house, SystemClock()), calls_by_network=5))
    for _ in range(5):
        await calls.count(1, NETWORK)
    wall.ms -= HOUR
    assert await fault_of(calls.count(1, NETWORK)) is Fault.RATE_LIMITED
    wall.steady_ms += 2_000
    await calls.count(1, NETWORK)


async def test_a_restart_does_not_step_back_behind_what_happened(
    world: World, wall: Wall, database_url: str, tmp_path: Path
) -> None:
    house = on_clock(world.house, SystemClock())
    app_id = world.cineshelf.app.id
    token = (await house.write(request_tokens.issue, app_id, NETWORK)).text
    wall.ms = START + LIFE_MS
    await house.write(request_tokens.issue, app_id, NETWORK)

    wall.ms = START
    again = SystemClock()
    house = await open_house(database_url, tmp_path / "keys.json", ManualClock(0), "again")
    restarted = on_clock(house, again)
    again.not_before(await restarted.store.read(events.latest))
    assert again.now() == START + LIFE_MS
    decide = restarted.write(consents.decide, token, world.mira.id, Decision.APPROVE)
    assert await fault_of(decide) is Fault.TOKEN_EXPIRED
    await restarted.aclose()


async def test_nothing_has_happened_yet_in_an_empty_house(house: House) -> None:
    assert await house.store.read(events.latest) == 0
