"""This file holds the statements of lists as the fourth generation makes, changes and shows them."""

from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    SmallInteger,
    Text,
    bindparam,
    case,
    cast,
    func,
    insert,
    select,
    update,
)

from admitone.model.lists import FourthList, ListSort
from admitone.model.media import Title
from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.engine.statements import insert as upsert
from admitone.store.fourth.orders import by
from admitone.store.lists import IN_PLACE, SAID, STANDING, Said, Standing, made
from admitone.store.schema import accounts, list_items, lists, titles, votes
from admitone.store.titles import facts, with_facts


class Listed(NamedTuple):
    """A title on a list, and what its owner says of it; since when it is there, put by which app, None for no app."""

    title: Title
    comment: str | None
    added_at: int
    app_id: int | None


CREATE = Statement(
    insert(lists)
    .values(
        account_id=bindparam("account_id"),
        name=bindparam("name"),
        description=bindparam("description"),
        iso_639_1=bindparam("iso_639_1"),
        iso_3166_1=bindparam("iso_3166_1"),
        public=bindparam("public"),
        sort_by=bindparam("sort_by"),
        app_id=bindparam("app_id"),
        made_at=bindparam("now"),
        changed_at=bindparam("now"),
    )
    .returning(lists.c.id, *SAID),
    made,
)

_on_it = list_items.c.list_id == lists.c.id
_item_count = select(func.count()).where(_on_it).scalar_subquery()
_voted = list_items.outerjoin(
    votes,
    (votes.c.media_type == list_items.c.media_type)
    & (votes.c.media_id == list_items.c.media_id)
    & (votes.c.season == 0)
    & (votes.c.episode == 0),
)
# Of what nobody rated, nothing is known, so it does not count.
_given = case((votes.c.people > 0, cast(votes.c.halves, Float) / cast(votes.c.people, Float) / 2))
_average = func.coalesce(select(func.avg(_given)).select_from(_voted).where(_on_it).scalar_subquery(), 0.0)

_lists = select(
    lists.c.id,
    lists.c.account_id,
    accounts.c.object_id,
    accounts.c.username,
    accounts.c.name,
    accounts.c.gravatar_hash,
    lists.c.name,
    lists.c.description,
    lists.c.iso_639_1,
    lists.c.iso_3166_1,
    lists.c.public,
    lists.c.sort_by,
    lists.c.backdrop_path,
    _item_count,
    _average,
    lists.c.made_at,
    lists.c.changed_at,
    lists.c.app_id,
).select_from(lists.join(accounts, accounts.c.id == lists.c.account_id))

SHOW = Statement(_lists.where(lists.c.id == bindparam("list_id")), FourthList._make)

# Newest first, as the third generation shows them.
OF_ACCOUNT = Statement(
    _lists.where(lists.c.account_id == bindparam("account_id"))
    .order_by(lists.c.id.desc())
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("offset", type_=BigInteger)),
    FourthList._make,
)

_changed = {
    **{name: func.coalesce(bindparam(name, type_=Text), lists.c[name]) for name in ("name", "description")},
    **{name: func.coalesce(bindparam(name, type_=SmallInteger), lists.c[name]) for name in ("public", "sort_by")},
    "backdrop_path": func.coalesce(bindparam("backdrop_path", type_=Text), lists.c.backdrop_path),
}
# What is said of a list, and what is said of it after a change (:list_id :account_id :now, and what changes: None for
# what does not); both of one's own list, which was touched before.
BEFORE = Statement(select(*SAID).where(lists.c.id == bindparam("list_id", type_=BigInteger)), Said._make)
UPDATE = Statement(
    update(lists)
    .where(lists.c.id == bindparam("list_id", type_=BigInteger), lists.c.account_id == bindparam("account_id"))
    .values({**_changed, "changed_at": bindparam("now", type_=BigInteger)})
    .returning(*SAID),
    Said._make,
)

_item: dict[str, ColumnElement[Any]] = {
    "list_id": bindparam("list_id", type_=BigInteger),
    "media_type": bindparam("media_type", type_=Text),
    "media_id": bindparam("media_id", type_=BigInteger),
    "added_at": bindparam("now", type_=BigInteger),
    "app_id": bindparam("app_id", type_=BigInteger),
}
# No row when it is on the list already, or no title at all.
ADD_ITEM = Statement(
    upsert(list_items)
    .from_select(
        list(_item),
        select(*_item.values()).where(
            titles.c.media_type == bindparam("media_type", type_=Text),
            titles.c.id == bindparam("media_id", type_=BigInteger),
        ),
    )
    .on_conflict_do_nothing(index_elements=[list_items.c.list_id, list_items.c.media_type, list_items.c.media_id])
    .returning(list_items.c.id),
    only,
)

_this = (
    list_items.c.list_id == bindparam("list_id"),
    list_items.c.media_type == bindparam("media_type"),
    list_items.c.media_id == bindparam("media_id"),
)
ITEM = Statement(select(*STANDING).where(*_this), Standing._make)
COMMENT = Statement(
    update(list_items).where(*_this).values(comment=bindparam("comment", type_=Text)),
    no_row,
)


_listed = (list_items.c.comment, list_items.c.added_at, list_items.c.app_id)


def _items(sort: ListSort) -> Statement[Listed]:
    return Statement(
        select(*facts(list_items.c.media_type, list_items.c.media_id), *_listed)
        .select_from(with_facts(list_items, list_items.c.media_type, list_items.c.media_id))
        .where(list_items.c.list_id == bindparam("list_id"))
        .order_by(*by(sort.partition(".")[0], *IN_PLACE, reverse=sort.reversed))
        .limit(bindparam("most", type_=BigInteger))
        .offset(bindparam("offset", type_=BigInteger)),
        lambda row: Listed(Title._make(row[:-3]), *row[-3:]),  # type: ignore[index]
    )


# :list_id :most :offset
ITEMS = {sort: _items(sort) for sort in ListSort}
