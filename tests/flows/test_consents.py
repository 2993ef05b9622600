"""What the approve page is told: who asks, and what is still to be decided, by whom."""

import pytest

from admitone.basics.clock import ManualClock
from admitone.flows import apps, consents, sessions
from admitone.flows.apps import Registration
from admitone.model.faults import Fault
from admitone.model.request_tokens import LIFE_MS, Decision, State
from tests.store.aside import fault_of, rows, switch_account, switch_app
from tests.world import NETWORK, START, Registered, World

MINUTE = 60_000


async def looked(world: World, token: str) -> tuple[State | Fault, State | Fault, State | Fault]:
    """What Mira, Tomas and somebody not signed in see of a token."""

    async def seen(account_id: int | None) -> State | Fault:
        fault = await fault_of(world.house.read(consents.look, token, account_id))
        return fault or (await world.house.read(consents.look, token, account_id)).state

    return await seen(world.mira.id), await seen(world.tomas.id), await seen(None)


async def test_the_page_is_told_who_asks_and_since_when(world: World, clock: ManualClock) -> None:
    addresses = ("https://owl.example/b", "https://owl.example/a")
    app, credentials = await world.house.write(apps.add, Registration("Night Owl", "tomas", addresses=addresses))
    owl = Registered(app, credentials)
    await world.session(owl, world.tomas)
    token = await world.token(owl)
    clock.advance(MINUTE)

    ask = await world.house.read(consents.look, token, world.mira.id)
    assert ask.app == app
    assert ask.app.owner_name == "Tomas Lindqvist"
    assert ask.returns == tuple(sorted(addresses))
    assert (ask.asked_at, ask.now, ask.network) == (START, START + MINUTE, NETWORK)
    assert (ask.people, ask.accounts, ask.connected_at) == (1, 2, None)
    assert (await world.house.read(consents.look, token, world.tomas.id)).connected_at == START


async def test_a_person_with_two_sessions_counts_once_and_with_none_not_at_all(
    world: World, clock: ManualClock
) -> None:
    token = await world.token(world.cineshelf)
    first = await world.session(world.cineshelf, world.mira)
    clock.advance(MINUTE)
    second = await world.session(world.cineshelf, world.mira)
    ask = await world.house.read(consents.look, token, world.mira.id)
    assert (ask.people, ask.connected_at) == (1, START)
    await world.house.write(sessions.end, world.cineshelf.app.id, first, NETWORK)
    ask = await world.house.read(consents.look, token, world.mira.id)
    assert (ask.people, ask.connected_at) == (1, START + MINUTE)
    await world.house.write(sessions.end, world.cineshelf.app.id, second, NETWORK)
    ask = await world.house.read(consents.look, token, world.mira.id)
    assert (ask.people, ask.connected_at) == (0, None)


async def test_everybody_sees_what_is_pending(world: World) -> None:
    assert await looked(world, await world.token(world.cineshelf)) == (State.PENDING,) * 3


async def test_looking_changes_nothing(world: World) -> None:
    token = await world.token(world.cineshelf)
    before = await world.house.read(rows, "events")
    for _ in range(3):
        await looked(world, token)
    assert await world.house.read(rows, "events") == before
    await world.decide(token, world.mira)


async def test_what_was_decided_is_shown_to_its_person_only(world: World) -> None:
    approved, denied = await world.approved(world.cineshelf, world.mira), await world.token(world.cineshelf)
    await world.decide(denied, world.mira, Decision.DENY)
    assert await looked(world, approved) == (State.APPROVED, Fault.TOKEN_DECIDED, Fault.TOKEN_DECIDED)
    assert await looked(world, denied) == (State.DENIED, Fault.TOKEN_DENIED, Fault.TOKEN_DENIED)


async def test_what_was_spent_is_shown_as_approved_to_its_person_only(world: World, clock: ManualClock) -> None:
    token = await world.approved(world.cineshelf, world.mira)
    await world.house.write(sessions.exchange, world.cineshelf.app.id, token, NETWORK)
    for _ in range(2):
        assert await looked(world, token) == (State.APPROVED, Fault.TOKEN_SPENT, Fault.TOKEN_SPENT)
        await world.decide(token, world.mira)
        assert await fault_of(world.decide(token, world.tomas)) is Fault.TOKEN_SPENT
        clock.advance(LIFE_MS)


async def test_what_nobody_decided_in_time_is_over(world: World, clock: ManualClock) -> None:
    token = await world.token(world.cineshelf)
    clock.advance(LIFE_MS - 1)
    assert await looked(world, token) == (State.PENDING,) * 3
    clock.advance(1)
    assert await looked(world, token) == (Fault.TOKEN_EXPIRED,) * 3
    for decision in Decision:
        assert await fault_of(world.decide(token, world.mira, decision)) is Fault.TOKEN_EXPIRED


@pytest.mark.parametrize("text", ["", "f" * 40, "\0", "\ud800", "x" * 100_000])
async def test_what_was_never_made_is_unknown(world: World, text: str) -> None:
    await world.token(world.cineshelf)
    assert await looked(world, text) == (Fault.TOKEN_UNKNOWN,) * 3
    assert await fault_of(world.decide(text, world.mira)) is Fault.TOKEN_UNKNOWN


@pytest.mark.parametrize("decision", Decision)
async def test_the_same_decision_again_by_the_same_person_is_no_refusal(world: World, decision: Decision) -> None:
    token = await world.token(world.cineshelf)
    asks = [await world.house.write(consents.decide, token, world.mira.id, decision) for _ in range(3)]
    assert [ask.state for ask in asks] == [decision.state] * 3
    assert asks[0] == asks[2]


@pytest.mark.parametrize("decision", Decision)
async def test_a_decision_cannot_be_changed_by_anybody(world: World, decision: Decision) -> None:
    token = await world.token(world.cineshelf)
    await world.decide(token, world.mira, decision)
    fault = Fault.TOKEN_DECIDED if decision is Decision.APPROVE else Fault.TOKEN_DENIED
    (other,) = set(Decision) - {decision}
    assert await fault_of(world.decide(token, world.mira, other)) is fault
    for again in Decision:
        assert await fault_of(world.decide(token, world.tomas, again)) is fault
    assert (await world.house.read(consents.look, token, world.mira.id)).state is decision.state


async def test_an_app_that_is_switched_off_gets_no_decision(world: World) -> None:
    token, approved = await world.token(world.cineshelf), await world.approved(world.cineshelf, world.mira)
    await world.house.write(switch_app, world.cineshelf.app.id, off=True)
    assert await looked(world, token) == (Fault.APP_SWITCHED_OFF,) * 3
    assert (await looked(world, approved))[0] is State.APPROVED
    assert await fault_of(world.decide(token, world.mira)) is Fault.APP_SWITCHED_OFF
    await world.house.write(switch_app, world.cineshelf.app.id, off=False)
    await world.decide(token, world.mira)


async def test_somebody_switched_off_decides_nothing(world: World) -> None:
    token = await world.token(world.cineshelf)
    await world.house.write(switch_account, world.mira.id, off=True)
    for decision in Decision:
        assert await fault_of(world.decide(token, world.mira, decision)) is Fault.ACCOUNT_SWITCHED_OFF
    await world.decide(token, world.tomas)
