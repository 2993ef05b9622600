"""This file holds the statements that let each question to a passkey be answered once."""

from sqlalchemy import bindparam, func, select

from admitone.store.engine.statements import Statement, insert, only
from admitone.store.engine.sweeping import sweep
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

SWEEP = sweep(answered_challenges.c.expires_at)
