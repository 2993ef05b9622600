"""Everything a house remembers, row by row, so that a test can say that nothing of it changed."""

from typing import Any

from sqlalchemy import select

from admitone.flows.house import House
from admitone.store.engine.statements import Statement
from admitone.store.engine.tx import Tx
from admitone.store.tables import metadata

Dump = dict[str, list[tuple[Any, ...]]]

# The catalogue is thousands of rows in production and no call changes it; all others are looked at.
TABLES = {
    table.name: Statement(select(table).order_by(*table.primary_key), tuple)
    for table in metadata.sorted_tables
    if table.name != "titles"
}


async def dump(house: House) -> Dump:
    """Every row of every table."""
    return await house.read(_rows)


def changed(before: Dump, after: Dump) -> set[str]:
    """The names of the tables in which anything is different."""
    return {name for name in TABLES if before[name] != after[name]}


async def _rows(_house: House, tx: Tx) -> Dump:
    return {name: await tx.all(statement) for name, statement in TABLES.items()}
