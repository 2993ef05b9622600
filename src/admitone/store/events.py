"""This file holds the statements of the audit: one row for each change of state."""

from sqlalchemy import bindparam, func, insert, select

from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.schema import events

_new = insert(events).values(
    at=bindparam("at"),
    kind=bindparam("kind"),
    app_id=bindparam("app_id"),
    account_id=bindparam("account_id"),
    network=bindparam("network"),
    detail=bindparam("detail"),
)
RECORD = Statement(_new, no_row)

# The same, and the number of the new row: no two events have one.
RECORD_NUMBERED = Statement(_new.returning(events.c.id), only)

# Where the clock of the last run stood; this run's must not start behind it.
LATEST = Statement(select(func.max(events.c.at)), only)
