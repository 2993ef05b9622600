"""This file makes request tokens and lets people decide them; see `model.request_tokens` for their life."""

from typing import NamedTuple

from admitone.basics.digests import Kind
from admitone.flows import events
from admitone.flows.connected import approvals
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.model.connected.approvals import Approval, How
from admitone.model.faults import Fault, Refused
from admitone.model.request_tokens import BYTES, LIFE_MS, Decision, Generation, RequestToken, why_not_decide
from admitone.store import accounts, request_tokens
from admitone.store.engine.tx import Tx, first_of


class IssuedToken(NamedTuple):
    """A request token just made; `text` is its secret (40 hex digits), `expires_at` UTC milliseconds."""

    text: str
    expires_at: int


class Kept(NamedTuple):
    """What is kept of a new request token beside whose it is."""

    digest: bytes
    expires_at: int
    generation: Generation = Generation.THIRD
    redirect_to: str | None = None


async def issue(house: House, tx: Tx, app_id: int, network: str) -> IssuedToken:
    """Make a request token for an app, good for 60 minutes (wire A.2).

    Raises APP_UNKNOWN for an app that was removed or switched off since it was recognised.
    """
    text = house.entropy.hex(BYTES)
    expires_at = tx.now + LIFE_MS
    digest = house.digests.of(Kind.REQUEST_TOKEN, text)
    await keep(tx, app_id, network, Kept(digest, expires_at))
    await events.record(tx, Happened.TOKEN_MADE, app_id=app_id, network=network)
    return IssuedToken(text, expires_at)


async def keep(tx: Tx, app_id: int, network: str, kept: Kept) -> None:
    """Keep a request token that was just made. Raises APP_UNKNOWN, see `issue`."""
    if not await tx.run(request_tokens.ISSUE, app_id=app_id, network=network, now=tx.now, **kept._asdict()):
        raise Refused(Fault.APP_UNKNOWN)


async def find(house: House, tx: Tx, text: str) -> RequestToken | None:
    """What is kept of a request token; None when there is none of this text."""
    digests = house.digests.candidates(Kind.REQUEST_TOKEN, text)
    _, token = await first_of(tx, request_tokens.SHOW, digests)
    return token


async def decide(
    house: House, tx: Tx, text: str, account_id: int, decision: Decision, approval: Approval
) -> RequestToken:
    """Let a person decide a pending token, once; the same decision by the same person again changes nothing.

    Whose account an app may use from now on is told by mail. Raises what `why_not_decide` says.
    """
    digests = house.digests.candidates(Kind.REQUEST_TOKEN, text)
    digest, app_id = await first_of(
        tx,
        request_tokens.DECIDE,
        digests,
        account_id=account_id,
        to_state=decision.state.value,
        how=approval.how.value,
        by_network=approval.network,
        browser=approval.browser,
        now=tx.now,
    )
    token = await find(house, tx, text)
    if digest is not None and app_id is not None and token is not None:
        await events.record(
            tx, _happened(decision, approval), app_id=app_id, account_id=account_id, network=approval.network
        )
        if decision is Decision.APPROVE:
            await approvals.tell(house, tx, approvals.Given(digest, app_id, account_id, token.network), approval)
    elif fault := why_not_decide(token, account_id, decision, tx.now, active=await _active(tx, account_id)):
        raise Refused(fault)
    if token is None:
        raise Refused(Fault.TOKEN_UNKNOWN)
    return token


def _happened(decision: Decision, approval: Approval) -> Happened:
    if decision is Decision.DENY:
        return Happened.TOKEN_DENIED
    return Happened.TOKEN_APPROVED if approval.how is How.PAGE else Happened.TOKEN_APPROVED_BY_LOGIN


async def _active(tx: Tx, account_id: int) -> bool:
    return await tx.one(accounts.ACTIVE, account_id=account_id) is not None
