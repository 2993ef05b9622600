"""This room opens a store on the database that an address names."""

from typing import TYPE_CHECKING

from admitone.basics.clock import Clock
from admitone.basics.late import late
from admitone.store.engine import address, blank
from admitone.store.engine.address import AddressError, masked
from admitone.store.engine.lone import Errand, alone
from admitone.store.engine.memory import Dump, MemoryStore, Mould
from admitone.store.engine.migrate import Migrated, SchemaError, is_newest, look, migrate
from admitone.store.engine.sqlite import compiled, open_sqlite
from admitone.store.engine.tx import Glances, Store

if TYPE_CHECKING:
    from admitone.store.engine import follower, postgres
else:
    follower = late("admitone.store.engine.follower")
    postgres = late("admitone.store.engine.postgres")

__all__ = [
    "AddressError",
    "Dump",
    "Errand",
    "Glances",
    "MemoryStore",
    "Migrated",
    "Mould",
    "SchemaError",
    "Store",
    "alone",
    "blank",
    "compile_for",
    "is_newest",
    "look",
    "masked",
    "migrate",
    "open_follower",
    "open_store",
]


async def open_store(url: str, clock: Clock) -> Store:
    """Open the database at `url`, which must have been migrated. Raises AddressError, Refused(STORE_DOWN)."""
    if address.is_sqlite(url):
        return open_sqlite(address.sqlite_path(url), clock)
    return await postgres.open_postgres(url, clock)


def compile_for(url: str) -> None:
    """Compile every statement for the database at `url`, unless this was done; the longest part of opening it."""
    (compiled if address.is_sqlite(url) else postgres.compiled)()


def open_follower(url: str, main: Store, clock: Clock) -> Glances:
    """The replica at `url` of the database that `main` is, for what may be a moment old; it need not be there yet."""
    return follower.Follower(url, main, clock)
