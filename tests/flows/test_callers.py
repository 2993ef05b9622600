"""Who is asking: by key, by read token, by both; for whom; and under which key of the ring it is kept."""

from dataclasses import replace

import pytest

from admitone.basics.digests import Digests, Key, KeyRing
from admitone.basics.entropy import SystemEntropy
from admitone.flows import apps, callers, consents, request_tokens, sessions, visits
from admitone.flows.apps import Registration
from admitone.flows.callers import Caller, Credential
from admitone.flows.house import House
from admitone.flows.logins import Attempt
from admitone.model.faults import Fault
from admitone.model.request_tokens import Decision
from tests.store.aside import fault_of, switch_account, switch_app
from tests.world import NETWORK, PASSWORD, World


async def recognised(
    house: House, key: str | None = None, bearer: str | None = None, session: str | None = None
) -> Caller:
    return await house.read(callers.recognise, Credential(key, bearer, session))


def whom(caller: Caller) -> tuple[int, str | None]:
    return caller.app_id, caller.person.username if caller.person else None


async def test_who_brings_nothing_is_missing(world: World) -> None:
    for credential in (Credential(None, None, None), Credential("", "", None), Credential(None, None, "f" * 40)):
        assert await fault_of(world.house.read(callers.recognise, credential)) is Fault.APP_MISSING


async def test_who_brings_what_nobody_was_given_is_unknown(world: World) -> None:
    key, read_token = world.cineshelf.credentials
    cases = [
        ("f" * 32, None),
        (key.upper(), None),
        (key[:-1], None),
        ("\0\ud800", None),
        (None, key),
        (read_token, None),
        (None, read_token[:-1]),
        (None, read_token + "="),
        ("f" * 32, "nonsense"),
        (world.cineshelf.app.public_id, None),
    ]
    for each in cases:
        assert await fault_of(recognised(world.house, *each)) is Fault.APP_UNKNOWN


async def test_a_key_acts_for_nobody_and_with_a_session_for_its_person(world: World) -> None:
    app, key = world.cineshelf.app, world.cineshelf.key
    session = await world.session(world.cineshelf, world.tomas)
    assert whom(await recognised(world.house, key)) == (app.id, None)
    assert whom(await recognised(world.house, key, session=session)) == (app.id, "tomas")
    assert whom(await recognised(world.house, key, session="f" * 40)) == (app.id, None)


async def test_a_read_token_acts_for_the_owner_and_with_a_session_for_its_person(world: World) -> None:
    app, read_token = world.cineshelf.app, world.cineshelf.credentials.read_token
    session = await world.session(world.cineshelf, world.tomas)
    owner = await recognised(world.house, bearer=read_token)
    assert whom(owner) == (app.id, "mira")
    assert owner.person
    assert (owner.person.session, owner.stale) == (None, False)
    assert whom(await recognised(world.house, bearer=read_token, session=session)) == (app.id, "tomas")
    # With a session that is none, a read token does not fall back to the owner.
    assert whom(await recognised(world.house, bearer=read_token, session="f" * 40)) == (app.id, None)


async def test_both_of_one_app_act_as_the_read_token_does(world: World) -> None:
    app, (key, read_token) = world.cineshelf.app, world.cineshelf.credentials
    session = await world.session(world.cineshelf, world.tomas)
    assert whom(await recognised(world.house, key, read_token)) == (app.id, "mira")
    assert whom(await recognised(world.house, key, read_token, session)) == (app.id, "tomas")


async def test_a_good_key_stands_beside_a_bad_bearer_and_a_good_bearer_beside_a_bad_key(world: World) -> None:
    app, (key, read_token) = world.cineshelf.app, world.cineshelf.credentials
    session = await world.session(world.cineshelf, world.tomas)
    assert whom(await recognised(world.house, key, "nonsense")) == (app.id, None)
    assert whom(await recognised(world.house, key, "nonsense", session)) == (app.id, "tomas")
    assert whom(await recognised(world.house, "nonsense", read_token)) == (app.id, "mira")
    assert whom(await recognised(world.house, "nonsense", read_token, session)) == (app.id, "tomas")


async def test_of_two_apps_the_one_of_the_key_asks_and_for_nobodys_owner(world: World) -> None:
    key, read_token = world.cineshelf.key, world.reelsync.credentials.read_token
    ours, theirs = await world.session(world.cineshelf, world.tomas), await world.session(world.reelsync, world.tomas)
    app_id = world.cineshelf.app.id
    assert whom(await recognised(world.house, key, read_token)) == (app_id, None)
    assert whom(await recognised(world.house, key, read_token, ours)) == (app_id, "tomas")
    assert whom(await recognised(world.house, key, read_token, theirs)) == (app_id, None)


@pytest.mark.holds("F14")
async def test_a_session_is_good_for_its_own_app_only(world: World) -> None:
    session = await world.session(world.cineshelf, world.mira)
    assert (await recognised(world.house, world.reelsync.key, session=session)).person is None
    read_token = world.reelsync.credentials.read_token
    assert (await recognised(world.house, bearer=read_token, session=session)).person is None


async def test_a_secret_of_one_kind_is_good_for_nothing_else(world: World) -> None:
    token = await world.approved(world.cineshelf, world.mira)
    session = await world.session(world.cineshelf, world.mira)
    visit = (await visits.sign_in(world.house, Attempt("mira", PASSWORD, "::1"), remember=False)).text
    for text in (token, session, visit):
        assert await fault_of(recognised(world.house, text)) is Fault.APP_UNKNOWN
        assert await fault_of(recognised(world.house, bearer=text)) is Fault.APP_UNKNOWN
    for text in (token, visit, world.cineshelf.key):
        assert (await recognised(world.house, world.cineshelf.key, session=text)).person is None
    for text in (session, token):
        assert await world.house.read(visits.find, text) is None


async def test_an_app_that_is_switched_off_does_not_ask(world: World) -> None:
    key, read_token = world.cineshelf.credentials
    session = await world.session(world.cineshelf, world.mira)
    await world.house.write(switch_app, world.cineshelf.app.id, off=True)
    for each in ((key, None, None), (key, None, session), (None, read_token, None), (None, read_token, session)):
        assert await fault_of(recognised(world.house, *each)) is Fault.APP_SWITCHED_OFF
    await world.house.write(switch_app, world.cineshelf.app.id, off=False)
    assert whom(await recognised(world.house, key, session=session)) == (world.cineshelf.app.id, "mira")


async def test_an_owner_that_is_switched_off_is_not_acted_for(world: World) -> None:
    await world.house.write(switch_account, world.mira.id, off=True)
    caller = await recognised(world.house, bearer=world.cineshelf.credentials.read_token)
    assert whom(caller) == (world.cineshelf.app.id, None)


def with_ring(house: House, *numbers: int) -> House:
    """The same house with keys of these numbers in its ring, newest first."""
    keys = [Key(number, bytes([number]) * 32) for number in numbers]
    return replace(house, digests=Digests(KeyRing(keys)), entropy=SystemEntropy())


async def everything(house: House, world: World) -> dict[str, str]:
    """One secret of each kind, made in a house."""
    app, credentials = await house.write(apps.add, Registration("Night Owl", "tomas"))
    tokens = [(await house.write(request_tokens.issue, app.id, NETWORK)).text for _ in range(2)]
    for token in tokens:
        await house.write(consents.decide, token, world.mira.id, Decision.APPROVE)
    session = await house.write(sessions.exchange, app.id, tokens[0], NETWORK)
    visit = await visits.sign_in(house, Attempt("mira", PASSWORD, "::1"), remember=False)
    return {
        "key": credentials.api_key,
        "read_token": credentials.read_token,
        "token": tokens[1],
        "session": session,
        "visit": visit.text,
    }


@pytest.mark.holds("S11")
async def test_what_is_kept_under_an_older_key_of_the_ring_goes_on_working(world: World) -> None:
    old = await everything(with_ring(world.house, 1), world)
    house = with_ring(world.house, 3, 2, 1)

    caller = await recognised(house, old["key"], session=old["session"])
    assert whom(caller)[1] == "mira"
    assert whom(await recognised(house, bearer=old["read_token"]))[1] == "tomas"
    assert whom(await recognised(house, old["key"], old["read_token"], old["session"]))[1] == "mira"
    assert await house.read(visits.find, old["visit"])
    assert await house.write(visits.roll, old["visit"])
    assert (await house.read(consents.look, old["token"], world.mira.id)).state == "approved"

    new = await house.write(sessions.exchange, caller.app_id, old["token"], NETWORK)
    assert whom(await recognised(house, old["key"], session=new))[1] == "mira"
    assert await fault_of(house.write(sessions.exchange, caller.app_id, old["token"], NETWORK)) is Fault.TOKEN_SPENT
    for session in (old["session"], new):
        await house.write(sessions.end, caller.app_id, session, NETWORK)
        assert whom(await recognised(house, old["key"], session=session))[1] is None
    await house.write(visits.sign_out, old["visit"])
    assert await house.read(visits.find, old["visit"]) is None


@pytest.mark.holds("S1", "S11")
async def test_without_the_key_of_its_ring_no_secret_works(world: World) -> None:
    old = await everything(with_ring(world.house, 1), world)
    house = with_ring(world.house, 2)
    assert await fault_of(recognised(house, old["key"])) is Fault.APP_UNKNOWN
    assert await fault_of(recognised(house, bearer=old["read_token"])) is Fault.APP_UNKNOWN
    assert await house.read(visits.find, old["visit"]) is None
    assert await fault_of(house.read(consents.look, old["token"], world.mira.id)) is Fault.TOKEN_UNKNOWN


@pytest.mark.parametrize("numbers", [(2, 1), (1, 2)])
async def test_a_new_secret_is_kept_under_the_newest_key(world: World, numbers: tuple[int, int]) -> None:
    new = await everything(with_ring(world.house, *numbers), world)
    caller = await recognised(with_ring(world.house, numbers[0]), new["key"], session=new["session"])
    assert whom(caller)[1] == "mira"
