"""This file holds the statements that remove accounts whose address nobody has confirmed in time."""

from sqlalchemy import BigInteger, bindparam, delete, select

from admitone.store.engine.statements import Statement, only
from admitone.store.schema import accounts, apps, lists, marks, ratings, sessions

NOW = bindparam("now", type_=BigInteger)

# Nothing in it that anybody would miss, and nothing by which somebody is working with it.
_over = (
    accounts.c.confirm_by <= NOW,
    accounts.c.email_confirmed_at.is_(None),
    accounts.c.switched_off_at.is_(None),
    *(
        ~select(table.c.account_id).where(table.c.account_id == accounts.c.id).exists()
        for table in (ratings, marks, lists)
    ),
    ~select(apps.c.id).where(apps.c.owner_id == accounts.c.id).exists(),
    ~select(sessions.c.id).where(sessions.c.account_id == accounts.c.id, sessions.c.ended_at.is_(None)).exists(),
)

# :now :most; held until the end of the transaction, so that nothing is put into one that is about to go.
DUE = Statement(
    select(accounts.c.id)
    .where(*_over)
    .order_by(accounts.c.confirm_by)
    .limit(bindparam("most", type_=BigInteger))
    .with_for_update(),
    only,
)

# → the account, when this very statement removed it; what hangs on it goes along.
REMOVE = Statement(
    delete(accounts).where(accounts.c.id == bindparam("account_id", type_=BigInteger), *_over).returning(accounts.c.id),
    only,
)
