"""This file holds the statements of visits."""

from sqlalchemy import BigInteger, bindparam, delete, func, insert, select, update

from admitone.model.visits import Place, Visit
from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.engine.sweeping import sweep
from admitone.store.schema import accounts, visits

NOW = bindparam("now", type_=BigInteger)

START = Statement(
    insert(visits).values(
        digest=bindparam("digest"),
        account_id=bindparam("account_id"),
        network=bindparam("network"),
        made_at=NOW,
        proved_at=NOW,
        seen_at=NOW,
        lasts=bindparam("lasts"),
        expires_at=bindparam("expires_at"),
        browser=bindparam("browser"),
        way=bindparam("way"),
    ),
    no_row,
)

FIND = Statement(
    select(
        visits.c.account_id,
        accounts.c.username,
        accounts.c.name,
        visits.c.made_at,
        visits.c.proved_at,
        visits.c.seen_at,
        visits.c.lasts,
        visits.c.expires_at,
        accounts.c.iso_639_1,
        accounts.c.time_zone,
        accounts.c.appearance,
    )
    .select_from(visits.join(accounts, accounts.c.id == visits.c.account_id))
    .where(visits.c.digest == bindparam("digest"), visits.c.expires_at > NOW, accounts.c.switched_off_at.is_(None)),
    Visit._make,
)

# Moves the end on, for one that has not ended.
ROLL = Statement(
    update(visits)
    .where(visits.c.digest == bindparam("digest"), visits.c.expires_at > NOW)
    .values(seen_at=NOW, expires_at=NOW + visits.c.lasts)
    .returning(visits.c.expires_at),
    only,
)

# Under a new secret: whoever may have seen the old one gains nothing by what was proved now (security.md B12).
RENEW = Statement(
    update(visits)
    .where(
        visits.c.digest == bindparam("digest"),
        visits.c.account_id == bindparam("account_id"),
        visits.c.expires_at > NOW,
    )
    .values(digest=bindparam("new_digest"), proved_at=NOW, seen_at=NOW, expires_at=NOW + visits.c.lasts)
    .returning(visits.c.expires_at),
    only,
)

END = Statement(delete(visits).where(visits.c.digest == bindparam("digest")).returning(visits.c.account_id), only)

# Where an account is signed in now, the most recently used first.
OF_ACCOUNT = Statement(
    select(visits.c.digest, visits.c.browser, visits.c.way, visits.c.network, visits.c.made_at, visits.c.seen_at)
    .where(visits.c.account_id == bindparam("account_id"), visits.c.expires_at > NOW)
    .order_by(visits.c.seen_at.desc(), visits.c.digest),
    Place._make,
)

# Nobody ends another's visit.
END_ONE = Statement(
    delete(visits)
    .where(visits.c.digest == bindparam("digest"), visits.c.account_id == bindparam("account_id"))
    .returning(visits.c.browser),
    only,
)
END_OTHERS = Statement(
    delete(visits).where(visits.c.account_id == bindparam("account_id"), visits.c.digest != bindparam("digest")),
    no_row,
)
END_ALL_OF_ACCOUNT = Statement(delete(visits).where(visits.c.account_id == bindparam("account_id")), no_row)

FIRST_END = Statement(select(func.min(visits.c.expires_at)), only)

SWEEP = sweep(visits.c.expires_at)
