"""This file holds the statements of recovery codes: each is good once."""

from sqlalchemy import bindparam, delete, func, insert, select, update

from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.people.factor_tables import recovery_codes

ADD = Statement(
    insert(recovery_codes).values(
        digest=bindparam("digest"), account_id=bindparam("account_id"), made_at=bindparam("now")
    ),
    no_row,
)

# A row for a code that nobody had used.
USE = Statement(
    update(recovery_codes)
    .where(
        recovery_codes.c.digest == bindparam("digest"),
        recovery_codes.c.account_id == bindparam("account_id"),
        recovery_codes.c.used_at.is_(None),
    )
    .values(used_at=bindparam("now"))
    .returning(recovery_codes.c.account_id),
    only,
)

LEFT = Statement(
    select(func.count())
    .select_from(recovery_codes)
    .where(recovery_codes.c.account_id == bindparam("account_id"), recovery_codes.c.used_at.is_(None)),
    only,
)

REMOVE_ALL = Statement(delete(recovery_codes).where(recovery_codes.c.account_id == bindparam("account_id")), no_row)
