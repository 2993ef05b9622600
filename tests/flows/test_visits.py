"""A visit lasts twelve hours unused, or thirty days; it rolls on with use, and its browser has no other."""

import pytest

from admitone.basics.clock import ManualClock
from admitone.flows import visits
from admitone.flows.events import Happened
from admitone.flows.logins import Attempt
from admitone.model.faults import Fault
from admitone.model.visits import ROLL_MS, NewVisit
from tests.store.aside import audit, fault_of, rows, switch_account
from tests.world import PASSWORD, START, World

HOUR = 3_600_000
DAY = 24 * HOUR
ADDRESS = "2001:db8:1:2:3::4"
RIGHT = Attempt("mira", PASSWORD, ADDRESS)


async def sign_in(world: World, *, remember: bool = False, old: str | None = None) -> NewVisit:
    return await visits.sign_in(world.house, RIGHT, remember=remember, old=old)


@pytest.mark.parametrize(("remember", "lasts"), [(False, 12 * HOUR), (True, 30 * DAY)])
@pytest.mark.holds("ASVS 7.3.2")
async def test_a_visit_lasts_as_long_as_it_says(world: World, clock: ManualClock, remember: bool, lasts: int) -> None:
    visit = await sign_in(world, remember=remember)
    assert (visit.account_id, visit.expires_at) == (world.mira.id, START + lasts)
    clock.advance(lasts - 1)
    found = await world.house.read(visits.find, visit.text)
    assert found
    assert (found.account_id, found.username, found.made_at, found.proved_at) == (world.mira.id, "mira", START, START)
    clock.advance(1)
    assert await world.house.read(visits.find, visit.text) is None
    assert await world.house.write(visits.roll, visit.text) is None


@pytest.mark.parametrize(("remember", "lasts"), [(False, 12 * HOUR), (True, 30 * DAY)])
async def test_use_moves_the_end_of_a_visit_on(world: World, clock: ManualClock, remember: bool, lasts: int) -> None:
    visit = await sign_in(world, remember=remember)
    for _ in range(5):
        clock.advance(lasts - 1)
        assert await world.house.write(visits.roll, visit.text) == clock.now() + lasts
    found = await world.house.read(visits.find, visit.text)
    assert found
    assert (found.seen_at, found.proved_at, found.expires_at) == (clock.now(), START, clock.now() + lasts)


async def test_the_end_is_moved_once_an_hour_at_most(world: World, clock: ManualClock) -> None:
    visit = await world.house.read(visits.find, (await sign_in(world)).text)
    assert visit
    assert not visits.is_due(visit, START + ROLL_MS - 1)
    assert visits.is_due(visit, START + ROLL_MS)


@pytest.mark.holds("B12", "ASVS 7.2.4")
async def test_signing_in_ends_the_last_visit_of_the_browser_and_no_other(world: World) -> None:
    first, other = await sign_in(world), await sign_in(world)
    second = await sign_in(world, old=first.text)
    found = [await world.house.read(visits.find, visit.text) is not None for visit in (first, other, second)]
    assert found == [False, True, True]
    assert len({first.text, other.text, second.text}) == 3


async def test_a_sign_in_that_fails_leaves_the_last_visit(world: World) -> None:
    visit = await sign_in(world)
    wrong = visits.sign_in(world.house, RIGHT._replace(password="no"), remember=False, old=visit.text)
    assert await fault_of(wrong) is Fault.LOGIN_WRONG
    assert await world.house.read(visits.find, visit.text)
    assert await world.house.read(rows, "visits") == 1


async def test_signing_out_ends_a_visit_once(world: World) -> None:
    visit = await sign_in(world)
    before = len(await world.house.read(audit))
    for _ in range(2):
        await world.house.write(visits.sign_out, visit.text)
        assert await world.house.read(visits.find, visit.text) is None
    await world.house.write(visits.sign_out, "no visit")
    events = (await world.house.read(audit))[before:]
    assert [event[:3] for event in events] == [(Happened.SIGNED_OUT.value, None, world.mira.id)]


@pytest.mark.holds("ASVS 7.4.2")
async def test_somebody_switched_off_is_signed_in_no_longer(world: World) -> None:
    visit = await sign_in(world)
    await world.house.write(switch_account, world.mira.id, off=True)
    assert await world.house.read(visits.find, visit.text) is None
    assert await fault_of(visits.sign_in(world.house, RIGHT, remember=False)) is Fault.ACCOUNT_SWITCHED_OFF


async def test_a_sign_in_is_in_the_audit_with_its_network_only(world: World) -> None:
    await sign_in(world)
    signed_in = (await world.house.read(audit))[-1]
    assert signed_in[:4] == (Happened.SIGNED_IN.value, None, world.mira.id, "2001:db8:1::/56")


@pytest.mark.parametrize("text", ["", "x", "0" * 64, "\0", "\ud800", "x" * 100_000])
@pytest.mark.holds("ASVS 7.2.1")
async def test_no_other_text_is_a_visit(world: World, text: str) -> None:
    await sign_in(world)
    assert await world.house.read(visits.find, text) is None
    assert await world.house.write(visits.roll, text) is None
