"""This file checks passwords: limited before hashing, equal work for every outcome, and only then anything happens."""

from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

from admitone.basics.addresses import address_key
from admitone.basics.digests import Kind
from admitone.basics.late import people_come
from admitone.basics.passwords import Held
from admitone.flows import events, request_tokens, throttle
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import addresses, app_passwords, places
from admitone.flows.people.places import Place
from admitone.model.accounts import Login
from admitone.model.connected.approvals import Approval, How
from admitone.model.faults import Fault, Refused
from admitone.model.limits import (
    LOGIN_BY_ACCOUNT,
    LOGIN_BY_NETWORK,
    LOGIN_BY_PLACE,
    LOGIN_BY_REGION,
    LOGIN_BY_SITE,
    LOGIN_DAILY,
    Limit,
)
from admitone.model.names import username_key
from admitone.model.people.factors import clean_drawn
from admitone.model.request_tokens import Decision, Generation, RequestToken, why_not_exchange
from admitone.model.web.networks import limiter_network, limiter_region, network_of
from admitone.store import accounts
from admitone.store.engine.tx import Tx
from admitone.store.people import addresses as owners

NOBODY = 0  # no account has this number
AT_LARGE = (LOGIN_BY_NETWORK, LOGIN_BY_REGION, LOGIN_BY_SITE)  # what others' tries are counted by as well


class Attempt(NamedTuple):
    """One try to sign in; `address` is the client's, as text, `device` the secret by which its browser may be known."""

    username: str
    password: str
    address: str
    device: str = ""


class Proof(NamedTuple):
    """That somebody gave the right password: for which account, and the very hash it was checked against.

    With `second_step` it is half of a proof. `app_password` is its number when that was given instead.
    """

    account_id: int
    password_hash: str | None
    second_step: bool = False
    app_password: int | None = None


class Taken(NamedTuple):
    """What is known before the password is looked at: whose it may be, how they are known here, what was counted."""

    login: Login | None
    place: Place
    buckets: tuple[tuple[Limit, str], ...]
    app_password: int | None = None


async def check(house: House, attempt: Attempt) -> Proof:
    """Check a user name and password; one transaction before the hash and one after.

    Raises LOGIN_LIMITED, HASHING_BUSY, LOGIN_WRONG, and ACCOUNT_SWITCHED_OFF only after the right password.
    """
    with _room(house, attempt) as held:
        return await _right_password(house, await house.write(_take, attempt), attempt, held)


async def still(tx: Tx, proof: Proof) -> None:
    """Make sure, inside the transaction that acts on it, that a proof still holds. Raises LOGIN_WRONG."""
    same = await tx.one(accounts.SAME_PASSWORD, account_id=proof.account_id, password_hash=proof.password_hash)
    if same is None:
        raise Refused(Fault.LOGIN_WRONG)


def mark(house: House, proof: Proof) -> str:
    """What a browser carries between the password and the second step: good for nothing else."""
    return house.digests.of(Kind.HALFWAY, _marked(proof.account_id, proof.password_hash)).hex()


async def resume(house: House, tx: Tx, account_id: int, marked: str) -> Proof:
    """The proof that was marked, while the account's password is still that one. Raises HALFWAY_OVER."""
    login = await tx.one(accounts.LOGIN_OF, account_id=account_id)
    text = _marked(account_id, login.password_hash) if login else ""
    if login is None or marked not in [each.hex() for each in house.digests.candidates(Kind.HALFWAY, text)]:
        raise Refused(Fault.HALFWAY_OVER)
    return Proof(account_id, login.password_hash)


async def validate_with_login(house: House, app_id: int, token: str, attempt: Attempt) -> RequestToken:
    """Approve an app's request token with user name and password (wire A.3); the token, for its `expires_at`.

    Whoever has a second step set up gives an app password here, and the password itself is no use to an app
    (security.md F19). Raises as `check`, SECOND_STEP_NEEDED, and what `why_not_decide` and `why_not_exchange` say of
    the token.
    """
    await people_come()
    proof = await _check_for_app(house, attempt)
    return await house.write(_approve, app_id, token, proof, attempt.address)


async def _check_for_app(house: House, attempt: Attempt) -> Proof:
    # App passwords need no hashing.
    with nullcontext() if clean_drawn(attempt.password) else _room(house, attempt) as held:
        taken = await house.write(_take_for_app, attempt)
        login = taken.login
        if login is None or taken.app_password is None:
            return await _right_password(house, taken, attempt, held, for_app=True)
    if login.switched_off_at is not None:
        raise Refused(Fault.ACCOUNT_SWITCHED_OFF)
    return Proof(login.account_id, login.password_hash, app_password=taken.app_password)


def _room(house: House, attempt: Attempt) -> AbstractContextManager[Held | None]:
    """Room for one hash, before anything is written: in a crowd, most cost nothing. Not asked of who may be known."""
    return nullcontext() if attempt.device else house.hasher.holding()


async def _right_password(
    house: House, taken: Taken, attempt: Attempt, held: Held | None, *, for_app: bool = False
) -> Proof:
    login = taken.login
    password_hash = login.password_hash if login else None
    known = taken.place.device is not None
    right = await house.hasher.verify(password_hash, attempt.password, known=known, held=held)
    if login is None or password_hash is None or not right:
        await house.write(_wrong, login, attempt, Happened.WRONG_PASSWORD)
        raise Refused(Fault.LOGIN_WRONG)
    if for_app and login.second_step:
        # Counted, logged and answered as a wrong one: an app that guesses must not learn that it guessed right.
        await house.write(_wrong, login, attempt, Happened.APP_PASSWORD_NEEDED)
        raise Refused(Fault.SECOND_STEP_NEEDED)
    new_hash = await house.hasher.hash(attempt.password) if house.hasher.needs_rehash(password_hash) else None
    await house.write(_right, taken, new_hash)
    if login.switched_off_at is not None:
        raise Refused(Fault.ACCOUNT_SWITCHED_OFF, account_id=login.account_id)
    return Proof(login.account_id, new_hash or password_hash, bool(login.second_step) and not taken.place.trusted)


async def _approve(house: House, tx: Tx, app_id: int, token: str, proof: Proof, address: str) -> RequestToken:
    await still(tx, proof)
    await addresses.must_be_confirmed(house, tx, proof.account_id)
    if proof.app_password is not None:
        await app_passwords.use(house, tx, proof.account_id, proof.app_password, network_of(address))
    found = await request_tokens.find(house, tx, token)
    # Whose a token is never changes, so that this may be read before the gate decides the rest.
    if found is not None and found.app_id != app_id:
        raise Refused(Fault.TOKEN_OF_OTHER_APP)
    if found is not None and found.generation != Generation.THIRD:
        raise Refused(Fault.TOKEN_OF_OTHER_GENERATION)
    approval = Approval(How.LOGIN if proof.app_password is None else How.APP_PASSWORD, network_of(address))
    approved = await request_tokens.decide(house, tx, token, proof.account_id, Decision.APPROVE, approval)
    # The person may have approved it long ago, and it be spent or over since: no use to whoever asks now.
    if fault := why_not_exchange(approved, app_id, tx.now):
        raise Refused(fault)
    if proof.app_password is None:
        # An app that has a password of its own may be anywhere: its networks are not its person's.
        await places.know_network(house, tx, proof.account_id, address)
    return approved


async def _take_for_app(house: House, tx: Tx, attempt: Attempt) -> Taken:
    key, login = await _meant(tx, attempt.username)
    account_id = login.account_id if login else NOBODY
    app_password = await app_passwords.find(house, tx, account_id, attempt.password)
    if app_password is not None:
        # Of 80 bits, nobody guesses one. It counts for nothing, and what was counted of guesses at the password stays.
        return Taken(login, Place(), (), app_password)
    return await _count(house, tx, attempt, key, login)


async def _take(house: House, tx: Tx, attempt: Attempt) -> Taken:
    return await _count(house, tx, attempt, *await _meant(tx, attempt.username))


async def _meant(tx: Tx, typed: str) -> tuple[str, Login | None]:
    key = await _key(tx, typed)
    return key, await tx.one(accounts.LOGIN, username_key=key)


async def _count(house: House, tx: Tx, attempt: Attempt, key: str, login: Login | None) -> Taken:
    account_id = login.account_id if login else NOBODY
    place = await places.recognise(house, tx, account_id, attempt.device, attempt.address)
    buckets = _buckets(key, place, attempt.address)
    for limit, whose in buckets:
        await throttle.take(house, tx, Fault.LOGIN_LIMITED, limit, whose)
    return Taken(login, place, buckets)


async def _key(tx: Tx, typed: str) -> str:
    """The key of the account that is meant: by its user name, in which there is no @, or its confirmed address."""
    if "@" not in typed:
        return username_key(typed)
    owner = await tx.one(owners.OWNER, address_key=address_key(typed))
    return username_key(owner.username if owner else typed)


def _buckets(key: str, place: Place, address: str) -> tuple[tuple[Limit, str], ...]:
    """What counts a try: of a browser that its owner is known on only itself, so that nobody else's tries count.

    Nor do the tries of the whole site where the owner has signed in before.
    """
    if place.device is not None:
        return ((LOGIN_BY_PLACE, f"{key}\0{place.device.hex()}"),)
    network = limiter_network(address)
    nearby = ((LOGIN_BY_NETWORK, network), (LOGIN_BY_REGION, limiter_region(address)))
    if place.network:
        return ((LOGIN_BY_PLACE, f"{key}\0{network}"), (LOGIN_DAILY, f"{key}\0{network}"), *nearby)
    return ((LOGIN_BY_ACCOUNT, key), (LOGIN_DAILY, key), *nearby, (LOGIN_BY_SITE, ""))


async def _wrong(_house: House, tx: Tx, login: Login | None, attempt: Attempt, kind: Happened) -> None:
    # Also for an unknown name, so that both take equally long; the name itself could be a password typed too early.
    account_id = login.account_id if login else None
    await events.record(tx, kind, account_id=account_id, network=limiter_network(attempt.address))


async def _right(house: House, tx: Tx, taken: Taken, new_hash: str | None) -> None:
    for limit, whose in taken.buckets:
        if limit in AT_LARGE:
            await throttle.give_back(house, tx, limit, whose)
        else:
            await throttle.forget(house, tx, limit, whose)
    if new_hash and taken.login:
        login = taken.login
        await tx.run(accounts.REHASH, account_id=login.account_id, password_hash=login.password_hash, new_hash=new_hash)


def _marked(account_id: int, password_hash: str | None) -> str:
    return f"{account_id}\0{password_hash or ''}"
