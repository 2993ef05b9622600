"""This file lets flows go together: side by side in one transaction, and what they ask alike goes in one statement.

PostgreSQL only. A flow is taken from one statement to the next by hand; when all have said what they ask, each
statement is run once for everybody who asks it (`engine.arrays`), and everybody goes on with what is theirs.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping, Sequence
from typing import Any, Generic, Protocol

from admitone.model.faults import Refused
from admitone.store.engine.arrays import Values
from admitone.store.engine.statements import Row, Statement
from admitone.store.engine.tx import Flow, T

LARGEST = 128  # flows in one company
WRITES = 2  # companies that write at once: while one waits for the disk, the next is on its way


class Ask:
    """What a flow wants run; awaiting it gives what came of it."""

    __slots__ = ("many", "statement", "values")

    def __init__(self, statement: Statement[Any], values: Values, many: Sequence[Values] | None = None) -> None:
        """Ask for one run, or for one with each of `many` values."""
        self.statement = statement
        self.values = values
        self.many = many

    def __await__(self) -> Generator["Ask", list[Any], list[Any]]:
        """Every row that the statement told."""
        return (yield self)


class AskingTx:
    """A transaction as a flow sees it that goes together with others."""

    __slots__ = ("now",)

    def __init__(self, now: int) -> None:
        """Everything in it happens at one instant."""
        self.now = now

    async def one(self, statement: Statement[Row], /, **values: Any) -> Row | None:
        """See `tx.Tx`."""
        rows = await Ask(statement, values)
        return statement.make(rows[0]) if rows else None

    async def all(self, statement: Statement[Row], /, **values: Any) -> list[Row]:
        """See `tx.Tx`."""
        return [statement.make(row) for row in await Ask(statement, values)]

    async def run(self, statement: Statement[Any], /, **values: Any) -> int:
        """See `tx.Tx`."""
        return len(await Ask(statement, values))

    async def many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]], /) -> None:
        """See `tx.Tx`."""
        await Ask(statement, {}, rows)


class Runs(Protocol):
    """What runs the statements: a transaction of the engine."""

    now: int

    async def rows(self, statement: Statement[Any], calls: Sequence[Values]) -> list[list[Any]]:
        """Run a statement for each of some calls, together where it may; what each call was told."""

    async def many(self, statement: Statement[Any], rows: Sequence[Values], /) -> None:
        """See `tx.Tx`."""


class ApartError(Exception):
    """A flow was refused after it had changed something: what all of them did is undone, and each goes alone."""


class Member(Generic[T]):
    """A flow in a company, and where its caller waits."""

    __slots__ = ("answer", "asks", "changed", "flow", "result", "since", "steps")

    def __init__(self, flow: Flow[T], answer: "asyncio.Future[None]") -> None:
        """Wait to set out."""
        self.flow = flow
        self.answer = answer
        self.since = time.monotonic()
        self.begin()

    def begin(self) -> None:
        """Set out, perhaps once more."""
        self.steps: Coroutine[Any, Any, T] | None = None
        self.asks: Ask | None = None
        self.changed = False
        self.result: T | BaseException | None = None

    def step(self, told: list[Any] | None) -> None:
        """Go on to the next statement, or to the end. Raises ApartError."""
        assert self.steps is not None  # noqa: S101 - whoever steps has set out
        self.asks = None
        try:
            asks = self.steps.send(told)
        except StopIteration as end:
            self.result = end.value
        except Refused as refusal:
            if self.changed:
                raise ApartError from refusal
            self.result = refusal
        else:
            if not isinstance(asks, Ask):
                self.steps.close()
                message = "a flow waited for something other than its transaction"
                raise RuntimeError(message)  # noqa: TRY004 - as the other engine says it
            self.asks = asks


async def go(tx: Runs, members: Sequence[Member[Any]]) -> None:
    """Take flows from their first statement to their end, in one transaction. Raises ApartError."""
    for member in members:
        member.begin()
        member.steps = member.flow(AskingTx(tx.now))
        member.step(None)
    while asking := [member for member in members if member.asks]:
        by_statement: dict[Statement[Any], list[Member[Any]]] = {}
        for member in asking:
            assert member.asks is not None  # noqa: S101 - tells the type
            by_statement.setdefault(member.asks.statement, []).append(member)
        # In the same order by everybody, so that nobody holds what another has to wait for.
        for statement in sorted(by_statement, key=lambda each: each.number):
            await _ask(tx, statement, by_statement[statement])


async def _ask(tx: Runs, statement: Statement[Any], members: list[Member[Any]]) -> None:
    alike = [(member, member.asks.values) for member in members if member.asks and member.asks.many is None]
    told = await tx.rows(statement, [values for _, values in alike]) if alike else []
    for (member, _), rows in zip(alike, told, strict=True):
        member.changed = member.changed or (bool(rows) and not statement.reads)
        member.step(rows)
    for member in members:
        if member.asks and member.asks.statement is statement and member.asks.many is not None:
            await tx.many(statement, member.asks.many)
            member.changed = True
            member.step([])


class Company:
    """Flows that wait to go together, and those who lead them."""

    def __init__(self, lead: Callable[[list[Member[Any]]], Awaitable[None]], most: int) -> None:
        """`lead` takes flows to their end; at most so many companies are under way at once."""
        self._lead = lead
        self._most = most
        self._waiting: deque[Member[Any]] = deque()
        self._under_way = 0
        self._leading: set[asyncio.Task[None]] = set()

    async def join(self, flow: Flow[T]) -> T:
        """What a flow returned, or what it raised. Raises ApartError when it must go alone."""
        member = Member(flow, asyncio.get_running_loop().create_future())
        self._waiting.append(member)
        if self._under_way < self._most:
            self._under_way += 1
            # It begins after everything that has come by now, so that all of it goes along.
            task = asyncio.create_task(self._lead_all())
            self._leading.add(task)
            task.add_done_callback(self._leading.discard)
        await member.answer
        # Taken out, because an error leads by its traceback to who holds it: a circle, which only a collection undoes.
        result, member.result = member.result, None
        if isinstance(result, BaseException):
            try:
                raise result
            finally:
                del result
        return result  # type: ignore[return-value]

    def waited(self) -> float:
        """For how many seconds the first has waited to set out."""
        return time.monotonic() - self._waiting[0].since if self._waiting else 0.0

    async def _lead_all(self) -> None:
        while self._waiting:
            members: list[Member[Any]] = []
            while self._waiting and len(members) < LARGEST:
                member = self._waiting.popleft()
                if not member.answer.done():
                    members.append(member)
            await self._lead(members)
            for member in members:
                if not member.answer.done():
                    member.answer.set_result(None)
        # Here and not when the task has ended, because somebody may join before that is seen.
        self._under_way -= 1
