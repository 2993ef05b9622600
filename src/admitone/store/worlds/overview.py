"""This file holds the statements that show a world to its developer: request tokens and sessions, newest first."""

from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, select

from admitone.store.engine.statements import Statement
from admitone.store.schema import accounts, apps, guest_sessions, request_tokens, sessions

_most = bindparam("most", type_=BigInteger)


class TokenRow(NamedTuple):
    """A request token as it is kept."""

    digest: bytes
    app: str
    state: str
    made_at: int
    expires_at: int
    decided_by: str | None


class SessionRow(NamedTuple):
    """A session as it is kept; a guest session has no user name, and an end."""

    app: str
    username: str | None
    made_at: int
    used_at: int
    ended_at: int | None
    expires_at: int | None = None


TOKENS = Statement(
    select(
        request_tokens.c.digest,
        apps.c.name,
        request_tokens.c.state,
        request_tokens.c.made_at,
        request_tokens.c.expires_at,
        accounts.c.username,
    )
    .select_from(
        request_tokens.join(apps, apps.c.id == request_tokens.c.app_id).outerjoin(
            accounts, accounts.c.id == request_tokens.c.decided_by
        )
    )
    .order_by(request_tokens.c.made_at.desc(), request_tokens.c.digest)
    .limit(_most),
    TokenRow._make,
)

SESSIONS = Statement(
    select(apps.c.name, accounts.c.username, sessions.c.made_at, sessions.c.used_at, sessions.c.ended_at)
    .select_from(
        sessions.join(apps, apps.c.id == sessions.c.app_id).join(accounts, accounts.c.id == sessions.c.account_id)
    )
    .order_by(sessions.c.id.desc())
    .limit(_most),
    lambda row: _person(*row),
)

GUESTS = Statement(
    select(apps.c.name, guest_sessions.c.made_at, guest_sessions.c.used_at, guest_sessions.c.expires_at)
    .select_from(guest_sessions.join(apps, apps.c.id == guest_sessions.c.app_id))
    .order_by(guest_sessions.c.id.desc())
    .limit(_most),
    lambda row: _guest(*row),
)


def _person(app: str, username: str, made_at: int, used_at: int, ended_at: int | None) -> SessionRow:
    return SessionRow(app, username, made_at, used_at, ended_at)


def _guest(app: str, made_at: int, used_at: int, expires_at: int) -> SessionRow:
    return SessionRow(app, None, made_at, used_at, None, expires_at)
