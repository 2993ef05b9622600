"""This file holds the statements of authenticator apps: the secret of each, and that no code is taken twice."""

from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, delete, select, update

from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.people.factor_tables import authenticators


class Kept(NamedTuple):
    """An authenticator app's secret, hidden, and the step of the newest code that was taken."""

    secret: bytes
    step: int


FIND = Statement(
    select(authenticators.c.secret, authenticators.c.step).where(
        authenticators.c.account_id == bindparam("account_id")
    ),
    Kept._make,
)

# A new one takes the place of the old: whoever may set one up has just proved who they are.
SET = Statement(
    insert(authenticators)
    .values(
        account_id=bindparam("account_id"),
        secret=bindparam("secret"),
        made_at=bindparam("now"),
        step=bindparam("step"),
    )
    .on_conflict_do_update(
        index_elements=[authenticators.c.account_id],
        set_={"secret": bindparam("secret"), "made_at": bindparam("now"), "step": bindparam("step")},
    ),
    no_row,
)

# A row when the code of this step had not been taken, nor one after it, and the secret is still this one.
TAKE = Statement(
    update(authenticators)
    .where(
        authenticators.c.account_id == bindparam("account_id"),
        authenticators.c.secret == bindparam("secret"),
        authenticators.c.step < bindparam("step", type_=BigInteger),
    )
    .values(step=bindparam("step", type_=BigInteger))
    .returning(authenticators.c.account_id),
    only,
)

REMOVE = Statement(
    delete(authenticators)
    .where(authenticators.c.account_id == bindparam("account_id"))
    .returning(authenticators.c.account_id),
    only,
)
