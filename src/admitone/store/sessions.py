"""This file holds the statements of sessions."""

from sqlalchemy import BigInteger, bindparam, func, insert, select, update

from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.schema import sessions

NOW = bindparam("now", type_=BigInteger)

START = Statement(
    insert(sessions).values(
        digest=bindparam("digest"),
        app_id=bindparam("app_id"),
        account_id=bindparam("account_id"),
        token_digest=bindparam("token_digest"),
        access_digest=bindparam("access_digest"),
        network=bindparam("network"),
        made_at=NOW,
        used_at=NOW,
        approved_at=bindparam("approved_at"),
        approved_how=bindparam("how"),
        approved_network=bindparam("by_network"),
        approved_browser=bindparam("browser"),
    ),
    no_row,
    together=(),
)

# :digest :app_id :now → whose it was, when this statement ended it; another app's stays alive.
END = Statement(
    update(sessions)
    .where(
        sessions.c.digest == bindparam("digest"),
        sessions.c.app_id == bindparam("app_id"),
        sessions.c.ended_at.is_(None),
    )
    .values(ended_at=NOW)
    .returning(sessions.c.account_id),
    only,
)

END_ALL_OF_ACCOUNT = Statement(
    update(sessions)
    .where(sessions.c.account_id == bindparam("account_id"), sessions.c.ended_at.is_(None))
    .values(ended_at=NOW),
    no_row,
)

TOUCH = Statement(
    update(sessions)
    .where(sessions.c.digest == bindparam("digest"), sessions.c.used_at < bindparam("before", type_=BigInteger))
    .values(used_at=NOW),
    no_row,
)

# Since when this person has this app connected; None for not at all.
CONNECTED_AT = Statement(
    select(func.min(sessions.c.made_at)).where(
        sessions.c.account_id == bindparam("account_id"),
        sessions.c.app_id == bindparam("app_id"),
        sessions.c.ended_at.is_(None),
    ),
    only,
)

PEOPLE = Statement(
    select(func.count(sessions.c.account_id.distinct())).where(
        sessions.c.app_id == bindparam("app_id"), sessions.c.ended_at.is_(None)
    ),
    only,
)
