"""Statements that only tests need: they put rows into states that no flow leads to, or none leads to yet."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.sql.expression import UpdateBase
from sqlalchemy.sql.selectable import SelectBase

from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.store.engine.statements import Row, Statement, no_row, only
from admitone.store.engine.tx import Tx
from admitone.store.schema import accounts, apps, events, request_tokens
from admitone.store.tables import metadata


class Aside(Statement[Row]):
    """A statement that the list of all statements does not hold; it is compiled when it is first run."""

    def __init__(self, clause: SelectBase | UpdateBase, make: Callable[[Iterable[Any]], Row]) -> None:
        super().__init__(clause, make)
        Statement.every.remove(self)


class Event(NamedTuple):
    """A row of the audit."""

    kind: str
    app_id: int | None
    account_id: int | None
    network: str
    at: int


PLANT_TOKEN = Aside(
    insert(request_tokens).values(
        {column.name: bindparam(column.name) for column in request_tokens.columns if "approved" not in column.name}
    ),
    no_row,
)
SWITCH_APP = Aside(update(apps).where(apps.c.id == bindparam("which")).values(switched_off_at=bindparam("at")), no_row)
SWITCH_ACCOUNT = Aside(
    update(accounts).where(accounts.c.id == bindparam("which")).values(switched_off_at=bindparam("at")), no_row
)
STATES = Aside(
    select(request_tokens.c.digest, request_tokens.c.state, request_tokens.c.decided_by).where(
        request_tokens.c.app_id >= bindparam("first")
    ),
    tuple,
)
EVENTS = Aside(
    select(events.c.kind, events.c.app_id, events.c.account_id, events.c.network, events.c.at).order_by(events.c.id),
    Event._make,
)
ROWS = {table.name: Aside(select(func.count()).select_from(table), only) for table in metadata.sorted_tables}


async def switch_app(_house: House, tx: Tx, app_id: int, *, off: bool) -> None:
    """Switch an app off or on."""
    await tx.run(SWITCH_APP, which=app_id, at=tx.now if off else None)


async def switch_account(_house: House, tx: Tx, account_id: int, *, off: bool) -> None:
    """Switch a person off or on."""
    await tx.run(SWITCH_ACCOUNT, which=account_id, at=tx.now if off else None)


async def rows(_house: House, tx: Tx, table: str) -> int:
    """How many rows a table has."""
    return await tx.one(ROWS[table]) or 0


async def audit(_house: House, tx: Tx) -> list[Event]:
    """Everything that happened, in its order."""
    return await tx.all(EVENTS)


async def fault_of(event: Awaitable[Any]) -> Fault | None:
    """Why something was refused; None when it was not."""
    try:
        await event
    except Refused as refusal:
        return refusal.fault
    return None
