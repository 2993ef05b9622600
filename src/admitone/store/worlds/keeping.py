"""This file holds the statements that keep a sandbox's worlds."""

from typing import NamedTuple

from sqlalchemy import bindparam, delete, select

from admitone.store.engine.statements import Statement, insert, no_row
from admitone.store.worlds.tables import kept_worlds


class KeptWorld(NamedTuple):
    """A world as it is kept: whether it is the default one, and its snapshot."""

    world: str
    is_default: int
    snapshot: str


_new = insert(kept_worlds).values(
    world=bindparam("world"),
    is_default=bindparam("is_default"),
    saved_at=bindparam("now"),
    snapshot=bindparam("snapshot"),
)
SAVE = Statement(
    _new.on_conflict_do_update(
        index_elements=[kept_worlds.c.world],
        set_={"saved_at": _new.excluded.saved_at, "snapshot": _new.excluded.snapshot},
    ),
    no_row,
)
EVERY = Statement(
    select(kept_worlds.c.world, kept_worlds.c.is_default, kept_worlds.c.snapshot).order_by(kept_worlds.c.world),
    KeptWorld._make,
)
DROP = Statement(delete(kept_worlds).where(kept_worlds.c.world == bindparam("world")), no_row)
