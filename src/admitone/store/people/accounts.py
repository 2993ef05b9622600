"""This file holds the statements of what an account has beside its name and password: its address, its profile."""

from sqlalchemy import BigInteger, and_, bindparam, func, select, update

from admitone.model.people.mails import Addressee
from admitone.model.people.profile import Profile
from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.people.tables import addresses
from admitone.store.schema import accounts

NOW = bindparam("now", type_=BigInteger)

_addressee = (
    accounts.c.id,
    accounts.c.username,
    accounts.c.iso_639_1,
    accounts.c.email,
    accounts.c.email_confirmed_at,
)

ADDRESSEE = Statement(select(*_addressee).where(accounts.c.id == bindparam("account_id")), Addressee._make)
BY_NAME = Statement(
    select(*_addressee).where(
        accounts.c.username_key == bindparam("username_key"), accounts.c.switched_off_at.is_(None)
    ),
    Addressee._make,
)
# Whose an address is; of those who only claim it, the last.
BY_ADDRESS = Statement(
    select(*_addressee)
    .select_from(
        accounts.outerjoin(
            addresses,
            and_(addresses.c.account_id == accounts.c.id, addresses.c.address_key == accounts.c.email_key),
        )
    )
    .where(accounts.c.email_key == bindparam("address_key"), accounts.c.switched_off_at.is_(None))
    .order_by(addresses.c.confirmed_at.is_(None), accounts.c.id.desc())
    .limit(1),
    Addressee._make,
)

_profile = (
    accounts.c.id,
    accounts.c.username,
    accounts.c.name,
    accounts.c.iso_639_1,
    accounts.c.iso_3166_1,
    accounts.c.include_adult,
    accounts.c.gravatar_hash,
    accounts.c.email,
    accounts.c.email_key,
    accounts.c.email_confirmed_at,
    accounts.c.email_wanted,
    accounts.c.recovered_at,
    accounts.c.password_hash,
    accounts.c.confirm_by,
    accounts.c.time_zone,
    accounts.c.appearance,
)
_mine = accounts.c.id == bindparam("account_id")

PROFILE = Statement(select(*_profile).where(_mine, accounts.c.switched_off_at.is_(None)), Profile._make)

SAVE = Statement(
    update(accounts)
    .where(_mine)
    .values(
        name=bindparam("new_name"),
        iso_639_1=bindparam("iso_639_1"),
        iso_3166_1=bindparam("iso_3166_1"),
        include_adult=bindparam("include_adult"),
        gravatar_hash=bindparam("gravatar_hash"),
        time_zone=bindparam("time_zone"),
        appearance=bindparam("appearance"),
    ),
    no_row,
)

# What somebody says their address is; nothing is proven by it. Not in the place of one that is proven: no row then.
CLAIM_ADDRESS = Statement(
    update(accounts)
    .where(_mine, accounts.c.email_confirmed_at.is_(None))
    .values(email=bindparam("written"), email_key=bindparam("address_key"))
    .returning(accounts.c.id),
    only,
)
AWAIT_CONFIRMATION = Statement(
    update(accounts).where(_mine).values(confirm_by=bindparam("until", type_=BigInteger)), no_row
)
WANT_ADDRESS = Statement(update(accounts).where(_mine).values(email_wanted=bindparam("written")), no_row)
CONFIRM_ADDRESS = Statement(
    update(accounts)
    .where(_mine)
    .values(
        email=bindparam("written"),
        email_key=bindparam("address_key"),
        email_confirmed_at=NOW,
        email_wanted=None,
        confirm_by=None,
        gravatar_hash=bindparam("gravatar_hash"),
    ),
    no_row,
)

# Only the account that still has the password which was checked, or the state in which its link was read.
CHANGE_PASSWORD = Statement(
    update(accounts)
    .where(
        _mine,
        func.coalesce(accounts.c.password_hash, "") == bindparam("old_hash"),
        accounts.c.switched_off_at.is_(None),
    )
    .values(password_hash=bindparam("new_hash"), recovered_at=bindparam("recovered_at"))
    .returning(accounts.c.id),
    only,
)
VOID_PASSWORD = Statement(update(accounts).where(_mine).values(password_hash=None), no_row)
