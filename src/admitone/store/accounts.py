"""This file holds the statements of accounts."""

from sqlalchemy import BigInteger, bindparam, case, func, select, update

from admitone.model.accounts import Account, Login, Owner
from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.people.factor_tables import authenticators
from admitone.store.schema import accounts

_columns = (
    accounts.c.id,
    accounts.c.object_id,
    accounts.c.username,
    accounts.c.name,
    accounts.c.iso_639_1,
    accounts.c.iso_3166_1,
    accounts.c.include_adult,
    accounts.c.gravatar_hash,
    accounts.c.made_at,
    accounts.c.switched_off_at,
)

# No row when the user name is taken.
ADD = Statement(
    insert(accounts)
    .values(
        object_id=bindparam("object_id"),
        username=bindparam("username"),
        username_key=bindparam("username_key"),
        name=bindparam("name"),
        password_hash=bindparam("password_hash"),
        iso_639_1=bindparam("iso_639_1"),
        iso_3166_1=bindparam("iso_3166_1"),
        include_adult=0,
        gravatar_hash=bindparam("gravatar_hash"),
        made_at=bindparam("now"),
    )
    .on_conflict_do_nothing(index_elements=[accounts.c.username_key])
    .returning(*_columns),
    Account._make,
)

EVERYONE = Statement(select(*_columns).order_by(accounts.c.id), Account._make)
FIND = Statement(select(*_columns).where(accounts.c.username_key == bindparam("username_key")), Account._make)
# :most; no more than so many are counted.
COUNT = Statement(
    select(func.count()).select_from(select(accounts.c.id).limit(bindparam("most", type_=BigInteger)).subquery()), only
)

ACTIVE = Statement(
    select(accounts.c.id).where(accounts.c.id == bindparam("account_id"), accounts.c.switched_off_at.is_(None)), only
)

_login = select(
    accounts.c.id,
    accounts.c.password_hash,
    accounts.c.switched_off_at,
    case((authenticators.c.account_id.is_(None), 0), else_=1),
).select_from(accounts.outerjoin(authenticators, authenticators.c.account_id == accounts.c.id))

LOGIN = Statement(_login.where(accounts.c.username_key == bindparam("username_key")), Login._make)
LOGIN_OF = Statement(_login.where(accounts.c.id == bindparam("account_id")), Login._make)

# How a passkey knows its owner, and the names that its device shows.
OWNER = Statement(
    select(accounts.c.object_id, accounts.c.username, accounts.c.name).where(accounts.c.id == bindparam("account_id")),
    Owner._make,
)

# Only the account whose password was checked, with the very hash it was checked against. Locked, so that a new password
# waits for what is done by the old one, and then ends it.
SAME_PASSWORD = Statement(
    select(accounts.c.id)
    .where(
        accounts.c.id == bindparam("account_id"),
        accounts.c.password_hash.is_not_distinct_from(bindparam("password_hash")),
        accounts.c.switched_off_at.is_(None),
    )
    .with_for_update(read=True),
    only,
)

SET_PASSWORD = Statement(
    update(accounts)
    .where(accounts.c.username_key == bindparam("username_key"))
    .values(password_hash=bindparam("password_hash"))
    .returning(accounts.c.id),
    only,
)

REHASH = Statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"), accounts.c.password_hash == bindparam("password_hash"))
    .values(password_hash=bindparam("new_hash")),
    no_row,
)
