"""This file holds the statements that let each question to a passkey be answered once."""

from sqlalchemy import BigInteger, bindparam, delete, func, select

from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.people.factor_tables import answered_challenges

# A row for the first answer.
ANSWER = Statement(
    insert(answered_challenges)
    .values(digest=bindparam("digest"), expires_at=bindparam("expires_at"))
    .on_conflict_do_nothing(index_elements=[answered_challenges.c.digest])
    .returning(answered_challenges.c.digest),
    only,
)

FIRST_END = Statement(select(func.min(answered_challenges.c.expires_at)), only)

SWEEP = Statement(
    delete(answered_challenges).where(
        answered_challenges.c.digest.in_(
            select(answered_challenges.c.digest)
            .where(answered_challenges.c.expires_at < bindparam("before", type_=BigInteger))
            .order_by(answered_challenges.c.expires_at)
            .limit(bindparam("most", type_=BigInteger))
            .with_for_update(skip_locked=True)
        )
    ),
    no_row,
)
