"""This file asks a replica what may be a moment old, and the main database whatever the replica cannot answer."""

import asyncio

from asyncpg.exceptions import PostgresError

from admitone.basics.clock import Clock
from admitone.model.faults import Fault, Refused
from admitone.store.engine.postgres import PostgresStore, open_postgres
from admitone.store.engine.tx import Flow, Store, T

REST_S = 10.0
UNUSABLE = {Fault.STORE_BUSY, Fault.STORE_DOWN}


class Follower:
    """A replica of a PostgreSQL database; it may come and go, and nobody hears of it."""

    def __init__(self, url: str, main: Store, clock: Clock) -> None:
        """Open it when it is first needed; `main` is the database that it follows."""
        self._url = url
        self._main = main
        self._clock = clock
        self._replica: PostgresStore | None = None
        self._rested_at = 0.0
        self._doubted = True  # until it has answered once since it last did not

    async def glance(self, flow: Flow[T]) -> T:
        """See `tx.Store`. What it reads may be older than what was answered before."""
        if (replica := await self._opened()) is not None:
            try:
                answer = await replica.glance(flow)
            except Refused as refusal:
                if refusal.fault not in UNUSABLE:
                    raise
                self._rest()
            except PostgresError:  # a schema that has not arrived there yet, for example
                self._rest()
            else:
                if self._doubted:
                    self._doubted, self._rested_at = False, 0.0
                return answer
        return await self._main.glance(flow)

    async def aclose(self) -> None:
        """Close the replica's connections; the main database's are not ours."""
        if self._replica is not None:
            await self._replica.aclose()

    async def _opened(self) -> PostgresStore | None:
        """The replica; None while it rests. One tries it after that, for all others, who go on meanwhile."""
        if asyncio.get_running_loop().time() < self._rested_at:
            return None
        if self._doubted:
            self._rest()
        if self._replica is None:
            try:
                self._replica = await open_postgres(self._url, self._clock, replica=True)
            except Refused:
                return None
        return self._replica

    def _rest(self) -> None:
        self._doubted = True
        self._rested_at = asyncio.get_running_loop().time() + REST_S
