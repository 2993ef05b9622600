"""The life of a request token: every reason there can be, in an order that tells nobody too much."""

from hypothesis import given
from hypothesis import strategies as st

from admitone.model.faults import Fault
from admitone.model.request_tokens import (
    LIFE_MS,
    Decision,
    RequestToken,
    State,
    outcome,
    why_not_decide,
    why_not_exchange,
)

NOW = 10 * LIFE_MS
PEOPLE = st.integers(1, 3)
APPS = st.integers(1, 2)


@st.composite
def tokens(draw: st.DrawFn) -> RequestToken:
    state = draw(st.sampled_from(State))
    pending = state is State.PENDING
    made_at = draw(
        st.integers(NOW - 2 * LIFE_MS, NOW) | st.sampled_from([NOW - LIFE_MS - 1, NOW - LIFE_MS, NOW - LIFE_MS + 1])
    )
    return RequestToken(
        app_id=draw(APPS),
        app_switched_off_at=draw(st.none() | st.just(NOW)),
        state=state.value,
        network="",
        made_at=made_at,
        expires_at=made_at + LIFE_MS,
        decided_by=None if pending else draw(PEOPLE),
        decider_active=None if pending else draw(st.integers(0, 1)),
    )


DECISIONS = st.sampled_from(Decision)
EXCHANGE_FAULTS = {
    None,
    Fault.TOKEN_OF_OTHER_APP,
    Fault.TOKEN_SPENT,
    Fault.TOKEN_DENIED,
    Fault.TOKEN_EXPIRED,
    Fault.TOKEN_PENDING,
    Fault.TOKEN_REVOKED,
}
DECIDE_FAULTS = {
    None,
    Fault.TOKEN_SPENT,
    Fault.TOKEN_EXPIRED,
    Fault.APP_SWITCHED_OFF,
    Fault.ACCOUNT_SWITCHED_OFF,
    Fault.TOKEN_DENIED,
    Fault.TOKEN_DECIDED,
}


def test_a_token_that_is_not_there_is_unknown() -> None:
    assert why_not_exchange(None, 1, NOW) is Fault.TOKEN_UNKNOWN
    assert why_not_decide(None, 1, Decision.APPROVE, NOW) is Fault.TOKEN_UNKNOWN


@given(token=tokens(), app_id=APPS)
def test_an_exchange_is_possible_exactly_for_an_approved_live_token_of_this_app(
    token: RequestToken, app_id: int
) -> None:
    reason = why_not_exchange(token, app_id, NOW)
    assert reason in EXCHANGE_FAULTS
    possible = (
        token.app_id == app_id
        and token.state == State.APPROVED
        and token.expires_at > NOW
        and token.decider_active == 1
    )
    assert (reason is None) == possible


@given(token=tokens(), app_id=APPS)
def test_another_app_hears_the_same_of_every_token(token: RequestToken, app_id: int) -> None:
    if token.app_id != app_id:
        assert why_not_exchange(token, app_id, NOW) is Fault.TOKEN_OF_OTHER_APP


@given(token=tokens(), account_id=PEOPLE, decision=DECISIONS, active=st.booleans())
def test_a_decision_can_stand_exactly_where_it_stands_or_nothing_is_decided(
    token: RequestToken, account_id: int, decision: Decision, active: bool
) -> None:
    reason = why_not_decide(token, account_id, decision, NOW, active=active)
    assert reason in DECIDE_FAULTS
    stands = token.decided_by == account_id and outcome(token) is decision.state
    open_to_all = token.state == State.PENDING and token.expires_at > NOW and token.app_switched_off_at is None
    assert (reason is None) == (stands or (open_to_all and active))


@given(token=tokens(), account_id=PEOPLE, decision=DECISIONS)
def test_once_decided_a_token_takes_that_decision_of_that_person_only(
    token: RequestToken, account_id: int, decision: Decision
) -> None:
    if token.state != State.PENDING or why_not_decide(token, account_id, decision, NOW) is not None:
        return
    decided = token._replace(state=decision.state.value, decided_by=account_id, decider_active=1)
    for other in (1, 2, 3):
        for again in Decision:
            possible = why_not_decide(decided, other, again, NOW) is None
            assert possible == (other == account_id and again is decision)


@given(token=tokens(), app_id=APPS)
def test_a_spent_token_is_spent_for_ever(token: RequestToken, app_id: int) -> None:
    if why_not_exchange(token, app_id, NOW) is not None:
        return
    spent = token._replace(state=State.SPENT.value)
    for later in (NOW, NOW + LIFE_MS, NOW + 1000 * LIFE_MS):
        assert why_not_exchange(spent, app_id, later) is Fault.TOKEN_SPENT
    assert outcome(spent) is State.APPROVED


@given(token=tokens(), app_id=APPS, account_id=PEOPLE, decision=DECISIONS, later=st.integers(0, 3 * LIFE_MS))
def test_what_time_has_closed_it_never_opens(
    token: RequestToken, app_id: int, account_id: int, decision: Decision, later: int
) -> None:
    if why_not_exchange(token, app_id, NOW) is not None:
        assert why_not_exchange(token, app_id, NOW + later) is not None
    if why_not_decide(token, account_id, decision, NOW) is not None:
        assert why_not_decide(token, account_id, decision, NOW + later) is not None


def test_each_reason_of_an_exchange_by_example() -> None:
    good = RequestToken(1, None, "approved", "", NOW, NOW + LIFE_MS, 7, 1)
    cases = {
        None: good,
        Fault.TOKEN_PENDING: good._replace(state="pending", decided_by=None, decider_active=None),
        Fault.TOKEN_DENIED: good._replace(state="denied"),
        Fault.TOKEN_SPENT: good._replace(state="spent"),
        Fault.TOKEN_EXPIRED: good._replace(expires_at=NOW),
        Fault.TOKEN_REVOKED: good._replace(decider_active=0),
        Fault.TOKEN_OF_OTHER_APP: good._replace(app_id=2),
    }
    for reason, token in cases.items():
        assert why_not_exchange(token, 1, NOW) is reason


def test_each_reason_of_a_decision_by_example() -> None:
    good = RequestToken(1, None, "pending", "", NOW, NOW + LIFE_MS, None, None)
    cases = {
        None: good,
        Fault.TOKEN_EXPIRED: good._replace(expires_at=NOW),
        Fault.APP_SWITCHED_OFF: good._replace(app_switched_off_at=NOW),
        Fault.TOKEN_DECIDED: good._replace(state="approved", decided_by=8, decider_active=1),
        Fault.TOKEN_DENIED: good._replace(state="denied", decided_by=8, decider_active=1),
        Fault.TOKEN_SPENT: good._replace(state="spent", decided_by=8, decider_active=1),
    }
    for reason, token in cases.items():
        assert why_not_decide(token, 7, Decision.APPROVE, NOW) is reason
    assert why_not_decide(good, 7, Decision.APPROVE, NOW, active=False) is Fault.ACCOUNT_SWITCHED_OFF
    approved = cases[Fault.TOKEN_DECIDED]._replace(decided_by=7)
    assert why_not_decide(approved, 7, Decision.APPROVE, NOW) is None
    assert why_not_decide(approved, 7, Decision.DENY, NOW) is Fault.TOKEN_DECIDED
