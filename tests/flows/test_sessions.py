"""A session is for who approved its token, with the app that made it; it ends once, and only by its own app."""

import pytest

from admitone.basics.clock import ManualClock
from admitone.flows import callers, request_tokens, sessions
from admitone.flows.callers import Caller, Credential
from admitone.flows.events import Happened
from admitone.model.faults import Fault
from admitone.model.request_tokens import LIFE_MS, Decision
from admitone.model.sessions import TOUCH_MS
from tests.store.aside import audit, fault_of, rows, switch_account
from tests.world import NETWORK, START, Registered, World


async def act(world: World, app: Registered, session: str) -> Caller:
    return await world.house.read(callers.recognise, Credential(app.key, None, session))


async def exchange(world: World, app: Registered, token: str) -> str:
    return await world.house.write(sessions.exchange, app.app.id, token, NETWORK)


async def end(world: World, app: Registered, session: str) -> None:
    await world.house.write(sessions.end, app.app.id, session, NETWORK)


async def test_a_request_token_lives_for_an_hour_and_no_two_are_alike(world: World) -> None:
    issued = [await world.house.write(request_tokens.issue, world.cineshelf.app.id, NETWORK) for _ in range(20)]
    assert len({token.text for token in issued}) == 20
    for token in issued:
        assert len(token.text) == 40
        assert int(token.text, 16)
        assert token.expires_at == START + LIFE_MS
        kept = await world.house.read(request_tokens.find, token.text)
        assert kept
        assert (kept.state, kept.app_id, kept.network, kept.made_at) == (
            "pending",
            world.cineshelf.app.id,
            NETWORK,
            START,
        )


async def test_a_session_is_for_who_approved_it_with_the_app_that_asked(world: World) -> None:
    session = await exchange(world, world.cineshelf, await world.approved(world.cineshelf, world.mira))
    assert len(session) == 40
    assert int(session, 16)
    caller = await act(world, world.cineshelf, session)
    assert caller.app_id == world.cineshelf.app.id
    assert caller.person
    assert (caller.person.account_id, caller.person.username) == (world.mira.id, "mira")
    assert (await act(world, world.reelsync, session)).person is None


async def test_a_token_can_be_exchanged_until_the_last_moment(world: World, clock: ManualClock) -> None:
    tokens = [await world.approved(world.cineshelf, world.mira) for _ in range(2)]
    clock.advance(LIFE_MS - 1)
    await exchange(world, world.cineshelf, tokens[0])
    clock.advance(1)
    assert await fault_of(exchange(world, world.cineshelf, tokens[1])) is Fault.TOKEN_EXPIRED


async def test_an_exchange_that_is_refused_says_why_and_consumes_nothing(world: World) -> None:
    pending, approved = await world.token(world.cineshelf), await world.approved(world.cineshelf, world.mira)
    denied = await world.token(world.cineshelf)
    await world.decide(denied, world.mira, Decision.DENY)
    cases = [
        (world.cineshelf, pending, Fault.TOKEN_PENDING),
        (world.cineshelf, denied, Fault.TOKEN_DENIED),
        (world.reelsync, approved, Fault.TOKEN_OF_OTHER_APP),
        (world.reelsync, pending, Fault.TOKEN_OF_OTHER_APP),
        (world.cineshelf, "", Fault.TOKEN_UNKNOWN),
        (world.cineshelf, approved.upper(), Fault.TOKEN_UNKNOWN),
        (world.cineshelf, approved[:-1], Fault.TOKEN_UNKNOWN),
        (world.cineshelf, "\ud800\0", Fault.TOKEN_UNKNOWN),
    ]
    for app, token, fault in cases:
        assert await fault_of(exchange(world, app, token)) is fault
    assert await world.house.read(rows, "sessions") == 0

    await exchange(world, world.cineshelf, approved)
    await world.decide(pending, world.mira)
    await exchange(world, world.cineshelf, pending)
    assert await fault_of(exchange(world, world.cineshelf, approved)) is Fault.TOKEN_SPENT
    assert await world.house.read(rows, "sessions") == 2


async def test_who_is_switched_off_gets_no_session_and_their_sessions_rest(world: World) -> None:
    session, waiting = (
        await world.session(world.cineshelf, world.mira),
        await world.approved(world.cineshelf, world.mira),
    )
    await world.house.write(switch_account, world.mira.id, off=True)
    assert await fault_of(exchange(world, world.cineshelf, waiting)) is Fault.TOKEN_REVOKED
    assert (await act(world, world.cineshelf, session)).person is None
    await world.house.write(switch_account, world.mira.id, off=False)
    assert (await act(world, world.cineshelf, session)).person
    await exchange(world, world.cineshelf, waiting)


@pytest.mark.holds("F10")
async def test_an_ended_session_is_over_for_good(world: World) -> None:
    session = await world.session(world.cineshelf, world.mira)
    await end(world, world.cineshelf, session)
    assert (await act(world, world.cineshelf, session)).person is None
    assert await fault_of(end(world, world.cineshelf, session)) is Fault.SESSION_NOT_FOUND


@pytest.mark.holds("F14")
async def test_nobody_ends_what_is_not_theirs(world: World) -> None:
    session = await world.session(world.cineshelf, world.mira)
    for app, text in ((world.reelsync, session), (world.cineshelf, "f" * 40), (world.cineshelf, "")):
        assert await fault_of(end(world, app, text)) is Fault.SESSION_NOT_FOUND
    assert (await act(world, world.cineshelf, session)).person


async def test_other_sessions_of_the_same_person_and_app_live_on(world: World) -> None:
    first, second = [await world.session(world.cineshelf, world.mira) for _ in range(2)]
    await end(world, world.cineshelf, first)
    assert (await act(world, world.cineshelf, second)).person


@pytest.mark.holds("F10")
async def test_a_spent_token_is_no_way_back_after_its_session_ended(world: World) -> None:
    token = await world.approved(world.cineshelf, world.mira)
    await end(world, world.cineshelf, await exchange(world, world.cineshelf, token))
    assert await fault_of(exchange(world, world.cineshelf, token)) is Fault.TOKEN_SPENT


async def test_the_last_use_is_written_every_five_minutes_at_most(world: World, clock: ManualClock) -> None:
    session = await world.session(world.cineshelf, world.mira)
    clock.advance(TOUCH_MS)
    caller = await act(world, world.cineshelf, session)
    assert caller.person
    assert not caller.stale
    clock.advance(1)
    assert (await act(world, world.cineshelf, session)).stale
    assert caller.person.session
    await world.house.write(callers.touch, caller)
    assert not (await act(world, world.cineshelf, session)).stale


@pytest.mark.parametrize("decision", Decision)
async def test_each_change_of_state_is_in_the_audit_once(world: World, decision: Decision) -> None:
    before = len(await world.house.read(audit))
    token = await world.token(world.cineshelf)
    for _ in range(2):
        await world.decide(token, world.mira, decision)
        await fault_of(world.house.write(sessions.exchange, world.reelsync.app.id, token, NETWORK))
    expected = [Happened.TOKEN_MADE, Happened.TOKEN_DENIED]
    if decision is Decision.APPROVE:
        session = await exchange(world, world.cineshelf, token)
        for _ in range(2):
            await fault_of(exchange(world, world.cineshelf, token))
            await fault_of(end(world, world.cineshelf, session))
        expected = [Happened.TOKEN_MADE, Happened.TOKEN_APPROVED, Happened.SESSION_STARTED, Happened.SESSION_ENDED]

    events = (await world.house.read(audit))[before:]
    assert [event.kind for event in events] == [kind.value for kind in expected]
    assert {event.app_id for event in events} == {world.cineshelf.app.id}
    assert [event.account_id for event in events] == [None] + [world.mira.id] * (len(expected) - 1)
    assert {event.at for event in events} == {START}
