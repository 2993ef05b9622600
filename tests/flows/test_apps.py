"""Apps get their two credentials once; rotation ends the old ones when it should, removal takes everything along."""

import pytest

from admitone.basics import jwt
from admitone.basics.clock import ManualClock
from admitone.flows import accounts, apps, callers, request_tokens, sessions
from admitone.flows.apps import Credentials, Registration
from admitone.flows.callers import Credential
from admitone.flows.events import Happened
from admitone.flows.media import ratings
from admitone.flows.media.ratings import Rater
from admitone.model.apps import AppKind
from admitone.model.faults import Fault
from admitone.model.media import RatedType, Subject
from admitone.model.paging import Order
from tests.flows.conftest import without_catalogue
from tests.store.aside import audit, fault_of, rows, switch_app
from tests.world import NETWORK, START, World

HOUR = 3_600_000


async def known(world: World, credentials: Credentials) -> list[Fault | None]:
    """Whether the key is known, and whether the read token is."""
    each = (Credential(credentials.api_key, None, None), Credential(None, credentials.read_token, None))
    return [await fault_of(world.house.read(callers.recognise, credential)) for credential in each]


GOOD, GONE = [None, None], [Fault.APP_UNKNOWN, Fault.APP_UNKNOWN]


async def test_an_app_is_what_its_registration_says(world: World) -> None:
    addresses = ("https://b.example/back", "http://127.0.0.1/back", "https://b.example/back")
    registration = Registration("Night Owl", "tomas", "https://owl.example", AppKind.TV, addresses, first_party=True)
    app, credentials = await world.house.write(apps.add, registration)

    assert (app.name, app.website, app.kind, app.first_party) == ("Night Owl", "https://owl.example", "tv", 1)
    assert (app.owner_id, app.owner_name, app.made_at) == (world.tomas.id, "Tomas Lindqvist", START)
    assert app.switched_off_at is None
    assert await world.house.read(apps.find, app.public_id) == app
    assert await world.house.read(apps.every) == [world.cineshelf.app, world.reelsync.app, app]
    assert await known(world, credentials) == GOOD
    assert await world.house.read(rows, "app_returns") == 2


async def test_the_credentials_have_the_form_that_clients_know(world: World) -> None:
    app, (api_key, read_token) = world.cineshelf.app, world.cineshelf.credentials
    assert len(api_key) == 32
    assert int(api_key, 16)
    claims = jwt.read(read_token, world.house.digests)
    assert claims
    assert claims.pop("jti")
    assert claims == {
        "aud": app.public_id,
        "nbf": START / 1000,
        "sub": world.mira.object_id,
        "scopes": ["api_read"],
        "version": 1,
    }


@pytest.mark.parametrize(
    ("registration", "fault"),
    [
        (Registration("CineShelf", "mira"), Fault.NAME_TAKEN),
        (Registration("cine shelf", "mira"), Fault.NAME_TAKEN),
        (Registration("CіneShelf", "mira"), Fault.NAME_TAKEN),  # noqa: RUF001 - a Cyrillic letter
        (Registration("", "mira"), Fault.NAME_BAD),
        (Registration("New", "nobody"), Fault.ACCOUNT_UNKNOWN),
        (Registration("New", "mira", addresses=("javascript:alert(1)",)), Fault.RETURN_ADDRESS_BAD),
    ],
    ids=range(6),
)
async def test_an_app_that_cannot_be_is_refused_and_leaves_nothing(
    world: World, registration: Registration, fault: Fault
) -> None:
    assert await fault_of(world.house.write(apps.add, registration)) is fault
    assert [await world.house.read(rows, table) for table in ("apps", "app_credentials", "app_returns")] == [2, 2, 0]


async def test_rotated_credentials_work_on_for_as_long_as_said(world: World, clock: ManualClock) -> None:
    old = world.cineshelf.credentials
    new = await world.house.write(apps.rotate, world.cineshelf.app.public_id, HOUR)
    assert set(old) & set(new) == set()
    assert await known(world, old) == await known(world, new) == GOOD
    clock.advance(HOUR - 1)
    assert await known(world, old) == GOOD
    clock.advance(1)
    assert await known(world, old) == GONE
    assert await known(world, new) == GOOD


async def test_credentials_rotated_at_once_are_dead_at_once(world: World) -> None:
    old = world.cineshelf.credentials
    session = await world.session(world.cineshelf, world.mira)
    new = await world.house.write(apps.rotate, world.cineshelf.app.public_id, 0)
    assert await known(world, old) == GONE
    caller = await world.house.read(callers.recognise, Credential(new.api_key, None, session))
    assert caller.person
    assert caller.person.account_id == world.mira.id


async def test_a_second_rotation_never_lets_the_first_credentials_live_longer(world: World, clock: ManualClock) -> None:
    first = world.cineshelf.credentials
    public_id = world.cineshelf.app.public_id
    second = await world.house.write(apps.rotate, public_id, HOUR)
    third = await world.house.write(apps.rotate, public_id, 10 * HOUR)
    clock.advance(HOUR)
    assert [await known(world, each) for each in (first, second, third)] == [GONE, GOOD, GOOD]
    fourth = await world.house.write(apps.rotate, public_id, 0)
    assert [await known(world, each) for each in (second, third, fourth)] == [GONE, GONE, GOOD]


async def test_rotation_touches_no_other_app(world: World) -> None:
    await world.house.write(apps.rotate, world.cineshelf.app.public_id, 0)
    assert await known(world, world.reelsync.credentials) == GOOD


async def test_a_removed_app_takes_everything_with_it_but_what_people_made(world: World) -> None:
    app = world.cineshelf.app
    session, other = await world.session(world.cineshelf, world.mira), await world.session(world.reelsync, world.mira)
    pending, approved = await world.token(world.cineshelf), await world.approved(world.cineshelf, world.mira)
    await world.house.write(ratings.rate, Rater(world.mira.id), app.id, Subject(RatedType.MOVIE, 550), 17)
    await world.house.write(apps.remove, app.public_id)

    assert await known(world, world.cineshelf.credentials) == GONE
    assert await known(world, world.reelsync.credentials) == GOOD
    for token in (pending, approved):
        assert await world.house.read(request_tokens.find, token) is None
    assert await fault_of(world.house.write(sessions.end, app.id, session, NETWORK)) is Fault.SESSION_NOT_FOUND
    caller = await world.house.read(callers.recognise, Credential(world.reelsync.key, None, other))
    assert caller.person
    page = await world.house.read(ratings.rated_titles, Rater(world.mira.id), RatedType.MOVIE, Order.OLDEST_FIRST, 1)
    assert page.total == 1
    assert (await world.house.read(audit))[-1][:2] == (Happened.APP_REMOVED.value, app.id)


async def test_an_app_that_is_removed_or_switched_off_between_two_steps_is_no_crash(world: World) -> None:
    fight_club = Subject(RatedType.MOVIE, 550)
    await world.house.write(switch_app, world.cineshelf.app.id, off=True)
    await world.house.write(apps.remove, world.reelsync.app.public_id)
    for app in (world.cineshelf.app, world.reelsync.app):
        issue = world.house.write(request_tokens.issue, app.id, NETWORK)
        assert await fault_of(issue) is Fault.APP_UNKNOWN
    for house in (world.house, without_catalogue(world.house)):
        await house.write(ratings.rate, Rater(world.tomas.id), world.reelsync.app.id, fight_club, 17)
    assert [await world.house.read(rows, table) for table in ("request_tokens", "ratings")] == [0, 1]


async def test_the_name_of_a_removed_app_is_free_and_its_number_is_not_given_again(world: World) -> None:
    last = max(app.id for app in await world.house.read(apps.every))
    for app in await world.house.read(apps.every):
        await world.house.write(apps.remove, app.public_id)
    app, _ = await world.house.write(apps.add, Registration("CineShelf", "mira"))
    assert app.id > last


async def test_what_nobody_registered_can_be_neither_found_nor_changed(world: World) -> None:
    for public_id in ("f" * 32, "", world.cineshelf.key):
        for work in (
            world.house.read(apps.find, public_id),
            world.house.write(apps.rotate, public_id, 0),
            world.house.write(apps.remove, public_id),
        ):
            assert await fault_of(work) is Fault.APP_UNKNOWN


async def test_an_owner_is_found_however_the_name_is_written(world: World) -> None:
    app, _ = await world.house.write(apps.add, Registration("New", " MIRA "))
    assert app.owner_id == (await world.house.read(accounts.find, "mira")).id
