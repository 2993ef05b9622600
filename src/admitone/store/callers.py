"""This file holds the statement behind every call: credential, app, session and account as one join."""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, and_, bindparam, func, literal_column, or_, select

from admitone.store.engine.statements import Statement
from admitone.store.schema import accounts, app_credentials, apps, sessions


class Known(NamedTuple):
    """The app that a credential names, and the person for whom it acts (all None when for nobody)."""

    app_id: int
    app_switched_off_at: int | None
    owner_id: int
    session: bytes | None  # its digest
    used_at: int | None
    account_id: int | None
    object_id: str | None
    username: str | None
    name: str | None
    iso_639_1: str | None
    iso_3166_1: str | None
    include_adult: int | None
    gravatar_hash: str | None


_alive = or_(app_credentials.c.ends_at.is_(None), app_credentials.c.ends_at > bindparam("now", type_=BigInteger))


def _columns(*, with_session: bool) -> tuple[ColumnElement[Any], ...]:
    session = (sessions.c.digest, sessions.c.used_at) if with_session else (func.nullif(0, 0), func.nullif(0, 0))
    return (
        apps.c.id,
        apps.c.switched_off_at,
        apps.c.owner_id,
        *session,
        accounts.c.id,
        accounts.c.object_id,
        accounts.c.username,
        accounts.c.name,
        accounts.c.iso_639_1,
        accounts.c.iso_3166_1,
        accounts.c.include_adult,
        accounts.c.gravatar_hash,
    )


def _known(source: FromClause, credential: ColumnElement[bytes], *, with_session: bool) -> Select[*tuple[Any, ...]]:
    columns = select(*_columns(with_session=with_session)).select_from(source)
    return columns.where(credential == bindparam("digest"), _alive)


_app = app_credentials.join(apps, apps.c.id == app_credentials.c.app_id)
# A sum no index knows. PostgreSQL plans for a table that is still empty, and keeps to it until it has statistics:
# it took the index of an app's sessions, and went through all of them for each call.
_its_app = sessions.c.app_id + literal_column("0", BigInteger)
_with_session = _app.outerjoin(
    sessions, and_(sessions.c.digest == bindparam("session"), _its_app == apps.c.id, sessions.c.ended_at.is_(None))
).outerjoin(accounts, and_(accounts.c.id == sessions.c.account_id, accounts.c.switched_off_at.is_(None)))
_as_owner = _app.outerjoin(accounts, and_(accounts.c.id == apps.c.owner_id, accounts.c.switched_off_at.is_(None)))

# :digest :session :now
BY_KEY = Statement(_known(_with_session, app_credentials.c.key_digest, with_session=True), Known._make, together=())
BY_READ_TOKEN = Statement(
    _known(_with_session, app_credentials.c.read_token_digest, with_session=True), Known._make, together=()
)

_by_access_token = sessions.join(apps, apps.c.id == sessions.c.app_id).join(
    accounts, and_(accounts.c.id == sessions.c.account_id, accounts.c.switched_off_at.is_(None))
)

# :digest
BY_ACCESS_TOKEN = Statement(
    select(*_columns(with_session=True))
    .select_from(_by_access_token)
    .where(sessions.c.access_digest == bindparam("digest"), sessions.c.ended_at.is_(None)),
    Known._make,
    together=(),
)

# :digest :now; a read token without a session acts for the app's owner (wire 1.6).
AS_OWNER = Statement(
    _known(_as_owner, app_credentials.c.read_token_digest, with_session=False), Known._make, together=()
)
