"""This file holds the statements that say whose an e-mail address is: it belongs to one account at most."""

from sqlalchemy import BigInteger, bindparam, delete, select

from admitone.model.people.mails import Owner
from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.people.tables import addresses
from admitone.store.schema import accounts

# No row when it is another's.
OWN = Statement(
    insert(addresses)
    .values(
        address_key=bindparam("address_key"),
        account_id=bindparam("account_id"),
        confirmed_at=bindparam("now", type_=BigInteger),
    )
    .on_conflict_do_nothing(index_elements=[addresses.c.address_key])
    .returning(addresses.c.account_id),
    only,
)
OWNER = Statement(
    select(accounts.c.id, accounts.c.username)
    .select_from(addresses.join(accounts, accounts.c.id == addresses.c.account_id))
    .where(addresses.c.address_key == bindparam("address_key")),
    Owner._make,
)
RELEASE = Statement(delete(addresses).where(addresses.c.account_id == bindparam("account_id")), no_row)
