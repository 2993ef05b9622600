"""This file holds the statements of apps and their credentials."""

from sqlalchemy import BigInteger, bindparam, delete, func, or_, select, update
from sqlalchemy import insert as plain_insert

from admitone.model.apps import App
from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.schema import accounts, app_credentials, app_returns, apps

COLUMNS = (
    apps.c.id,
    apps.c.public_id,
    apps.c.name,
    apps.c.website,
    apps.c.kind,
    apps.c.owner_id,
    accounts.c.name.label("owner_name"),
    apps.c.first_party,
    apps.c.accepted,
    apps.c.made_at,
    apps.c.switched_off_at,
)
with_owner = apps.join(accounts, accounts.c.id == apps.c.owner_id)

# No row when an app of that name, or of one that looks the same, is there.
ADD = Statement(
    insert(apps)
    .values(
        public_id=bindparam("public_id"),
        name=bindparam("name"),
        name_key=bindparam("name_key"),
        website=bindparam("website"),
        kind=bindparam("kind"),
        owner_id=bindparam("owner_id"),
        first_party=bindparam("first_party"),
        accepted=bindparam("accepted"),
        made_at=bindparam("now"),
    )
    .on_conflict_do_nothing(index_elements=[apps.c.name_key])
    .returning(apps.c.id),
    only,
)

ADD_RETURN = Statement(
    plain_insert(app_returns).values(app_id=bindparam("app_id"), address=bindparam("address")), no_row
)
RETURNS = Statement(
    select(app_returns.c.address).where(app_returns.c.app_id == bindparam("app_id")).order_by(app_returns.c.address),
    only,
)

ADD_CREDENTIAL = Statement(
    plain_insert(app_credentials).values(
        app_id=bindparam("app_id"),
        key_digest=bindparam("key_digest"),
        read_token_digest=bindparam("read_token_digest"),
        hint=bindparam("hint"),
        made_at=bindparam("now"),
    ),
    no_row,
)

# The end of credentials only ever moves nearer.
END_CREDENTIALS = Statement(
    update(app_credentials)
    .where(
        app_credentials.c.app_id == bindparam("app_id"),
        or_(
            app_credentials.c.ends_at.is_(None),
            app_credentials.c.ends_at > bindparam("ends_at", type_=BigInteger),
        ),
    )
    .values(ends_at=bindparam("ends_at", type_=BigInteger)),
    no_row,
)

EVERY = Statement(select(*COLUMNS).select_from(with_owner).order_by(apps.c.id), App._make)
FIND = Statement(select(*COLUMNS).select_from(with_owner).where(apps.c.public_id == bindparam("public_id")), App._make)
FIND_BY_ID = Statement(select(*COLUMNS).select_from(with_owner).where(apps.c.id == bindparam("app_id")), App._make)
COUNT = Statement(select(func.count()).select_from(apps), only)

REMOVE = Statement(delete(apps).where(apps.c.public_id == bindparam("public_id")).returning(apps.c.id), only)
