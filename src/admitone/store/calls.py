"""This file holds the statements of calls: how many were given out of what all processes may answer in one second."""

from sqlalchemy import BigInteger, bindparam, case, func, or_, select

from admitone.store.engine.statements import Statement, insert, only
from admitone.store.engine.sweeping import sweep
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

SWEEP = sweep(calls.c.second)
