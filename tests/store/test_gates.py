"""A gate (the WHERE clause) opens exactly when its reason (the rule in Python) has nothing to say against it."""

from itertools import count
from typing import NamedTuple

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from admitone.basics.digests import Kind
from admitone.flows import request_tokens as flows
from admitone.flows.house import House
from admitone.model.connected.approvals import Approval
from admitone.model.faults import Fault
from admitone.model.request_tokens import (
    LIFE_MS,
    Decision,
    Generation,
    State,
    outcome,
    why_not_decide,
    why_not_exchange,
)
from admitone.store import request_tokens as gates
from admitone.store.engine.tx import Tx
from tests.store.aside import PLANT_TOKEN, fault_of, switch_account, switch_app
from tests.world import World

numbers = count()


class Case(NamedTuple):
    """A token in some state, and who comes to it when."""

    state: State
    decided_by_mira: bool
    of_cineshelf: bool
    age_ms: int
    app_off: bool
    mira_off: bool
    tomas_off: bool
    by_mira: bool
    by_cineshelf: bool
    decision: Decision
    made_by: Generation = Generation.THIRD
    asked_by: Generation = Generation.THIRD


ages = st.sampled_from([0, LIFE_MS - 1, LIFE_MS, LIFE_MS + 1]) | st.integers(0, 2 * LIFE_MS)
off = st.sampled_from([False, False, True])
generations = st.sampled_from([Generation.THIRD, Generation.THIRD, Generation.FOURTH])
cases = st.builds(
    Case,
    st.sampled_from(State),
    st.booleans(),
    st.booleans(),
    ages,
    off,
    off,
    off,
    st.booleans(),
    st.booleans(),
    st.sampled_from(Decision),
    generations,
    generations,
)
ALL_WELL = Case(
    State.APPROVED,
    decided_by_mira=True,
    of_cineshelf=True,
    age_ms=0,
    app_off=False,
    mira_off=False,
    tomas_off=False,
    by_mira=True,
    by_cineshelf=True,
    decision=Decision.APPROVE,
)
on_both = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def plant(house: House, tx: Tx, world: World, case: Case) -> str:
    """Put the token of a case into the database; its text."""
    text = f"token {next(numbers)}"
    app = world.cineshelf if case.of_cineshelf else world.reelsync
    decider = world.mira if case.decided_by_mira else world.tomas
    decided = case.state is not State.PENDING
    await tx.run(
        PLANT_TOKEN,
        digest=house.digests.of(Kind.REQUEST_TOKEN, text),
        app_id=app.app.id,
        state=case.state.value,
        network="",
        made_at=tx.now - case.age_ms,
        expires_at=tx.now - case.age_ms + LIFE_MS,
        decided_at=tx.now if decided else None,
        decided_by=decider.id if decided else None,
        spent_at=tx.now if case.state is State.SPENT else None,
        generation=case.made_by,
        redirect_to=None,
    )
    await switch_app(house, tx, app.app.id, off=case.app_off)
    await switch_account(house, tx, world.mira.id, off=case.mira_off)
    await switch_account(house, tx, world.tomas.id, off=case.tomas_off)
    return text


@on_both
@given(case=cases)
@example(case=ALL_WELL)
@example(case=ALL_WELL._replace(age_ms=LIFE_MS - 1))
@example(case=ALL_WELL._replace(age_ms=LIFE_MS))
@example(case=ALL_WELL._replace(made_by=Generation.FOURTH))
@example(case=ALL_WELL._replace(asked_by=Generation.FOURTH))
@example(case=ALL_WELL._replace(made_by=Generation.FOURTH, asked_by=Generation.FOURTH))
async def test_the_gate_of_the_exchange_opens_exactly_when_no_reason_is_against_it(world: World, case: Case) -> None:
    async def flow(house: House, tx: Tx) -> None:
        text = await plant(house, tx, world, case)
        digest = house.digests.of(Kind.REQUEST_TOKEN, text)
        app_id = (world.cineshelf if case.by_cineshelf else world.reelsync).app.id
        token = await flows.find(house, tx, text)
        reason = why_not_exchange(token, app_id, tx.now, case.asked_by)

        which = {"digest": digest, "app_id": app_id, "generation": case.asked_by, "now": tx.now}
        spent = await tx.one(gates.SPEND, **which)

        assert (spent is not None) == (reason is None), reason
        after = await flows.find(house, tx, text)
        assert token
        assert after
        if spent is None:
            assert after == token
        else:
            assert spent.account_id == token.decided_by
            assert after == token._replace(state=State.SPENT.value)
            assert why_not_exchange(after, app_id, tx.now, case.asked_by) is Fault.TOKEN_SPENT
            assert await tx.one(gates.SPEND, **which) is None

    await world.house.write(flow)


@on_both
@given(case=cases)
@example(case=ALL_WELL._replace(state=State.PENDING))
@example(case=ALL_WELL._replace(state=State.PENDING, age_ms=LIFE_MS - 1))
@example(case=ALL_WELL._replace(state=State.PENDING, age_ms=LIFE_MS))
async def test_the_gate_of_the_decision_opens_exactly_when_no_reason_is_against_it(world: World, case: Case) -> None:
    async def flow(house: House, tx: Tx) -> None:
        text = await plant(house, tx, world, case)
        digest = house.digests.of(Kind.REQUEST_TOKEN, text)
        person = world.mira if case.by_mira else world.tomas
        active = not (case.mira_off if case.by_mira else case.tomas_off)
        token = await flows.find(house, tx, text)
        assert token
        reason = why_not_decide(token, person.id, case.decision, tx.now, active=active)

        to_state = case.decision.state.value
        given = {"how": "page", "by_network": "203.0.113.7/32", "browser": ""}
        decided = await tx.one(
            gates.DECIDE, digest=digest, account_id=person.id, to_state=to_state, now=tx.now, **given
        )

        # What was decided before, by the same person in the same way, stands; the gate has nothing to do then.
        assert (decided is not None) == (reason is None and token.state == State.PENDING), reason
        after = await flows.find(house, tx, text)
        assert after
        if decided is None:
            assert after == token
        else:
            assert decided == token.app_id
            assert after == token._replace(state=to_state, decided_by=person.id, decider_active=1)

    await world.house.write(flow)


@on_both
@given(case=cases)
async def test_a_decision_that_is_not_refused_stands_afterwards(world: World, case: Case) -> None:
    text = await world.house.write(plant, world, case)
    person = world.mira if case.by_mira else world.tomas
    now = world.clock.now()
    fault = await fault_of(world.house.write(flows.decide, text, person.id, case.decision, Approval()))
    after = await world.house.read(flows.find, text)
    assert after
    if fault is None:
        assert (outcome(after), after.decided_by) == (case.decision.state, person.id)
    else:
        active = not (case.mira_off if case.by_mira else case.tomas_off)
        assert fault is why_not_decide(after, person.id, case.decision, now, active=active)
