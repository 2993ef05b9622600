"""This file starts and ends sessions: the exchange of an approved request token, and the end of what came of it."""

from typing import NamedTuple

from admitone.basics.digests import Kind
from admitone.flows import events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.request_tokens import find
from admitone.model.faults import Fault, Refused
from admitone.model.request_tokens import Generation, Spent, why_not_exchange
from admitone.model.sessions import BYTES
from admitone.store import request_tokens, sessions
from admitone.store.engine.tx import Tx, first_of


class Started(NamedTuple):
    """A session about to begin: the digests of its forms and of its request token, whose it is, where it is made."""

    digest: bytes
    access_digest: bytes | None
    token_digest: bytes | None
    app_id: int
    network: str


async def exchange(house: House, tx: Tx, app_id: int, token: str, network: str) -> str:
    """Spend an approved request token and start a session; the session id, 40 hex digits (wire A.4).

    The one conditional statement in the middle is what makes a token good for one session only, ever. Raises what
    `why_not_exchange` says, and then nothing is consumed.
    """
    digests = house.digests.candidates(Kind.REQUEST_TOKEN, token)
    which = {"app_id": app_id, "generation": Generation.THIRD}
    digest, spent = await first_of(tx, request_tokens.SPEND, digests, **which, now=tx.now)
    if spent is None:
        raise Refused(why_not_exchange(await find(house, tx, token), app_id, tx.now) or Fault.TOKEN_SPENT)
    session = house.entropy.hex(BYTES)
    started = Started(house.digests.of(Kind.SESSION, session), None, digest, app_id, network)
    await start(tx, started, spent)
    await events.record(tx, Happened.SESSION_STARTED, app_id=app_id, account_id=spent.account_id, network=network)
    return session


async def start(tx: Tx, started: Started, spent: Spent) -> None:
    """Let a session begin of what was approved; how that was stays known as long as the session."""
    await tx.run(
        sessions.START,
        **started._asdict(),
        account_id=spent.account_id,
        approved_at=spent.approved_at,
        how=spent.how,
        by_network=spent.network,
        browser=spent.browser,
        now=tx.now,
    )


async def end(house: House, tx: Tx, app_id: int, session: str, network: str) -> None:
    """End a session. Raises SESSION_NOT_FOUND for one that is unknown, ended or another app's (wire A.5)."""
    digests = house.digests.candidates(Kind.SESSION, session)
    _, account_id = await first_of(tx, sessions.END, digests, app_id=app_id, now=tx.now)
    if account_id is None:
        raise Refused(Fault.SESSION_NOT_FOUND)
    await events.record(tx, Happened.SESSION_ENDED, app_id=app_id, account_id=account_id, network=network)
