"""This file holds the statements of calls: how many were given out of what all processes may answer in one second."""

from sqlalchemy import BigInteger, bindparam, case, delete, func, or_, select

from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.schema import calls

SECOND = bindparam("second", type_=BigInteger)
NUMBER = bindparam("number", type_=BigInteger)

_older = calls.c.second < SECOND

# :bucket :second :number :most → a row when so many were left. A process whose clock is behind takes from the newest
# second that anybody knows, else it would open an old one again.
TAKE = Statement(
    insert(calls)
    .values(bucket=bindparam("bucket"), second=SECOND, given=NUMBER)
    .on_conflict_do_update(
        index_elements=[calls.c.bucket],
        set_={
            "given": case((_older, NUMBER), else_=calls.c.given + NUMBER),
            "second": case((_older, SECOND), else_=calls.c.second),
        },
        where=or_(_older, calls.c.given + NUMBER <= bindparam("most", type_=BigInteger)),
    )
    .returning(calls.c.given),
    only,
    together=("bucket",),
)

FIRST_END = Statement(select(func.min(calls.c.second)), only)

SWEEP = Statement(
    delete(calls).where(
        calls.c.bucket.in_(
            select(calls.c.bucket)
            .where(calls.c.second < bindparam("before", type_=BigInteger))
            .order_by(calls.c.second)
            .limit(bindparam("most", type_=BigInteger))
            .with_for_update(skip_locked=True)
        )
    ),
    no_row,
)
