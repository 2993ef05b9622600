"""This file counts what a request asks of its database: statements, and the transactions they stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from admitone.store.engine.statements import Row, Statement
from admitone.store.engine.tx import Flow, Store, T, Tx
from admitone.wire.door import Door
from admitone.wire.exchange import Request
from bench.loads.call import Call
from bench.worlds import World


class Count(NamedTuple):
    """How many transactions a request opened, and how many statements it ran in them."""

    transactions: int
    statements: int


async def count(world: World, call: Call, status: int) -> Count:
    """Make one call through the door, in this process, and count."""
    store = _CountingStore(world.house.store)
    # That calls are counted themselves is one statement for many of them.
    house = replace(world.house, store=store, calls_by_network=0)
    served = await Door(house, "http://127.0.0.1").serve(_request(call), "count")
    if served.answer.status != status:
        raise ValueError(f"{served.route}: {served.answer}")
    return Count(store.transactions, store.statements)


def _request(call: Call) -> Request:
    """The call as the door gets it."""
    path, _, query = call.target.encode().partition(b"?")
    headers = {name.lower(): value for name, value in call.headers.items()}
    address = headers.get("x-forwarded-for", "127.0.0.1")
    return Request(call.method, path, query, headers, call.body.encode(), address, secure=False)


class _CountingStore:
    """A store that counts what is asked of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.transactions = 0
        self.statements = 0

    async def read(self, flow: Flow[T]) -> T:
        return await self._store.read(self._counted(flow))

    async def glance(self, flow: Flow[T]) -> T:
        return await self._store.glance(self._counted(flow))

    async def write(self, flow: Flow[T]) -> T:
        return await self._store.write(self._counted(flow))

    async def join(self, flow: Flow[T]) -> T:
        return await self._store.join(self._counted(flow))

    async def note(self, flow: Flow[T]) -> T:
        return await self._store.note(self._counted(flow))

    def waited(self) -> float:
        return self._store.waited()

    async def aclose(self) -> None:
        await self._store.aclose()

    def _counted(self, flow: Flow[T]) -> Flow[T]:
        self.transactions += 1
        return lambda tx: flow(_CountingTx(tx, self))


class _CountingTx:
    """A transaction that counts its statements."""

    def __init__(self, tx: Tx, store: _CountingStore) -> None:
        self._tx = tx
        self._store = store
        self.now = tx.now

    async def one(self, statement: Statement[Row], /, **values: Any) -> Row | None:
        self._store.statements += 1
        return await self._tx.one(statement, **values)

    async def all(self, statement: Statement[Row], /, **values: Any) -> list[Row]:
        self._store.statements += 1
        return await self._tx.all(statement, **values)

    async def run(self, statement: Statement[Any], /, **values: Any) -> int:
        self._store.statements += 1
        return await self._tx.run(statement, **values)

    async def many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]], /) -> None:
        self._store.statements += 1
        await self._tx.many(statement, rows)
