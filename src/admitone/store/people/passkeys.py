"""This file holds the statements of passkeys."""

from typing import NamedTuple

from sqlalchemy import BigInteger, and_, bindparam, delete, func, or_, select, update

from admitone.model.people.factors import Passkey
from admitone.store.engine.statements import Statement, insert, only
from admitone.store.people.factor_tables import passkeys
from admitone.store.schema import accounts


class Known(NamedTuple):
    """What is needed to check an answer of a passkey; `password_hash` is what the account's proofs are bound to."""

    id: int
    account_id: int
    object_id: str
    public_key: bytes
    uses: int
    switched_off_at: int | None
    password_hash: str | None


_of_account = passkeys.c.account_id == bindparam("account_id")

# No row when somebody has this very passkey already, or the account has as many as it may.
ADD = Statement(
    insert(passkeys)
    .from_select(
        ["account_id", "credential_id", "public_key", "uses", "name", "aaguid", "synced", "made_at"],
        select(
            accounts.c.id,
            bindparam("credential_id", type_=passkeys.c.credential_id.type),
            bindparam("public_key", type_=passkeys.c.public_key.type),
            bindparam("uses", type_=BigInteger),
            bindparam("name", type_=passkeys.c.name.type),
            bindparam("aaguid", type_=passkeys.c.aaguid.type),
            bindparam("synced", type_=passkeys.c.synced.type),
            bindparam("now", type_=BigInteger),
        ).where(
            accounts.c.id == bindparam("account_id"),
            select(func.count())
            .select_from(passkeys)
            .where(passkeys.c.account_id == bindparam("account_id"))
            .scalar_subquery()
            < bindparam("most", type_=BigInteger),
        ),
    )
    .on_conflict_do_nothing(index_elements=[passkeys.c.credential_id])
    .returning(passkeys.c.id),
    only,
)

OF_ACCOUNT = Statement(
    select(
        passkeys.c.id,
        passkeys.c.name,
        passkeys.c.aaguid,
        passkeys.c.synced,
        passkeys.c.made_at,
        passkeys.c.used_at,
    )
    .where(_of_account)
    .order_by(passkeys.c.id),
    Passkey._make,
)

CREDENTIALS = Statement(select(passkeys.c.credential_id).where(_of_account).order_by(passkeys.c.id), only)

FIND = Statement(
    select(
        passkeys.c.id,
        passkeys.c.account_id,
        accounts.c.object_id,
        passkeys.c.public_key,
        passkeys.c.uses,
        accounts.c.switched_off_at,
        accounts.c.password_hash,
    )
    .select_from(passkeys.join(accounts, accounts.c.id == passkeys.c.account_id))
    .where(passkeys.c.credential_id == bindparam("credential_id")),
    Known._make,
)

# A row unless its counter says that another copy of the passkey has been used meanwhile.
USE = Statement(
    update(passkeys)
    .where(
        passkeys.c.id == bindparam("passkey_id"),
        or_(
            passkeys.c.uses < bindparam("uses", type_=BigInteger),
            and_(passkeys.c.uses == 0, bindparam("uses", type_=BigInteger) == 0),
        ),
    )
    .values(uses=bindparam("uses", type_=BigInteger), used_at=bindparam("now"), synced=bindparam("synced"))
    .returning(passkeys.c.account_id),
    only,
)

RENAME = Statement(
    update(passkeys)
    .where(passkeys.c.id == bindparam("passkey_id", type_=BigInteger), _of_account)
    .values(name=bindparam("new_name"))
    .returning(passkeys.c.name),
    only,
)

REMOVE = Statement(
    delete(passkeys)
    .where(passkeys.c.id == bindparam("passkey_id", type_=BigInteger), _of_account)
    .returning(passkeys.c.name),
    only,
)
