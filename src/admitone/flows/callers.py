"""This file finds out who is asking: the app behind a credential, and the person it acts for."""

from enum import StrEnum
from typing import NamedTuple

from admitone.basics import jwt
from admitone.basics.digests import Kind
from admitone.flows import guests
from admitone.flows.house import House
from admitone.model.access_tokens import Scope, may
from admitone.model.faults import Fault, Refused
from admitone.model.guests import TOUCH_MS as GUEST_TOUCH_MS
from admitone.model.sessions import TOUCH_MS
from admitone.store import callers, sessions
from admitone.store.callers import Known
from admitone.store.engine.statements import Statement
from admitone.store.engine.tx import Tx
from admitone.store.guests import Guest

NOBODY = b""


class By(StrEnum):
    """Which credential says what may be done."""

    KEY = "key"  # the API key, with a session or without
    READ_TOKEN = "read token"
    ACCESS_TOKEN = "access token"  # a person's own, which needs no session


class Credential(NamedTuple):
    """What a call brings along; texts as they came, None where nothing came. A key goes before a bearer (wire 1.6)."""

    api_key: str | None
    bearer: str | None
    session: str | None
    guest: str | None = None


class Person(NamedTuple):
    """For whom an app acts; `session`, a digest, is None when a read token alone acts for the app's owner."""

    account_id: int
    session: bytes | None
    object_id: str
    username: str
    name: str
    iso_639_1: str
    iso_3166_1: str
    include_adult: bool
    gravatar_hash: str


class Caller(NamedTuple):
    """Who is asking: an app, and a person or guest where there is one. `stale`: last use should be written down."""

    app_id: int
    person: Person | None
    stale: bool
    guest: Guest | None = None
    by: By = By.KEY


async def recognise(house: House, tx: Tx, credential: Credential) -> Caller:
    """Who is asking. Raises APP_MISSING, APP_UNKNOWN (the wire tells them not apart) and APP_SWITCHED_OFF."""
    if not credential.api_key and not credential.bearer:
        raise Refused(Fault.APP_MISSING)
    known, by = None, By.KEY
    if credential.api_key:
        known = await _known(house, tx, callers.BY_KEY, Kind.API_KEY, credential.api_key, credential.session)
    if credential.bearer and _is_persons(credential.bearer):
        known, by = _agreed(known, await _by_access_token(house, tx, credential.bearer), By.ACCESS_TOKEN)
    elif credential.bearer and (known is None or not credential.session):
        known, by = _agreed(known, await _by_read_token(house, tx, credential, credential.bearer), By.READ_TOKEN)
    if known is None:
        raise Refused(Fault.APP_UNKNOWN)
    if known.app_switched_off_at is not None:
        raise Refused(Fault.APP_SWITCHED_OFF)
    caller = _caller(known, tx.now, by)
    if caller.person is None and credential.guest:
        guest = await guests.find(house, tx, caller.app_id, credential.guest)
        stale = guest is not None and guest.used_at < tx.now - GUEST_TOUCH_MS
        return caller._replace(guest=guest, stale=stale)
    return caller


async def touch(house: House, tx: Tx, caller: Caller) -> None:
    """Write down that a session or guest session is in use; a session at most once in five minutes."""
    if caller.guest:
        await guests.touch(house, tx, caller.guest.id)
    elif caller.person and caller.person.session:
        await tx.run(sessions.TOUCH, digest=caller.person.session, now=tx.now, before=tx.now - TOUCH_MS)


def _is_persons(bearer: str) -> bool:
    """Whether a bearer token says that it is a user access token; whether it is one, the store says."""
    return may(jwt.claimed(bearer), Scope.WRITE)


def _agreed(by_key: Known | None, by_bearer: Known | None, bearer: By) -> tuple[Known | None, By]:
    """Whose word counts: with a key and a token of two apps the key decides, and it acts for nobody."""
    if by_bearer is None or (by_key is not None and by_bearer.app_id != by_key.app_id):
        return by_key, By.KEY
    return by_bearer, bearer


async def _by_read_token(house: House, tx: Tx, credential: Credential, bearer: str) -> Known | None:
    # It acts for the owner where it comes alone: beside a guest session, what is done is the guest's.
    statement = callers.BY_READ_TOKEN if credential.session or credential.guest else callers.AS_OWNER
    return await _known(house, tx, statement, Kind.READ_TOKEN, bearer, credential.session)


async def _by_access_token(house: House, tx: Tx, bearer: str) -> Known | None:
    if not may(jwt.read(bearer, house.digests), Scope.WRITE):
        return None
    return await _known(house, tx, callers.BY_ACCESS_TOKEN, Kind.ACCESS_TOKEN, bearer, None)


async def _known(
    house: House, tx: Tx, statement: Statement[Known], kind: Kind, secret: str, session: str | None
) -> Known | None:
    known = None
    sessions_kept = house.digests.candidates(Kind.SESSION, session) if session else (NOBODY,)
    for digest in house.digests.candidates(kind, secret):
        for session_digest in sessions_kept:
            row = await tx.one(statement, digest=digest, session=session_digest, now=tx.now)
            if row is None:
                break
            known = row
            if row.account_id is not None:
                return row
    return known


def _caller(known: Known, now: int, by: By) -> Caller:
    if known.account_id is None:
        return Caller(known.app_id, None, stale=False, by=by)
    _, _, _, session, used_at, account_id, object_id, username, name, language, country, adult, gravatar = known
    # The columns of one account: either all of them are there or none.
    person = Person(account_id, session, object_id, username, name, language, country, bool(adult), gravatar)  # type: ignore[arg-type]
    return Caller(known.app_id, person, stale=used_at is not None and used_at < now - TOUCH_MS, by=by)
