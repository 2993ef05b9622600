"""This file finds out who is asking: the app behind a credential, and the person it acts for."""

from typing import NamedTuple

from admitone.basics.digests import Kind
from admitone.flows import guests
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.guests import TOUCH_MS as GUEST_TOUCH_MS
from admitone.model.sessions import TOUCH_MS
from admitone.store import callers, sessions
from admitone.store.callers import Known
from admitone.store.engine.statements import Statement
from admitone.store.engine.tx import Tx
from admitone.store.guests import Guest

NOBODY = b""


class Credential(NamedTuple):
    """What a call brings along; texts as they came, None where nothing came. A key goes before a bearer (wire 1.6)."""

    api_key: str | None
    bearer: str | None
    session: str | None
    guest: str | None = None


class Person(NamedTuple):
    """For whom an app acts; `session_id` is None when a read token alone acts for the app's owner."""

    account_id: int
    session_id: int | None
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


async def recognise(house: House, tx: Tx, credential: Credential) -> Caller:
    """Who is asking. Raises APP_MISSING, APP_UNKNOWN (the wire tells them not apart) and APP_SWITCHED_OFF."""
    if not credential.api_key and not credential.bearer:
        raise Refused(Fault.APP_MISSING)
    known = None
    if credential.api_key:
        known = await _known(house, tx, callers.BY_KEY, Kind.API_KEY, credential.api_key, credential.session)
    if credential.bearer and (known is None or not credential.session):
        known = await _by_bearer(house, tx, credential, known)
    if known is None:
        raise Refused(Fault.APP_UNKNOWN)
    if known.app_switched_off_at is not None:
        raise Refused(Fault.APP_SWITCHED_OFF)
    caller = _caller(known, tx.now)
    if caller.person is None and credential.guest:
        guest = await guests.find(house, tx, caller.app_id, credential.guest)
        stale = guest is not None and guest.used_at < tx.now - GUEST_TOUCH_MS
        return caller._replace(guest=guest, stale=stale)
    return caller


async def touch(house: House, tx: Tx, caller: Caller) -> None:
    """Write down that a session or guest session is in use; a session at most once in five minutes."""
    if caller.guest:
        await guests.touch(house, tx, caller.guest.id)
    elif caller.person and caller.person.session_id:
        await tx.run(sessions.TOUCH, session_id=caller.person.session_id, now=tx.now, before=tx.now - TOUCH_MS)


async def _by_bearer(house: House, tx: Tx, credential: Credential, by_key: Known | None) -> Known | None:
    # It acts for the owner where it comes alone: beside a guest session, what is done is the guest's.
    statement = callers.BY_READ_TOKEN if credential.session or credential.guest else callers.AS_OWNER
    by_bearer = await _known(house, tx, statement, Kind.READ_TOKEN, credential.bearer or "", credential.session)
    # With a key and a read token of two apps the key decides, and it acts for nobody.
    agree = by_key is None or (by_bearer is not None and by_bearer.app_id == by_key.app_id)
    return by_bearer if agree else by_key


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


def _caller(known: Known, now: int) -> Caller:
    if known.account_id is None:
        return Caller(known.app_id, None, stale=False)
    _, _, _, session_id, used_at, account_id, object_id, username, name, language, country, adult, gravatar = known
    # The columns of one account: either all of them are there or none.
    person = Person(account_id, session_id, object_id, username, name, language, country, bool(adult), gravatar)  # type: ignore[arg-type]
    return Caller(known.app_id, person, stale=used_at is not None and used_at < now - TOUCH_MS)
