"""This file checks passwords: limited before hashing, equal work for every outcome, and only then anything happens."""

from typing import NamedTuple

from admitone.flows import events, request_tokens, throttle
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.model.accounts import Login
from admitone.model.faults import Fault, Refused
from admitone.model.limits import LOGIN_BY_ACCOUNT, LOGIN_BY_NETWORK, LOGIN_BY_SITE
from admitone.model.names import username_key
from admitone.model.request_tokens import Decision, Generation, RequestToken, why_not_exchange
from admitone.model.web.networks import limiter_network
from admitone.store import accounts
from admitone.store.engine.tx import Tx


class Attempt(NamedTuple):
    """One try to sign in; `address` is the client's, as text."""

    username: str
    password: str
    address: str


class Proof(NamedTuple):
    """That somebody gave the right password: for which account, and the very hash it was checked against."""

    account_id: int
    password_hash: str


async def check(house: House, attempt: Attempt) -> Proof:
    """Check a user name and password; one transaction before the hash and one after.

    Raises LOGIN_LIMITED, HASHING_BUSY, LOGIN_WRONG, and ACCOUNT_SWITCHED_OFF only after the right password.
    """
    login = await house.write(_take, attempt)
    password_hash = login.password_hash if login else None
    right = await house.hasher.verify(password_hash, attempt.password)
    if login is None or password_hash is None or not right:
        await house.write(_wrong, login, attempt)
        raise Refused(Fault.LOGIN_WRONG)
    new_hash = await house.hasher.hash(attempt.password) if house.hasher.needs_rehash(password_hash) else None
    await house.write(_right, login, attempt, new_hash)
    if login.switched_off_at is not None:
        raise Refused(Fault.ACCOUNT_SWITCHED_OFF)
    return Proof(login.account_id, new_hash or password_hash)


async def still(tx: Tx, proof: Proof) -> None:
    """Make sure, inside the transaction that acts on it, that a proof still holds. Raises LOGIN_WRONG."""
    same = await tx.one(accounts.SAME_PASSWORD, account_id=proof.account_id, password_hash=proof.password_hash)
    if same is None:
        raise Refused(Fault.LOGIN_WRONG)


async def validate_with_login(house: House, app_id: int, token: str, attempt: Attempt) -> RequestToken:
    """Approve an app's request token with user name and password (wire A.3); the token, for its `expires_at`.

    Raises as `check`, and what `why_not_decide` and `why_not_exchange` say of the token.
    """
    proof = await check(house, attempt)
    return await house.write(_approve, app_id, token, proof)


async def _approve(house: House, tx: Tx, app_id: int, token: str, proof: Proof) -> RequestToken:
    await still(tx, proof)
    found = await request_tokens.find(house, tx, token)
    # Whose a token is never changes, so that this may be read before the gate decides the rest.
    if found is not None and found.app_id != app_id:
        raise Refused(Fault.TOKEN_OF_OTHER_APP)
    if found is not None and found.generation != Generation.THIRD:
        raise Refused(Fault.TOKEN_OF_OTHER_GENERATION)
    how = Happened.TOKEN_APPROVED_BY_LOGIN
    approved = await request_tokens.decide(house, tx, token, proof.account_id, Decision.APPROVE, how)
    # The person may have approved it long ago, and it be spent or over since: no use to whoever asks now.
    if fault := why_not_exchange(approved, app_id, tx.now):
        raise Refused(fault)
    return approved


async def _take(house: House, tx: Tx, attempt: Attempt) -> Login | None:
    key = username_key(attempt.username)
    await throttle.take(house, tx, Fault.LOGIN_LIMITED, LOGIN_BY_ACCOUNT, key)
    await throttle.take(house, tx, Fault.LOGIN_LIMITED, LOGIN_BY_NETWORK, limiter_network(attempt.address))
    await throttle.take(house, tx, Fault.LOGIN_LIMITED, LOGIN_BY_SITE)
    return await tx.one(accounts.LOGIN, username_key=key)


async def _wrong(_house: House, tx: Tx, login: Login | None, attempt: Attempt) -> None:
    # Also for an unknown name, so that both take equally long; the name itself could be a password typed too early.
    account_id = login.account_id if login else None
    await events.record(tx, Happened.WRONG_PASSWORD, account_id=account_id, network=limiter_network(attempt.address))


async def _right(house: House, tx: Tx, login: Login, attempt: Attempt, new_hash: str | None) -> None:
    await throttle.forget(house, tx, LOGIN_BY_ACCOUNT, username_key(attempt.username))
    await throttle.give_back(house, tx, LOGIN_BY_NETWORK, limiter_network(attempt.address))
    await throttle.give_back(house, tx, LOGIN_BY_SITE)
    if new_hash:
        await tx.run(accounts.REHASH, account_id=login.account_id, password_hash=login.password_hash, new_hash=new_hash)
