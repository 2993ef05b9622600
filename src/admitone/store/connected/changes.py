"""This file holds the statements of what apps changed: writing it down, reading it, forgetting it in time."""

from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    bindparam,
    case,
    func,
    null,
    select,
    update,
)

from admitone.model.connected.changes import ABSENT, Change, Kind, Thing
from admitone.store.connected.tables import changes
from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.engine.sweeping import oldest, one
from admitone.store.schema import lists, titles


class Author(NamedTuple):
    """One app at work for one person."""

    account_id: int
    app_id: int


class Key(NamedTuple):
    """The key of one change."""

    account_id: int
    kind: str
    list_id: int
    media_type: str
    media_id: int
    season: int
    episode: int
    app_id: int


THING = Thing._fields
_TYPES: dict[str, Any] = {"kind": Text, "media_type": Text}
_key = {name: bindparam(name, type_=_TYPES.get(name, BigInteger)) for name in Key._fields}
_this = and_(*(changes.c[name] == value for name, value in _key.items()))
_mine = and_(changes.c.account_id == _key["account_id"], changes.c.app_id == _key["app_id"])

_new = insert(changes).values(
    {
        **_key,
        "at": bindparam("now", type_=BigInteger),
        "before": bindparam("before", type_=Text),
        "after": bindparam("after", type_=Text),
    }
)
# An app that goes on from what it left itself still began where it began. In every other case somebody else changed the
# thing in between, and that is where this app begins now.
_goes_on = and_(changes.c.after == _new.excluded.before, changes.c.undone_at.is_(None))
RECORD = Statement(
    _new.on_conflict_do_update(
        index_elements=[changes.c[name] for name in _key],
        set_={
            "at": _new.excluded.at,
            "before": case((_goes_on, changes.c.before), else_=_new.excluded.before),
            "after": _new.excluded.after,
            "undone_at": null(),
        },
    ),
    no_row,
    together=tuple(_key),
)


def _change(row: Any) -> Change:
    values = tuple(row)
    return Change(Thing(*values[: len(THING)]), *values[len(THING) :])


_columns = (
    *(changes.c[name] for name in THING),
    changes.c.app_id,
    changes.c.at,
    changes.c.before,
    changes.c.after,
    changes.c.undone_at,
)
_title_type = case((changes.c.media_type == "movie", "movie"), else_="tv")
_their_title = and_(titles.c.media_type == _title_type, titles.c.id == changes.c.media_id)
_their_list = and_(lists.c.id == changes.c.list_id, lists.c.account_id == changes.c.account_id)
_named = (
    select(*_columns, func.coalesce(titles.c.title, ""), func.coalesce(lists.c.name, ""))
    .select_from(changes.outerjoin(titles, _their_title).outerjoin(lists, _their_list))
    .where(_mine)
)
# In the order in which it can be undone: of one instant, a list that went comes back before what was on it, and one
# that was made goes after it.
_is_list = changes.c.kind == Kind.LIST.value
_turn = case((and_(_is_list, changes.c.after == ABSENT), 0), (_is_list, 2), else_=1)
_latest = (changes.c.at.desc(), _turn, *(changes.c[name].desc() for name in THING))

# :account_id :app_id :most :offset, the latest first
PAGE = Statement(
    _named.order_by(*_latest).limit(bindparam("most", type_=BigInteger)).offset(bindparam("offset", type_=BigInteger)),
    _change,
)
TOTAL = Statement(select(func.count()).select_from(changes).where(_mine), only)
ONE = Statement(_named.where(_this), _change)

# :account_id :app_id :before_at :most; what is still to be undone and was not changed after the instant.
LEFT = Statement(
    _named.where(changes.c.undone_at.is_(None), changes.c.at <= bindparam("until", type_=BigInteger))
    .order_by(*_latest)
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("offset", type_=BigInteger)),
    _change,
)
LEFT_TOTAL = Statement(select(func.count()).select_from(changes).where(_mine, changes.c.undone_at.is_(None)), only)

# → the instant, when this very statement marked it as undone.
UNDO = Statement(
    update(changes)
    .where(_this, changes.c.undone_at.is_(None), changes.c.at == bindparam("at", type_=BigInteger))
    .values(undone_at=bindparam("now", type_=BigInteger))
    .returning(changes.c.at),
    only,
)

# Who else changed the same thing later, the latest last; 0 is the person.
_same = and_(*(changes.c[name] == value for name, value in _key.items() if name != "app_id"))
LATER = Statement(
    select(changes.c.app_id)
    .where(
        _same,
        changes.c.app_id != _key["app_id"],
        changes.c.at >= bindparam("at", type_=BigInteger),
        changes.c.undone_at.is_(None),
    )
    .order_by(changes.c.at.desc(), changes.c.app_id)
    .limit(1),
    only,
)

FIRST_END = Statement(select(func.min(changes.c.at)), only)

# Whoever changed most of late is looked at for too much: nobody else can have more than a month of a slower pace.
# :since :looked (rows, the latest) :most
_late = (
    select(changes.c.account_id, changes.c.app_id)
    .where(changes.c.at > bindparam("since", type_=BigInteger))
    .order_by(changes.c.at.desc())
    .limit(bindparam("looked", type_=BigInteger))
    .subquery()
)
BUSY = Statement(
    select(_late.c.account_id, _late.c.app_id)
    .group_by(_late.c.account_id, _late.c.app_id)
    .order_by(func.count().desc())
    .limit(bindparam("most", type_=BigInteger)),
    Author._make,
)
# When the latest but so many of an app's was. :account_id :app_id :newer
KEPT_FROM = Statement(
    select(changes.c.at)
    .where(_mine)
    .order_by(changes.c.at.desc())
    .limit(1)
    .offset(bindparam("newer", type_=BigInteger)),
    only,
)

ENDED = Statement(oldest(changes.c.at), Key._make)  # :before :most
ENDED_OF_APP = Statement(oldest(changes.c.at, _mine), Key._make)  # :account_id :app_id :before :most
FORGET = one(changes)
