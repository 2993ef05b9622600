"""This file makes, converts and ends what the fourth generation has for sessions: user access tokens (wire C).

A user access token is a session in another form. One row holds both: the digest of the token, and that of the
session id it stands for, which is drawn from the token itself, so that whoever shows the one can be given the other.
"""

from typing import NamedTuple

from admitone.basics import jwt
from admitone.basics.digests import Kind
from admitone.flows import events, request_tokens, sessions
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.request_tokens import Kept
from admitone.flows.sessions import Started
from admitone.model.access_tokens import LONGEST_ADDRESS, Scope, access_claims, may, request_claims
from admitone.model.faults import Fault, Refused
from admitone.model.request_tokens import FOURTH_LIFE_MS, Generation, Spent, why_not_exchange
from admitone.model.sessions import BYTES
from admitone.model.web import returns
from admitone.store import access_tokens, apps
from admitone.store import request_tokens as gates
from admitone.store.engine.tx import Tx, first_of


class AccessToken(NamedTuple):
    """A user access token; `text` is its secret, `object_id` the name of whose it is."""

    text: str
    object_id: str


async def issue(house: House, tx: Tx, app_id: int, network: str, redirect_to: str) -> str:
    """Make a request token, good for 15 minutes; `redirect_to`, empty for none, is in it and fixed (wire C.1).

    Raises RETURN_ADDRESS_BAD, and APP_UNKNOWN for an app that was removed or switched off since it was recognised.
    """
    if len(redirect_to) > LONGEST_ADDRESS:
        raise Refused(Fault.RETURN_ADDRESS_BAD)
    address = returns.parse(redirect_to).text if redirect_to else None
    app = await tx.one(apps.FIND_BY_ID, app_id=app_id)
    if app is None:
        raise Refused(Fault.APP_UNKNOWN)
    number = await events.record_numbered(tx, Happened.TOKEN_MADE, app_id=app_id, network=network)
    text = jwt.mint(request_claims(app.public_id, number, tx.now, address), house.digests)
    digest = house.digests.of(Kind.REQUEST_TOKEN, text)
    kept = Kept(digest, tx.now + FOURTH_LIFE_MS, Generation.FOURTH, address)
    await request_tokens.keep(tx, app_id, network, kept)
    return text


async def exchange(house: House, tx: Tx, app_id: int, token: str, network: str) -> AccessToken:
    """Spend an approved request token and start a session in the form of a user access token (wire C.2).

    A user access token of this app comes back as it is: a client asks so whose it is (client rules 14). Raises
    SIGNED_TOKEN_BAD, ACCESS_TOKEN_UNKNOWN, and what `why_not_exchange` says; then nothing is consumed.
    """
    claims = jwt.read(token, house.digests)
    if may(claims, Scope.WRITE):
        _, object_id = await _find(house, tx, app_id, token)
        return AccessToken(token, object_id)
    if not may(claims, Scope.PENDING):
        raise Refused(Fault.SIGNED_TOKEN_BAD)
    digests = house.digests.candidates(Kind.REQUEST_TOKEN, token)
    which = {"app_id": app_id, "generation": Generation.FOURTH}
    digest, spent = await first_of(tx, gates.SPEND, digests, **which, now=tx.now)
    if spent is None:
        found = await request_tokens.find(house, tx, token)
        raise Refused(why_not_exchange(found, app_id, tx.now, Generation.FOURTH) or Fault.TOKEN_SPENT)
    return await _start(house, tx, app_id, spent, network, digest)


async def end(house: House, tx: Tx, app_id: int, token: str, network: str) -> None:
    """End a user access token, and so its session (wire C.3).

    Raises ACCESS_TOKEN_UNKNOWN for one that is unknown, ended or another app's.
    """
    digests = house.digests.candidates(Kind.ACCESS_TOKEN, token)
    _, account_id = await first_of(tx, access_tokens.END, digests, app_id=app_id, now=tx.now)
    if account_id is None:
        raise Refused(Fault.ACCESS_TOKEN_UNKNOWN)
    await events.record(tx, Happened.SESSION_ENDED, app_id=app_id, account_id=account_id, network=network)


async def convert(house: House, tx: Tx, app_id: int, token: str) -> str:
    """The session id that a user access token stands for, the same each time (wire A.6).

    Raises ACCESS_TOKEN_UNKNOWN, also for what is no user access token at all.
    """
    digest, _ = await _find(house, tx, app_id, token)
    # By the key that the token was kept under: the newest may be another by now.
    same = (each for each in house.digests.candidates(Kind.CONVERTED, token) if each[0] == digest[0])
    return _session_of(next(same))


async def _find(house: House, tx: Tx, app_id: int, token: str) -> tuple[bytes, str]:
    digests = house.digests.candidates(Kind.ACCESS_TOKEN, token)
    digest, object_id = await first_of(tx, access_tokens.FIND, digests, app_id=app_id)
    if digest is None or object_id is None:
        raise Refused(Fault.ACCESS_TOKEN_UNKNOWN)
    return digest, object_id


async def _start(
    house: House, tx: Tx, app_id: int, spent: Spent, network: str, token_digest: bytes | None
) -> AccessToken:
    names = await tx.one(access_tokens.NAMES, app_id=app_id, account_id=spent.account_id)
    if names is None:
        raise Refused(Fault.APP_UNKNOWN)
    number = await events.record_numbered(
        tx, Happened.SESSION_STARTED, app_id=app_id, account_id=spent.account_id, network=network
    )
    text = jwt.mint(access_claims(*names, number, tx.now), house.digests)
    session = _session_of(house.digests.of(Kind.CONVERTED, text))
    digests = house.digests.of(Kind.SESSION, session), house.digests.of(Kind.ACCESS_TOKEN, text)
    await sessions.start(tx, Started(*digests, token_digest, app_id, network), spent)
    return AccessToken(text, names.object_id)


def _session_of(digest: bytes) -> str:
    return digest[1 : 1 + BYTES].hex()
