"""What people see of the apps they connected, and that what they disconnect ends at once and everywhere."""

import pytest

from admitone.flows import callers, consents, request_tokens, sessions
from admitone.flows.callers import Credential
from admitone.flows.connected import connections
from admitone.flows.house import House
from admitone.flows.media import marks, ratings
from admitone.flows.media.marks import Marked
from admitone.flows.media.ratings import Rater
from admitone.model.connected.connections import SHOWN, UNUSED_MS, AppOrder, Deeds
from admitone.model.faults import Fault
from admitone.model.media import Mark, MediaType, RatedType, Subject
from admitone.model.request_tokens import State
from admitone.store.engine import open_store
from tests.store.aside import fault_of
from tests.world import MINUTE, NETWORK, Registered, World

DAY = 24 * 60 * MINUTE


async def alive(house: House, app: Registered, session: str) -> bool:
    caller = await house.read(callers.recognise, Credential(app.key, None, session))
    return caller.person is not None


async def shown(world: World, order: AppOrder = AppOrder.USED) -> list[tuple[str, int, int]]:
    connected = await world.house.read(connections.overview, world.mira.id, order)
    return [(each.app.name, len(each.connections), each.total) for each in connected.apps]


async def number_of(world: World, app: Registered, place: int = 0) -> int:
    """The number of a live connection, the latest used first."""
    found, _ = await world.house.read(connections.of_app, world.mira.id, app.app.public_id, 1)
    return found.connections[place].id


async def test_apps_are_grouped_and_the_latest_used_comes_first(world: World) -> None:
    assert await shown(world) == []
    for _ in range(SHOWN + 2):
        await world.session(world.reelsync, world.mira)
        world.clock.advance(MINUTE)
    await world.session(world.cineshelf, world.tomas)
    await world.session(world.cineshelf, world.mira)
    assert await shown(world) == [("CineShelf", 1, 1), ("Reel Sync", SHOWN, SHOWN + 2)]
    world.clock.advance(MINUTE)
    await world.session(world.reelsync, world.mira)
    assert [name for name, _, _ in await shown(world)] == ["Reel Sync", "CineShelf"]
    assert [name for name, _, _ in await shown(world, AppOrder.NAME)] == ["CineShelf", "Reel Sync"]
    assert [name for name, _, _ in await shown(world, AppOrder.CONNECTED)] == ["Reel Sync", "CineShelf"]


async def test_an_app_is_told_with_what_it_wrote(world: World) -> None:
    await world.session(world.cineshelf, world.mira)
    app_id = world.cineshelf.app.id
    for film in (550, 597):
        await world.house.write(ratings.rate, Rater(world.mira.id), app_id, Subject(RatedType.MOVIE, film), 17)
    await world.house.write(marks.mark, world.mira.id, app_id, Marked(Mark.FAVORITE, MediaType.MOVIE, 550))
    await world.house.write(ratings.rate, Rater(world.tomas.id), app_id, Subject(RatedType.MOVIE, 11), 17)
    connected = await world.house.read(connections.overview, world.mira.id, AppOrder.USED)
    assert connected.apps[0].deeds == Deeds(ratings=2, marks=1)


async def test_a_user_access_token_is_a_connection_and_ends_with_it(world: World) -> None:
    kept, ended = [await world.access_token(world.cineshelf, person) for person in (world.tomas, world.mira)]
    assert await shown(world) == [("CineShelf", 1, 1)]
    number = await number_of(world, world.cineshelf)
    await world.house.write(connections.end_one, world.mira.id, world.cineshelf.app.public_id, number)
    assert await shown(world) == []
    assert (await world.house.read(callers.recognise, Credential(None, kept, None))).person
    assert await fault_of(world.house.read(callers.recognise, Credential(None, ended, None))) is Fault.APP_UNKNOWN


async def test_one_connection_ends_and_the_others_live(world: World) -> None:
    first, second = [await world.session(world.cineshelf, world.mira) for _ in range(2)]
    other = await world.session(world.reelsync, world.mira)
    public_id = world.cineshelf.app.public_id
    ended = await number_of(world, world.cineshelf)
    for _ in range(2):  # a form that is sent twice
        await world.house.write(connections.end_one, world.mira.id, public_id, ended)
        assert not await alive(world.house, world.cineshelf, second)
        assert await alive(world.house, world.cineshelf, first)
        assert await alive(world.house, world.reelsync, other)
    found = await world.house.read(connections.one, world.mira.id, public_id, ended)
    assert (found.others, found.connection.ended_at) == (1, world.clock.now())


@pytest.mark.holds("S19")
async def test_what_ends_ends_at_once_for_every_worker(world: World, database_url: str) -> None:
    session = await world.session(world.cineshelf, world.mira)
    other = House(
        await open_store(database_url, world.clock),
        world.clock,
        world.house.entropy,
        world.house.digests,
        world.house.hasher,
    )
    assert await alive(other, world.cineshelf, session)
    await world.house.write(connections.end_of_app, world.mira.id, world.cineshelf.app.public_id)
    assert not await alive(other, world.cineshelf, session)
    await other.store.aclose()


@pytest.mark.parametrize("how", ["one", "app", "all"])
async def test_what_was_approved_and_not_exchanged_is_taken_back(world: World, how: str) -> None:
    await world.session(world.cineshelf, world.mira)
    waiting = await world.approved(world.cineshelf, world.mira)
    elsewhere = await world.approved(world.reelsync, world.mira)
    toms = await world.approved(world.cineshelf, world.tomas)
    public_id = world.cineshelf.app.public_id
    if how == "one":
        ended = await number_of(world, world.cineshelf)
        await world.house.write(connections.end_one, world.mira.id, public_id, ended)
    elif how == "app":
        await world.house.write(connections.end_of_app, world.mira.id, public_id)
    else:
        assert await world.house.write(connections.end_all, world.mira.id) == 1
    refused = await fault_of(world.house.write(sessions.exchange, world.cineshelf.app.id, waiting, NETWORK))
    assert refused is Fault.TOKEN_DENIED
    kept = await world.house.read(request_tokens.find, elsewhere)
    assert kept
    assert kept.state == (State.DENIED if how == "all" else State.APPROVED)
    assert await world.house.write(sessions.exchange, world.cineshelf.app.id, toms, NETWORK)
    assert await world.house.read(consents.look, await world.token(world.cineshelf), world.mira.id)


async def test_the_unused_end_and_no_others(world: World) -> None:
    old = await world.session(world.cineshelf, world.mira)
    world.clock.advance(UNUSED_MS - 1)
    new = await world.session(world.cineshelf, world.mira)
    assert await world.house.read(connections.unused, world.mira.id) == 0
    assert await world.house.write(connections.end_unused, world.mira.id) == 0
    world.clock.advance(1)
    assert await world.house.read(connections.unused, world.mira.id) == 1
    assert await world.house.write(connections.end_unused, world.mira.id) == 1
    assert [await alive(world.house, world.cineshelf, session) for session in (old, new)] == [False, True]


async def test_nobody_ends_what_is_not_theirs_or_learns_of_it(world: World) -> None:
    session = await world.session(world.cineshelf, world.mira)
    other = await world.session(world.reelsync, world.mira)
    mine, public_id = await number_of(world, world.cineshelf), world.cineshelf.app.public_id
    for flow, wanted in (
        (connections.end_one, (world.tomas.id, public_id, mine)),
        (connections.end_one, (world.mira.id, world.reelsync.app.public_id, mine)),
        (connections.end_one, (world.mira.id, public_id, 2**62)),
        (connections.end_of_app, (world.tomas.id, public_id)),
        (connections.end_of_app, (world.mira.id, "0" * 32)),
        (connections.end_of_app, (world.mira.id, "")),
        (connections.of_app, (world.tomas.id, public_id, 1)),
    ):
        assert await fault_of(world.house.write(flow, *wanted)) is Fault.SESSION_NOT_FOUND
    assert await world.house.write(connections.end_all, world.tomas.id) == 0
    assert await alive(world.house, world.cineshelf, session)
    assert await alive(world.house, world.reelsync, other)


async def test_an_apps_page_has_all_of_its_connections(world: World) -> None:
    for _ in range(21):
        await world.session(world.cineshelf, world.mira)
    public_id = world.cineshelf.app.public_id
    found, page = await world.house.read(connections.of_app, world.mira.id, public_id, 2)
    assert (page.total, page.pages, len(found.connections)) == (21, 2, 1)
    await world.house.write(connections.end_all, world.mira.id)
    found, page = await world.house.read(connections.of_app, world.mira.id, public_id, 1)
    assert (page.total, found.connections) == (0, [])
