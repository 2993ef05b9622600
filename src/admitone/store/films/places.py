"""This file holds the statements that move a title to another place of its list."""

from typing import NamedTuple

from sqlalchemy import BigInteger, Double, Text, and_, bindparam, func, or_, select, update

from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.lists import IN_PLACE, placed
from admitone.store.schema import list_items


class Placed(NamedTuple):
    """A title on a list by its own number, and the place where it stands."""

    id: int
    place: float


_list = list_items.c.list_id == bindparam("list_id", type_=BigInteger)
_other = list_items.c.id != bindparam("item_id", type_=BigInteger)

# :list_id :media_type :media_id
FIND = Statement(
    select(list_items.c.id, placed).where(
        _list,
        list_items.c.media_type == bindparam("media_type", type_=Text),
        list_items.c.media_id == bindparam("media_id", type_=BigInteger),
    ),
    Placed._make,
)
TOTAL = Statement(select(func.count()).select_from(list_items).where(_list), only)
# :list_id :item_id :place → how many stand before it.
BEFORE = Statement(
    select(func.count())
    .select_from(list_items)
    .where(
        _list,
        or_(
            placed < bindparam("place", type_=Double),
            and_(placed == bindparam("place", type_=Double), list_items.c.id < bindparam("item_id", type_=BigInteger)),
        ),
    ),
    only,
)
# :list_id :item_id :most :offset; the others, in their order.
OTHERS = Statement(
    select(list_items.c.id, placed)
    .where(_list, _other)
    .order_by(*IN_PLACE)
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("offset", type_=BigInteger)),
    Placed._make,
)
MOVE = Statement(
    update(list_items)
    .where(list_items.c.id == bindparam("item_id", type_=BigInteger), _list)
    .values(stands_at=bindparam("place", type_=Double)),
    no_row,
)
