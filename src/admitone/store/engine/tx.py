"""This file says what every store gives: one coroutine, one transaction, on either database."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from admitone.store.engine.statements import Row, Statement

T = TypeVar("T")


class Tx(Protocol):
    """One transaction, as a flow sees it. Everything in it happens at one instant."""

    now: int

    async def one(self, statement: Statement[Row], /, **values: Any) -> Row | None:
        """Run a statement that yields at most one row of interest; the first row, or None."""

    async def all(self, statement: Statement[Row], /, **values: Any) -> list[Row]:
        """Run a statement; all its rows."""

    async def run(self, statement: Statement[Any], /, **values: Any) -> int:
        """Run a statement that changes something; how many rows it changed."""

    async def many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]], /) -> None:
        """Run a statement once for each mapping of values."""


Flow = Callable[[Tx], Coroutine[Any, Any, T]]


class Glances(Protocol):
    """What answers flows that need no snapshot and may see what is a moment old."""

    async def glance(self, flow: Flow[T]) -> T:
        """See `Store`."""

    async def aclose(self) -> None:
        """See `Store`."""


class Store(Protocol):
    """A database, opened. Every method runs a flow, inside one transaction, and gives back what it returns.

    Faults of all: STORE_BUSY, STORE_DOWN; of `write` also OUTCOME_UNKNOWN. Whatever the flow raises undoes it.
    """

    async def read(self, flow: Flow[T]) -> T:
        """Run a flow that only reads, on one snapshot."""

    async def glance(self, flow: Flow[T]) -> T:
        """Run a flow that only reads and needs no snapshot: each statement for itself, a round trip each."""

    async def write(self, flow: Flow[T]) -> T:
        """Run a flow that may change something; it is durable when this returns."""

    async def join(self, flow: Flow[T]) -> T:
        """Run a flow as `write` does, and with others at once if that saves time.

        For flows that ask for the same rows in any order alike: of each other they see what was done so far.
        """

    async def note(self, flow: Flow[T]) -> T:
        """Run a flow whose change everybody sees when this returns, though a power cut may undo it."""

    def waited(self) -> float:
        """For how many seconds the flow that waits longest has waited for its turn; 0 while there are enough."""

    async def aclose(self) -> None:
        """Finish what is waiting, then close every connection."""


async def first_of(
    tx: Tx, statement: Statement[Row], digests: Sequence[bytes], /, **values: Any
) -> tuple[bytes, Row] | tuple[None, None]:
    """Run a statement with each of the digests a secret may be kept under, newest key first, until one yields a row."""
    for digest in digests:
        row = await tx.one(statement, digest=digest, **values)
        if row is not None:
            return digest, row
    return None, None
