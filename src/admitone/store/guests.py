"""This file holds the statements of guest sessions; one that was not used for an hour is as good as gone."""

from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, func, insert, select, update

from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.engine.sweeping import sweep
from admitone.store.schema import guest_sessions

NOW = bindparam("now", type_=BigInteger)


class Guest(NamedTuple):
    """A guest session: whose app it is, and until when it lives unused."""

    id: int
    used_at: int


START = Statement(
    insert(guest_sessions).values(
        digest=bindparam("digest"),
        app_id=bindparam("app_id"),
        network=bindparam("network"),
        made_at=NOW,
        used_at=NOW,
        expires_at=bindparam("expires_at"),
    ),
    no_row,
)

# :digest :app_id :now
FIND = Statement(
    select(guest_sessions.c.id, guest_sessions.c.used_at).where(
        guest_sessions.c.digest == bindparam("digest"),
        guest_sessions.c.app_id == bindparam("app_id"),
        guest_sessions.c.expires_at > NOW,
    ),
    Guest._make,
)

TOUCH = Statement(
    update(guest_sessions)
    .where(guest_sessions.c.id == bindparam("guest_id"), guest_sessions.c.expires_at > NOW)
    .values(used_at=NOW, expires_at=bindparam("expires_at", type_=BigInteger))
    .returning(guest_sessions.c.id),
    only,
)

FIRST_END = Statement(select(func.min(guest_sessions.c.expires_at)), only)

SWEEP = sweep(guest_sessions.c.expires_at)
