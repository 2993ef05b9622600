"""This file is what the approve page stands on: what is being asked, and what the person decides."""

from typing import NamedTuple

from admitone.flows import request_tokens
from admitone.flows.house import House
from admitone.flows.people import addresses
from admitone.model.apps import App
from admitone.model.connected.approvals import Approval
from admitone.model.faults import Fault, Refused
from admitone.model.request_tokens import Decision, Generation, RequestToken, State, outcome, why_not_decide
from admitone.store import accounts, apps, sessions
from admitone.store.engine.tx import Tx

NOBODY = 0  # no account has this number
FEW_ACCOUNTS = 1_000  # more are not counted: nobody needs to know how many exactly
HERE = Approval()


class Ask(NamedTuple):
    """One app's request to one person.

    `state` is pending, or what this very person decided. `generation` says which of the two pages it is for;
    `redirect_to` is the address that was fixed with a token of the fourth. `returns` are the app's registered
    addresses, `people` how many use the app here (`COUNTED` + 1 for more), `accounts` how many people there are, a
    thousand at most (both 0 once it is decided), `connected_at` since when this person has it connected, `now` when
    all of it was true.
    """

    state: State
    app: App
    returns: tuple[str, ...]
    asked_at: int
    network: str
    people: int
    accounts: int
    connected_at: int | None
    generation: Generation
    redirect_to: str | None
    now: int


async def look(house: House, tx: Tx, text: str, account_id: int | None) -> Ask:
    """What a request token asks; changes nothing. `account_id` is who looks, None for somebody not signed in.

    Raises TOKEN_UNKNOWN, TOKEN_EXPIRED, TOKEN_SPENT, TOKEN_DENIED and TOKEN_DECIDED for what cannot be decided any
    more, and APP_SWITCHED_OFF.
    """
    token = await request_tokens.find(house, tx, text)
    if token is None:
        raise Refused(Fault.TOKEN_UNKNOWN)
    if fault := _why_not_look(token, account_id, tx.now):
        raise Refused(fault)
    return await _ask(tx, token, account_id)


async def decide(
    house: House, tx: Tx, text: str, account_id: int, decision: Decision, approval: Approval = HERE
) -> Ask:
    """Approve or deny a request, once. The same decision by the same person again is no refusal.

    `approval` says from where and on which browser. Raises as `look`, and EMAIL_UNCONFIRMED for an approval.
    """
    if decision is Decision.APPROVE:
        await addresses.must_be_confirmed(house, tx, account_id)
    token = await request_tokens.decide(house, tx, text, account_id, decision, approval)
    return await _ask(tx, token, account_id, counted=False)


def _why_not_look(token: RequestToken, account_id: int | None, now: int) -> Fault | None:
    if account_id is not None and token.decided_by == account_id:
        return None
    return why_not_decide(token, NOBODY, Decision.APPROVE, now)


async def _ask(tx: Tx, token: RequestToken, account_id: int | None, *, counted: bool = True) -> Ask:
    app = await tx.one(apps.FIND_BY_ID, app_id=token.app_id)
    if app is None:
        raise Refused(Fault.TOKEN_UNKNOWN)
    return Ask(
        state=outcome(token),
        app=app,
        returns=tuple(await tx.all(apps.RETURNS, app_id=app.id)),
        asked_at=token.made_at,
        network=token.network,
        # How many use it is for whoever decides; for what was decided it would be counted for nobody.
        people=(counted and await tx.one(sessions.PEOPLE, app_id=app.id)) or 0,
        accounts=(counted and await tx.one(accounts.COUNT, most=FEW_ACCOUNTS)) or 0,
        connected_at=await tx.one(sessions.CONNECTED_AT, account_id=account_id, app_id=app.id),
        generation=Generation(token.generation),
        redirect_to=token.redirect_to,
        now=tx.now,
    )
