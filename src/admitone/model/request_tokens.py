"""This file holds the life of a request token: pending → approved or denied; approved → spent; nothing leaves an end.

An approval that nobody has used yet becomes a denial when its person takes everything back.
The gates themselves are the WHERE clauses of `store.request_tokens`; the functions here give the *reason* when a gate
did not open. A property test holds the two together.
"""

from enum import IntEnum, StrEnum
from typing import NamedTuple

from admitone.model.faults import Fault

LIFE_MS = 60 * 60 * 1000
FOURTH_LIFE_MS = 15 * 60 * 1000
BYTES = 20  # 40 hex digits


class Generation(IntEnum):
    """Of which generation of the interface a token is: one is exchanged, and shown to people, where it was made."""

    THIRD = 3  # 40 hex digits; the address to go back to comes with the person
    FOURTH = 4  # a JWT; the address to go back to is fixed when it is made


class State(StrEnum):
    """Where a request token is in its life. Expiry is not a state but a comparison: `now >= expires_at`."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    SPENT = "spent"


class Decision(StrEnum):
    """What a person may say to a request."""

    APPROVE = "approve"
    DENY = "deny"

    @property
    def state(self) -> State:
        """The state a pending token goes to by this decision."""
        return State.APPROVED if self is Decision.APPROVE else State.DENIED


class RequestToken(NamedTuple):
    """What is kept of a request token, and whether those who matter are still there (`decider_active` 0, 1 or None).

    `redirect_to` is the address that was fixed with a token of the fourth generation.
    """

    app_id: int
    app_switched_off_at: int | None
    state: str
    network: str
    made_at: int
    expires_at: int
    decided_by: int | None
    decider_active: int | None
    generation: int = Generation.THIRD
    redirect_to: str | None = None


class Spent(NamedTuple):
    """A request token that was exchanged just now: who had approved it, when, how, from where, on which browser."""

    account_id: int
    approved_at: int
    how: str
    network: str
    browser: str


def why_not_exchange(
    token: RequestToken | None, app_id: int, now: int, generation: Generation = Generation.THIRD
) -> Fault | None:
    """The reason for which this app cannot exchange this token at `now`, or None when it can (wire A.4 and C.2).

    `generation` is that of the operation that exchanges.
    """
    if token is None:
        return Fault.TOKEN_UNKNOWN
    if token.app_id != app_id:
        return Fault.TOKEN_OF_OTHER_APP
    if token.generation != generation:
        return Fault.TOKEN_OF_OTHER_GENERATION
    ends = {State.SPENT: Fault.TOKEN_SPENT, State.DENIED: Fault.TOKEN_DENIED}
    if token.state in ends:
        return ends[State(token.state)]
    if now >= token.expires_at:
        return Fault.TOKEN_EXPIRED
    if token.state == State.PENDING:
        return Fault.TOKEN_PENDING
    return None if token.decider_active else Fault.TOKEN_REVOKED


def why_not_decide(
    token: RequestToken | None, account_id: int, decision: Decision, now: int, *, active: bool = True
) -> Fault | None:
    """The reason for which this person's decision cannot stand; None when the token holds it already or can take it.

    `active` tells whether the person's account is there and switched on.
    """
    if token is None:
        return Fault.TOKEN_UNKNOWN
    if token.decided_by == account_id and outcome(token) is decision.state:
        return None
    if token.state == State.SPENT:
        return Fault.TOKEN_SPENT
    if now >= token.expires_at:
        return Fault.TOKEN_EXPIRED
    if token.app_switched_off_at is not None:
        return Fault.APP_SWITCHED_OFF
    if token.state == State.PENDING:
        return None if active else Fault.ACCOUNT_SWITCHED_OFF
    return Fault.TOKEN_DENIED if token.state == State.DENIED else Fault.TOKEN_DECIDED


def outcome(token: RequestToken) -> State:
    """What a person sees of a token's state: one that was spent was approved."""
    return State.APPROVED if token.state == State.SPENT else State(token.state)
