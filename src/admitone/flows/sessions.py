"""This file starts and ends sessions: the exchange of an approved request token, and the end of what came of it."""

from admitone.basics.digests import Kind
from admitone.flows import events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.request_tokens import find
from admitone.model.faults import Fault, Refused
from admitone.model.request_tokens import Generation, why_not_exchange
from admitone.model.sessions import BYTES
from admitone.store import request_tokens, sessions
from admitone.store.engine.tx import Tx, first_of


async def exchange(house: House, tx: Tx, app_id: int, token: str, network: str) -> str:
    """Spend an approved request token and start a session; the session id, 40 hex digits (wire A.4).

    The one conditional statement in the middle is what makes a token good for one session only, ever. Raises what
    `why_not_exchange` says, and then nothing is consumed.
    """
    digests = house.digests.candidates(Kind.REQUEST_TOKEN, token)
    which = {"app_id": app_id, "generation": Generation.THIRD}
    digest, account_id = await first_of(tx, request_tokens.SPEND, digests, **which, now=tx.now)
    if account_id is None:
        raise Refused(why_not_exchange(await find(house, tx, token), app_id, tx.now) or Fault.TOKEN_SPENT)
    session = house.entropy.hex(BYTES)
    await tx.run(
        sessions.START,
        digest=house.digests.of(Kind.SESSION, session),
        app_id=app_id,
        account_id=account_id,
        token_digest=digest,
        access_digest=None,
        network=network,
        now=tx.now,
    )
    await events.record(tx, Happened.SESSION_STARTED, app_id=app_id, account_id=account_id, network=network)
    return session


async def end(house: House, tx: Tx, app_id: int, session: str, network: str) -> None:
    """End a session. Raises SESSION_NOT_FOUND for one that is unknown, ended or another app's (wire A.5)."""
    digests = house.digests.candidates(Kind.SESSION, session)
    _, account_id = await first_of(tx, sessions.END, digests, app_id=app_id, now=tx.now)
    if account_id is None:
        raise Refused(Fault.SESSION_NOT_FOUND)
    await events.record(tx, Happened.SESSION_ENDED, app_id=app_id, account_id=account_id, network=network)
