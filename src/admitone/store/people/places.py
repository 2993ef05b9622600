"""This file holds the statements of known places: browsers and networks from which an account's owner has signed in."""

from sqlalchemy import BigInteger, bindparam, delete, func, select, update

from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.people.factor_tables import known_places

NOW = bindparam("now", type_=BigInteger)
_here = (known_places.c.digest == bindparam("digest"), known_places.c.expires_at > NOW)

# Until when a browser is trusted with the second step; 0 for one that is known and not trusted, no row for a stranger.
FIND = Statement(
    select(func.coalesce(known_places.c.trusted_until, 0)).where(
        *_here, known_places.c.account_id == bindparam("account_id")
    ),
    only,
)

# A place where somebody has just signed in. Trust that was given stays until it ends.
KNOW = Statement(
    insert(known_places)
    .values(
        digest=bindparam("digest"),
        account_id=bindparam("account_id"),
        made_at=NOW,
        expires_at=bindparam("expires_at"),
        trusted_until=bindparam("trusted_until", type_=BigInteger),
    )
    .on_conflict_do_update(
        index_elements=[known_places.c.digest, known_places.c.account_id],
        set_={
            "expires_at": bindparam("expires_at"),
            "trusted_until": func.coalesce(bindparam("trusted_until", type_=BigInteger), known_places.c.trusted_until),
        },
    ),
    no_row,
)

# The browser goes on under a new secret, with everybody who is known on it.
MOVE = Statement(
    update(known_places).where(known_places.c.digest == bindparam("digest")).values(digest=bindparam("new_digest")),
    no_row,
)

ANY_OF_ACCOUNT = Statement(
    select(func.count()).select_from(known_places).where(known_places.c.account_id == bindparam("account_id")), only
)

# After a change of what proves somebody, every browser is asked for the second step again.
TRUST_NONE = Statement(
    update(known_places).where(known_places.c.account_id == bindparam("account_id")).values(trusted_until=None), no_row
)

FORGET_ALL = Statement(delete(known_places).where(known_places.c.account_id == bindparam("account_id")), no_row)

FIRST_END = Statement(select(func.min(known_places.c.expires_at)), only)

SWEEP = Statement(
    delete(known_places).where(
        known_places.c.digest.in_(
            select(known_places.c.digest)
            .where(known_places.c.expires_at < bindparam("before", type_=BigInteger))
            .order_by(known_places.c.expires_at)
            .limit(bindparam("most", type_=BigInteger))
            .with_for_update(skip_locked=True)
        ),
        known_places.c.expires_at < bindparam("before", type_=BigInteger),
    ),
    no_row,
)
