"""This file holds the statements of what an account has beside its name and password: its address, its profile."""

from sqlalchemy import bindparam, select

from admitone.model.people.mails import Addressee
from admitone.store.engine.statements import Statement
from admitone.store.people.tables import addresses
from admitone.store.schema import accounts

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
    .select_from(accounts.outerjoin(addresses, addresses.c.account_id == accounts.c.id))
    .where(accounts.c.email_key == bindparam("address_key"), accounts.c.switched_off_at.is_(None))
    .order_by(addresses.c.confirmed_at.is_(None), accounts.c.id.desc())
    .limit(1),
    Addressee._make,
)
