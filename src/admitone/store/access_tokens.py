"""This file holds the statements of user access tokens: sessions, found by the digest of their other form."""

from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, select, update

from admitone.store.engine.statements import Statement, only
from admitone.store.schema import accounts, apps, sessions

_live = (
    sessions.c.access_digest == bindparam("digest"),
    sessions.c.app_id == bindparam("app_id"),
    sessions.c.ended_at.is_(None),
)


class Names(NamedTuple):
    """What tokens call an app and a person."""

    public_id: str
    object_id: str


NAMES = Statement(
    select(apps.c.public_id, accounts.c.object_id).where(
        apps.c.id == bindparam("app_id", type_=BigInteger), accounts.c.id == bindparam("account_id", type_=BigInteger)
    ),
    Names._make,
)

# :digest :app_id → the object id of whose it is.
FIND = Statement(
    select(accounts.c.object_id)
    .select_from(sessions.join(accounts, accounts.c.id == sessions.c.account_id))
    .where(*_live, accounts.c.switched_off_at.is_(None)),
    only,
)

# :digest :app_id :now → whose it was, when this statement ended it; another app's stays alive.
END = Statement(
    update(sessions).where(*_live).values(ended_at=bindparam("now", type_=BigInteger)).returning(sessions.c.account_id),
    only,
)
