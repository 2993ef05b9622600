"""A store that counts what goes through it: transactions, and the statements in each."""

from collections.abc import Mapping, Sequence
from typing import Any

from admitone.store.engine.statements import Row, Statement
from admitone.store.engine.tx import Flow, Store, T, Tx


class CountingTx:
    """A transaction that writes down its statements."""

    def __init__(self, tx: Tx, said: list[Statement[Any]]) -> None:
        self._tx = tx
        self._said = said
        self.now = tx.now

    async def one(self, statement: Statement[Row], /, **values: Any) -> Row | None:
        self._said.append(statement)
        return await self._tx.one(statement, **values)

    async def all(self, statement: Statement[Row], /, **values: Any) -> list[Row]:
        self._said.append(statement)
        return await self._tx.all(statement, **values)

    async def run(self, statement: Statement[Any], /, **values: Any) -> int:
        self._said.append(statement)
        return await self._tx.run(statement, **values)

    async def many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]], /) -> None:
        self._said.append(statement)
        await self._tx.many(statement, rows)


class CountingStore:
    """A store that remembers the statements of every transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._said: list[tuple[str, list[Statement[Any]]]] = []

    def cost(self) -> list[str]:
        """What was run since the last time, a text a transaction: `read 1` or `write 3`."""
        costs = [f"{kind} {len(statements)}" for kind, statements in self._said]
        self._said.clear()
        return costs

    def said(self) -> list[list[Statement[Any]]]:
        """The same, a list of statements a transaction."""
        said = [statements for _, statements in self._said]
        self._said.clear()
        return said

    async def read(self, flow: Flow[T]) -> T:
        return await self._store.read(self._counted("read", flow))

    async def glance(self, flow: Flow[T]) -> T:
        return await self._store.glance(self._counted("glance", flow))

    async def write(self, flow: Flow[T]) -> T:
        return await self._store.write(self._counted("write", flow))

    async def join(self, flow: Flow[T]) -> T:
        return await self._store.join(self._counted("write", flow))

    async def note(self, flow: Flow[T]) -> T:
        return await self._store.note(self._counted("note", flow))

    def waited(self) -> float:
        return self._store.waited()

    async def aclose(self) -> None:
        await self._store.aclose()

    def _counted(self, kind: str, flow: Flow[T]) -> Flow[T]:
        said: list[Statement[Any]] = []
        self._said.append((kind, said))

        async def run(tx: Tx) -> T:
            said.clear()  # an engine may run it again
            return await flow(CountingTx(tx, said))

        return run
