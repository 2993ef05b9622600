"""This file holds the statements of the audit: one row for each change of state."""

from sqlalchemy import BigInteger, bindparam, func, insert, select

from admitone.model.people.history import Event
from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.engine.sweeping import sweep
from admitone.store.schema import apps, events

# What people need not read of: it is half of something else that they do read of.
UNSEEN = ("token approved", "token approved by login", "confirmed who they are", "new device")

_new = insert(events).values(
    at=bindparam("at"),
    kind=bindparam("kind"),
    app_id=bindparam("app_id"),
    account_id=bindparam("account_id"),
    network=bindparam("network"),
    detail=bindparam("detail"),
)
RECORD = Statement(_new, no_row, together=())

# The same, and the number of the new row: no two events have one.
RECORD_NUMBERED = Statement(_new.returning(events.c.id), only)

# What happened to one account since an instant, newest first, with the name of the app that had to do with it.
OF_ACCOUNT = Statement(
    select(events.c.at, events.c.kind, events.c.network, events.c.detail, func.coalesce(apps.c.name, ""))
    .select_from(events.outerjoin(apps, apps.c.id == events.c.app_id))
    .where(
        events.c.account_id == bindparam("account_id"),
        events.c.at >= bindparam("since", type_=BigInteger),
        *(events.c.kind != kind for kind in UNSEEN),
    )
    .order_by(events.c.id.desc())
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("offset", type_=BigInteger)),
    Event._make,
)

# What is nobody's and happened before an instant, but for what tells of the house itself. The newest row stays whatever
# it is: the clock and the numbers go on from there.
OF_THE_HOUSE = ("invitation made", "app added", "app credentials rotated", "app removed")
_newest = select(func.max(events.c.id)).scalar_subquery()
_nobodys = (
    events.c.account_id.is_(None),
    *(events.c.kind != kind for kind in OF_THE_HOUSE),
    events.c.id != _newest,
)
# When the first of them was.
FIRST_END = Statement(select(events.c.at).where(*_nobodys).order_by(events.c.at).limit(1), only)

SWEEP = sweep(events.c.at, *_nobodys)

# Where the clock of the last run stood; this run's must not start behind it.
LATEST = Statement(select(func.max(events.c.at)), only)
