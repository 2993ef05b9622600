"""This file holds the statements of connections: the sessions of one person, as that person sees and ends them."""

from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    update,
)

from admitone.model.apps import App
from admitone.model.connected.connections import SHOWN, Connection
from admitone.model.request_tokens import State
from admitone.store.apps import COLUMNS, with_owner
from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.schema import apps, list_items, lists, marks, ratings, request_tokens, sessions


class Ended(NamedTuple):
    """A session that was ended just now."""

    id: int
    app_id: int


class Extent(NamedTuple):
    """How many live connections an app has, when one was last used and when the newest was made."""

    app_id: int
    total: int
    used_at: int
    made_at: int


class Extant(NamedTuple):
    """The app of a connection, and whether it still can be used."""

    app_id: int
    alive: int


class Wrote(NamedTuple):
    """How much of one person's an app wrote last."""

    app_id: int
    rows: int


NOW = bindparam("now", type_=BigInteger)
_mine = sessions.c.account_id == bindparam("account_id", type_=BigInteger)
_alive = sessions.c.ended_at.is_(None)
_of_app = sessions.c.app_id == bindparam("app_id", type_=BigInteger)
_columns = (
    sessions.c.id,
    sessions.c.app_id,
    sessions.c.network,
    sessions.c.made_at,
    sessions.c.used_at,
    sessions.c.ended_at,
    sessions.c.approved_how,
    sessions.c.approved_network,
    sessions.c.approved_browser,
)
_latest = (sessions.c.used_at.desc(), sessions.c.id.desc())

# :account_id → every app that has a live session with this person.
APPS = Statement(
    select(*COLUMNS)
    .select_from(with_owner)
    .where(apps.c.id.in_(select(sessions.c.app_id).where(_mine, _alive)))
    .order_by(apps.c.id),
    App._make,
)

# The latest few of each app, and how many each has.
_numbered = (
    select(*_columns, func.row_number().over(partition_by=sessions.c.app_id, order_by=_latest).label("number"))
    .where(_mine, _alive)
    .subquery()
)
LATEST = Statement(
    select(*(_numbered.c[column.name] for column in _columns))
    .where(_numbered.c.number <= SHOWN)
    .order_by(_numbered.c.app_id, _numbered.c.number),
    Connection._make,
)
EXTENTS = Statement(
    select(sessions.c.app_id, func.count(), func.max(sessions.c.used_at), func.max(sessions.c.made_at))
    .where(_mine, _alive)
    .group_by(sessions.c.app_id),
    Extent._make,
)
UNUSED = Statement(
    select(func.count()).where(_mine, _alive, sessions.c.used_at <= bindparam("before", type_=BigInteger)), only
)

# :account_id :app_id :most :offset
OF_APP = Statement(
    select(*_columns)
    .where(_mine, _alive, _of_app)
    .order_by(*_latest)
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("offset", type_=BigInteger)),
    Connection._make,
)
OF_APP_TOTAL = Statement(select(func.count()).where(_mine, _alive, _of_app), only)

# One of this person's and this app's, live or ended.
ONE = Statement(
    select(*_columns).where(_mine, _of_app, sessions.c.id == bindparam("session_id", type_=BigInteger)),
    Connection._make,
)

# Whether this person ever had this app connected, or has approved it a moment ago.
_approved = (
    request_tokens.c.expires_at > NOW,
    request_tokens.c.decided_by == bindparam("account_id", type_=BigInteger),
    request_tokens.c.app_id == bindparam("app_id", type_=BigInteger),
    request_tokens.c.state == State.APPROVED.value,
)
EVER = Statement(
    select(sessions.c.id)
    .where(_mine, _of_app)
    .union_all(select(literal(0, BigInteger)).select_from(request_tokens).where(*_approved))
    .limit(1),
    only,
)

RATINGS = Statement(
    select(ratings.c.app_id, func.count())
    .where(ratings.c.account_id == bindparam("account_id"), ratings.c.app_id.is_not(None))
    .group_by(ratings.c.app_id),
    Wrote._make,
)
MARKS = Statement(
    select(marks.c.app_id, func.count())
    .where(marks.c.account_id == bindparam("account_id"), marks.c.app_id.is_not(None))
    .group_by(marks.c.app_id),
    Wrote._make,
)


_lists_of = lists.c.account_id == bindparam("account_id")
# Lists that an app made, and titles that it put on a list.
LISTS = Statement(
    select(lists.c.app_id, func.count()).where(_lists_of, lists.c.app_id.is_not(None)).group_by(lists.c.app_id),
    Wrote._make,
)
ITEMS = Statement(
    select(list_items.c.app_id, func.count())
    .select_from(list_items.join(lists, lists.c.id == list_items.c.list_id))
    .where(_lists_of, list_items.c.app_id.is_not(None))
    .group_by(list_items.c.app_id),
    Wrote._make,
)


def _end(*conditions: ColumnElement[bool]) -> Statement[Ended]:
    return Statement(
        update(sessions)
        .where(_mine, _alive, *conditions)
        .values(ended_at=NOW)
        .returning(sessions.c.id, sessions.c.app_id),
        Ended._make,
    )


# → those that this very statement ended; the conditions are the lock.
END_ONE = _end(_of_app, sessions.c.id == bindparam("session_id", type_=BigInteger))
END_OF_APP = _end(_of_app)
END_ALL = _end()
END_UNUSED = _end(sessions.c.used_at <= bindparam("before", type_=BigInteger))

# The same by the request token that the connection came from.
_of_token = sessions.c.token_digest == bindparam("connection", type_=LargeBinary)
END_OF_TOKEN = _end(_of_token)
REVOKE_TOKEN = Statement(
    update(request_tokens)
    .where(
        request_tokens.c.digest == bindparam("connection", type_=LargeBinary),
        request_tokens.c.expires_at > NOW,
        request_tokens.c.state == State.APPROVED.value,
    )
    .values(state=State.DENIED.value, decided_at=NOW)
    .returning(request_tokens.c.app_id),
    only,
)

# :connection :now → the app of what came from a request token, and whether it still can be used.
OF_TOKEN = Statement(
    select(sessions.c.app_id, _alive)
    .where(_of_token)
    .union_all(
        select(
            request_tokens.c.app_id,
            and_(request_tokens.c.state == State.APPROVED.value, request_tokens.c.expires_at > NOW),
        ).where(
            request_tokens.c.digest == bindparam("connection", type_=LargeBinary),
            request_tokens.c.state != State.SPENT.value,
        )
    ),
    Extant._make,
)

# What this person approved for an app and nobody has exchanged yet; of every app without one.
REVOKE = Statement(
    update(request_tokens)
    .where(
        request_tokens.c.expires_at > NOW,
        request_tokens.c.decided_by == bindparam("account_id", type_=BigInteger),
        request_tokens.c.state == State.APPROVED.value,
        or_(
            bindparam("app_id", type_=BigInteger).is_(None),
            request_tokens.c.app_id == bindparam("app_id", type_=BigInteger),
        ),
    )
    .values(state=State.DENIED.value, decided_at=NOW),
    no_row,
)
