"""This file holds the statements of invitations: each lets one person in."""

from sqlalchemy import BigInteger, bindparam, func, select, update

from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.engine.sweeping import sweep
from admitone.store.people.tables import invitations

NOW = bindparam("now", type_=BigInteger)

MAKE = Statement(
    insert(invitations).values(
        digest=bindparam("digest"),
        note=bindparam("note"),
        made_at=NOW,
        expires_at=bindparam("expires_at", type_=BigInteger),
    ),
    no_row,
)

_works = (invitations.c.digest == bindparam("digest"), invitations.c.used_at.is_(None), invitations.c.expires_at > NOW)

FIND = Statement(select(invitations.c.expires_at).where(*_works), only)
USE = Statement(
    update(invitations)
    .where(*_works)
    .values(used_at=NOW, used_by=bindparam("account_id"))
    .returning(invitations.c.made_at),
    only,
)

FIRST_END = Statement(select(func.min(invitations.c.expires_at)), only)

SWEEP = sweep(invitations.c.expires_at)
