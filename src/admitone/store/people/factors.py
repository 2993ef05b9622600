"""This file holds the statement that tells at once what an account can be proved with."""

from typing import Any

from sqlalchemy import Column, ColumnElement, ScalarSelect, bindparam, case, delete, func, select

from admitone.model.people.factors import Factors
from admitone.store.engine.statements import Statement, no_row
from admitone.store.people.factor_tables import app_passwords, authenticators, passkeys, recovery_codes
from admitone.store.schema import accounts

# Everything but the password, for an account in which somebody else may have planted something.
VOID = {
    table.name: Statement(delete(table).where(table.c.account_id == bindparam("account_id")), no_row)
    for table in (authenticators, recovery_codes, passkeys, app_passwords)
}


def _count(column: Column[Any], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(column == bindparam("account_id"), *conditions).scalar_subquery()


OF_ACCOUNT = Statement(
    select(
        case((accounts.c.password_hash.is_(None), 0), else_=1),
        _count(authenticators.c.account_id),
        _count(passkeys.c.account_id),
        _count(recovery_codes.c.account_id, recovery_codes.c.used_at.is_(None)),
        _count(app_passwords.c.account_id),
    ).where(accounts.c.id == bindparam("account_id")),
    Factors._make,
)
