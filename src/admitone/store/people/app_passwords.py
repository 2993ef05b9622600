"""This file holds the statements of app passwords: good only where an app asks for user name and password itself."""

from sqlalchemy import BigInteger, bindparam, delete, func, insert, select, update

from admitone.model.people.factors import AppPassword
from admitone.store.engine.statements import Statement, only
from admitone.store.people.factor_tables import app_passwords
from admitone.store.schema import accounts

_of_account = app_passwords.c.account_id == bindparam("account_id")

# No row when the account has as many as it may.
ADD = Statement(
    insert(app_passwords)
    .from_select(
        ["account_id", "digest", "name", "made_at"],
        select(
            accounts.c.id,
            bindparam("digest", type_=app_passwords.c.digest.type),
            bindparam("name", type_=app_passwords.c.name.type),
            bindparam("now", type_=BigInteger),
        ).where(
            accounts.c.id == bindparam("account_id"),
            select(func.count()).select_from(app_passwords).where(_of_account).scalar_subquery()
            < bindparam("most", type_=BigInteger),
        ),
    )
    .returning(app_passwords.c.id),
    only,
)

OF_ACCOUNT = Statement(
    select(app_passwords.c.id, app_passwords.c.name, app_passwords.c.made_at, app_passwords.c.used_at)
    .where(_of_account)
    .order_by(app_passwords.c.id),
    AppPassword._make,
)

FIND = Statement(select(app_passwords.c.id).where(app_passwords.c.digest == bindparam("digest"), _of_account), only)

USED_AT = Statement(
    select(app_passwords.c.used_at).where(
        app_passwords.c.id == bindparam("password_id", type_=BigInteger), _of_account
    ),
    only,
)

# Locked, so that one that is being taken back waits for what is done by it, or ends it.
USE = Statement(
    update(app_passwords)
    .where(app_passwords.c.id == bindparam("password_id", type_=BigInteger), _of_account)
    .values(used_at=bindparam("now"))
    .returning(app_passwords.c.name),
    only,
)

REMOVE = Statement(
    delete(app_passwords)
    .where(app_passwords.c.id == bindparam("password_id", type_=BigInteger), _of_account)
    .returning(app_passwords.c.name),
    only,
)
