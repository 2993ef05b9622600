"""This room opens a store on the database that an address names."""

from admitone.basics.clock import Clock
from admitone.store.engine import address
from admitone.store.engine.address import AddressError, masked
from admitone.store.engine.memory import Dump, MemoryStore, Mould
from admitone.store.engine.migrate import Migrated, SchemaError, look, migrate
from admitone.store.engine.postgres import open_postgres
from admitone.store.engine.sqlite import open_sqlite
from admitone.store.engine.tx import Store

__all__ = [
    "AddressError",
    "Dump",
    "MemoryStore",
    "Migrated",
    "Mould",
    "SchemaError",
    "Store",
    "look",
    "masked",
    "migrate",
    "open_store",
]


async def open_store(url: str, clock: Clock) -> Store:
    """Open the database at `url`, which must have been migrated. Raises AddressError, Refused(STORE_DOWN)."""
    if address.is_sqlite(url):
        return open_sqlite(address.sqlite_path(url), clock)
    return await open_postgres(url, clock)
