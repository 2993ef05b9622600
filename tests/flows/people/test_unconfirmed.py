"""Accounts that nobody confirmed are gone after a week, and no others; what is nobody's after a year (A11, A16)."""

from dataclasses import replace

import pytest

from admitone.flows import accounts, events, sweep
from admitone.flows.events import NOBODYS_MS, Happened
from admitone.flows.house import House
from admitone.flows.media import lists, marks, ratings
from admitone.flows.media.lists import NewList
from admitone.flows.media.marks import Marked
from admitone.flows.media.ratings import Rater
from admitone.flows.people import addresses, signup
from admitone.model.media import Mark, MediaType, RatedType, Subject
from admitone.model.people.joining import UNCONFIRMED_MS, Newcomer, SignUp
from admitone.store.engine.tx import Tx
from tests.post import give_address, posting
from tests.store.aside import audit, rows
from tests.world import PASSWORD, World


@pytest.fixture
def open_to_all(world: World) -> World:
    """The same world, in which mail is sent and anybody may sign up."""
    return replace(world, house=replace(posting(world.house), sign_up=SignUp.OPEN))


async def join(world: World, name: str = "nora") -> int:
    newcomer = Newcomer(name, f"{name}@example.org", "nine purple umbrellas dance", "", "en", "198.51.100.4")
    await signup.sign_up(world.house, newcomer)
    return (await world.house.read(accounts.find, name)).id


async def names(world: World) -> list[str]:
    return [each.username for each in await world.house.read(accounts.everyone)]


@pytest.mark.holds("A11")
async def test_after_a_week_it_is_gone_with_all_that_hung_on_it_and_the_name_is_free(open_to_all: World) -> None:
    world = open_to_all
    await join(world)
    world.clock.advance(UNCONFIRMED_MS - 1)
    assert (await sweep.sweep(world.house, rest=0)).unconfirmed == 0
    world.clock.advance(1)
    assert (await sweep.sweep(world.house, rest=0)).unconfirmed == 1
    assert await names(world) == ["mira", "tomas"]
    found = await world.house.read(audit)
    assert found[-1].kind == "account removed that nobody confirmed"
    assert all(event.network != "198.51.100.4/32" for event in found)
    assert await world.house.read(rows, "mail_links") == 0
    await join(world)
    assert "nora" in await names(world)


async def test_one_that_was_confirmed_stays(open_to_all: World) -> None:
    world = open_to_all
    number = await join(world)
    await world.house.write(give_address, number, "nora@example.org")
    world.clock.advance(2 * UNCONFIRMED_MS)
    assert (await sweep.sweep(world.house, rest=0)).unconfirmed == 0
    assert "nora" in await names(world)


async def test_nobody_is_removed_whom_the_operator_added_or_who_could_not_confirm(open_to_all: World) -> None:
    world = open_to_all
    await accounts.add(world.house, "olga", PASSWORD)
    olga = (await world.house.read(accounts.find, "olga")).id
    await world.house.write(addresses.want, olga, "olga@example.org", "203.0.113.7")
    silent = replace(world, house=replace(world.house, post=None))
    await join(silent, "nora")
    await join(world, "pavel")
    world.clock.advance(2 * UNCONFIRMED_MS)
    assert (await sweep.sweep(silent.house)).unconfirmed == 0  # a house without mail removes nobody
    assert (await sweep.sweep(world.house, rest=0)).unconfirmed == 1
    assert await names(world) == ["mira", "tomas", "olga", "nora"]


@pytest.mark.parametrize("what", ["rating", "mark", "list", "session"])
async def test_what_somebody_would_miss_keeps_it(open_to_all: World, what: str) -> None:
    world = open_to_all
    number = await join(world)
    if what == "rating":
        await world.house.write(ratings.rate, Rater(number), None, Subject(RatedType.MOVIE, 550), 7)
    elif what == "mark":
        await world.house.write(marks.mark, number, None, Marked(Mark.FAVORITE, MediaType.MOVIE, 550))
    elif what == "list":
        await world.house.write(lists.create, number, None, NewList("Noir", "", "en", True))
    else:
        silent = replace(world, house=replace(world.house, post=None))
        await silent.session(silent.cineshelf, world.mira._replace(id=number))
    world.clock.advance(2 * UNCONFIRMED_MS)
    assert (await sweep.sweep(world.house, rest=0)).unconfirmed == 0
    assert "nora" in await names(world)


async def test_many_go_in_batches(open_to_all: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admitone.flows.people.unconfirmed.BATCH", 2)
    world = open_to_all
    for number in range(5):
        await join(world, f"nora{number}")
    world.clock.advance(UNCONFIRMED_MS)
    assert (await sweep.sweep(world.house, rest=0)).unconfirmed == 5


@pytest.mark.holds("A16")
async def test_a16_what_happened_to_nobody_is_forgotten_after_a_year_and_people_s_history_is_not(
    open_to_all: World,
) -> None:
    world = open_to_all

    async def note(_house: House, tx: Tx) -> None:
        await events.record(tx, Happened.SIGNED_IN)
        await events.record(tx, Happened.APP_REMOVED)
        await events.record(tx, Happened.SIGNED_IN, account_id=world.mira.id)

    await world.house.write(note)
    before = len(await world.house.read(audit))
    world.clock.advance(NOBODYS_MS)
    assert (await sweep.sweep(world.house, rest=0)).events == 0
    world.clock.advance(1)
    assert (await sweep.sweep(world.house, rest=0)).events == 1
    left = [event.kind for event in await world.house.read(audit)]
    assert len(left) == before - 1
    assert left[-2:] == ["app removed", "signed in"]


async def test_the_newest_row_of_all_stays(open_to_all: World) -> None:
    world = open_to_all

    async def note(_house: House, tx: Tx) -> None:
        await events.record(tx, Happened.WRONG_PASSWORD)

    await world.house.write(note)
    world.clock.advance(NOBODYS_MS + 1)
    assert (await sweep.sweep(world.house, rest=0)).events == 0
