"""This file holds the statements of sessions."""

from sqlalchemy import BigInteger, bindparam, func, insert, literal_column, select, update

from admitone.model.apps import COUNTED
from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.engine.sweeping import sweep
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

# How many people have this app connected; one more than is counted says that there are more. In the order of the index,
# which both engines walk until they have seen enough: the number stands in the text so that PostgreSQL plans for it.
PEOPLE = Statement(
    select(func.count()).select_from(
        select(sessions.c.ended_at, sessions.c.account_id)
        .where(sessions.c.app_id == bindparam("app_id"), sessions.c.ended_at.is_(None))
        .distinct()
        .order_by(sessions.c.ended_at, sessions.c.account_id)
        .limit(literal_column(str(COUNTED + 1)))
        .subquery()
    ),
    only,
)

FIRST_END = Statement(select(func.min(sessions.c.ended_at)).where(sessions.c.ended_at.is_not(None)), only)

SWEEP = sweep(sessions.c.ended_at)
