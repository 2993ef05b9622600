"""User access tokens are sessions in another form: one row, found by either, ended by either, whatever the key."""

from dataclasses import replace

import pytest

from admitone.basics import jwt
from admitone.basics.digests import Digests, Key, KeyRing
from admitone.flows import access_tokens, callers, request_tokens, sessions
from admitone.flows.callers import By, Credential
from admitone.flows.connected import connections
from admitone.model.access_tokens import LONGEST_ADDRESS
from admitone.model.faults import Fault
from admitone.model.request_tokens import FOURTH_LIFE_MS, Generation
from tests.store.aside import Event, audit, fault_of, rows
from tests.world import NETWORK, World

CALLBACK = "https://cineshelf.example/back?x=1#/here"


async def test_a_request_token_claims_what_is_kept_of_it(world: World) -> None:
    text = await world.access_request(world.cineshelf, CALLBACK)
    claims = jwt.read(text, world.house.digests)
    kept = await world.house.read(request_tokens.find, text)
    assert claims
    assert kept
    made_at = world.clock.now() // 1000
    assert claims == {
        "aud": world.cineshelf.app.public_id,
        "exp": made_at + FOURTH_LIFE_MS // 1000,
        "jti": claims["jti"],
        "nbf": made_at,
        "redirect_to": CALLBACK,
        "scopes": ["pending_request_token"],
        "version": 1,
    }
    assert type(claims["jti"]) is int
    assert (kept.generation, kept.redirect_to) == (Generation.FOURTH, CALLBACK)
    assert kept.expires_at == world.clock.now() + FOURTH_LIFE_MS


async def test_tokens_made_at_one_instant_are_unlike_and_their_numbers_rise(world: World) -> None:
    texts = [await world.access_request(world.cineshelf) for _ in range(5)]
    numbers = [jwt.claimed(text)["jti"] for text in texts]
    assert len(set(texts)) == 5
    assert numbers == sorted(set(numbers))


async def test_a_user_access_token_claims_app_person_and_what_it_may(world: World) -> None:
    claims = jwt.read(await world.access_token(world.cineshelf, world.mira), world.house.digests)
    assert claims
    assert claims == {
        "aud": world.cineshelf.app.public_id,
        "jti": claims["jti"],
        "nbf": world.clock.now() // 1000,
        "scopes": ["api_read", "api_write"],
        "sub": world.mira.object_id,
        "version": 1,
    }


async def test_it_is_one_session_among_the_others(world: World) -> None:
    text = await world.access_token(world.cineshelf, world.mira)
    session = await world.house.read(access_tokens.convert, world.cineshelf.app.id, text)
    assert await world.house.read(rows, "sessions") == 1
    shown, page = await world.house.read(connections.of_app, world.mira.id, world.cineshelf.app.public_id, 1)
    assert (shown.app.name, page.total) == ("CineShelf", 1)
    by_token = await world.house.read(callers.recognise, Credential(None, text, None))
    by_session = await world.house.read(callers.recognise, Credential(world.cineshelf.key, None, session))
    assert by_token.person == by_session.person
    assert by_token.person
    assert by_token.person.session
    assert (by_token.by, by_session.by) == (By.ACCESS_TOKEN, By.KEY)


@pytest.mark.parametrize("by", ["token", "session", "page"])
async def test_either_form_ends_both(world: World, by: str) -> None:
    app_id = world.cineshelf.app.id
    text = await world.access_token(world.cineshelf, world.mira)
    session = await world.house.read(access_tokens.convert, app_id, text)
    if by == "token":
        await world.house.write(access_tokens.end, app_id, text, NETWORK)
    elif by == "session":
        await world.house.write(sessions.end, app_id, session, NETWORK)
    else:
        await world.house.write(connections.end_of_app, world.mira.id, world.cineshelf.app.public_id)
    assert await fault_of(world.house.read(access_tokens.convert, app_id, text)) is Fault.ACCESS_TOKEN_UNKNOWN
    assert await fault_of(world.house.read(callers.recognise, Credential(None, text, None))) is Fault.APP_UNKNOWN
    again = await world.house.read(callers.recognise, Credential(world.cineshelf.key, None, session))
    assert again.person is None
    network = "" if by == "page" else NETWORK
    ended = Event("session ended", app_id, world.mira.id, network, world.clock.now())
    assert (await world.house.read(audit))[-1] == ended


async def test_both_forms_outlive_a_new_key_of_the_ring(world: World) -> None:
    old, new = Key(1, b"o" * 32), Key(2, b"n" * 32)
    before = replace(world, house=replace(world.house, digests=Digests(KeyRing([old]))))
    after = replace(world.house, digests=Digests(KeyRing([new, old])))
    text = await before.access_token(world.cineshelf, world.mira)
    session = await before.house.read(access_tokens.convert, world.cineshelf.app.id, text)
    assert await after.read(access_tokens.convert, world.cineshelf.app.id, text) == session
    assert (await after.read(callers.recognise, Credential(None, text, None))).person
    lost = replace(world.house, digests=Digests(KeyRing([new])))
    assert await fault_of(lost.read(callers.recognise, Credential(None, text, None))) is Fault.APP_UNKNOWN


async def test_its_last_use_is_written_down(world: World) -> None:
    text = await world.access_token(world.cineshelf, world.mira)
    world.clock.advance(10 * 60_000)
    caller = await world.house.read(callers.recognise, Credential(None, text, None))
    assert caller.stale
    await world.house.write(callers.touch, caller)
    assert not (await world.house.read(callers.recognise, Credential(None, text, None))).stale


async def test_a_request_token_is_exchanged_in_its_own_generation_only(world: World) -> None:
    app_id = world.cineshelf.app.id
    fourth = await world.approved_access(world.cineshelf, world.mira)
    third = await world.approved(world.cineshelf, world.mira)
    of_other = Fault.TOKEN_OF_OTHER_GENERATION
    assert await fault_of(world.house.write(sessions.exchange, app_id, fourth, NETWORK)) is of_other
    assert await fault_of(world.house.write(access_tokens.exchange, app_id, third, NETWORK)) is Fault.SIGNED_TOKEN_BAD
    assert (await world.house.write(access_tokens.exchange, app_id, fourth, NETWORK)).object_id == world.mira.object_id
    assert await world.house.write(sessions.exchange, app_id, third, NETWORK)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://a@b.example", "/back", "x" * (LONGEST_ADDRESS + 1)]
)
async def test_an_address_that_is_none_makes_no_token(world: World, address: str) -> None:
    app_id = world.cineshelf.app.id
    refused = await fault_of(world.house.write(access_tokens.issue, app_id, NETWORK, address))
    assert refused is Fault.RETURN_ADDRESS_BAD
    assert await world.house.read(rows, "request_tokens") == 0
