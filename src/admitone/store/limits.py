"""This file holds the statements of limits: taking from a bucket is one atomic statement."""

from sqlalchemy import BigInteger, bindparam, case, delete, func, select, update

from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.engine.sweeping import sweep
from admitone.store.schema import limits

NOW = bindparam("now", type_=BigInteger)
INTERVAL = bindparam("interval", type_=BigInteger)
SLACK = bindparam("slack", type_=BigInteger)

_taken = insert(limits).values(bucket=bindparam("bucket"), empty_at=NOW + INTERVAL)

# :bucket :now :interval :slack → a row when the bucket had room; it is one fuller then.
TAKE = Statement(
    _taken.on_conflict_do_update(
        index_elements=[limits.c.bucket],
        set_={"empty_at": case((limits.c.empty_at > NOW, limits.c.empty_at), else_=NOW) + INTERVAL},
        where=limits.c.empty_at <= NOW + SLACK,
    ).returning(limits.c.empty_at),
    only,
    together=("bucket",),
)

EMPTY_AT = Statement(select(limits.c.empty_at).where(limits.c.bucket == bindparam("bucket")), only)

# What was taken for an attempt that turned out to be honest goes back.
GIVE_BACK = Statement(
    update(limits).where(limits.c.bucket == bindparam("bucket")).values(empty_at=limits.c.empty_at - INTERVAL), no_row
)

FORGET = Statement(delete(limits).where(limits.c.bucket == bindparam("bucket")), no_row)

FIRST_END = Statement(select(func.min(limits.c.empty_at)), only)

SWEEP = sweep(limits.c.empty_at)
