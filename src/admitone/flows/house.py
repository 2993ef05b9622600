"""This file holds the House: everything a flow is given, and the ways to run one."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from admitone.basics.clock import Clock
from admitone.basics.digests import Digests
from admitone.basics.entropy import Entropy
from admitone.basics.mail import Post
from admitone.basics.passwords import Hasher
from admitone.model.people.joining import SignUp
from admitone.store.engine.tx import Glances, Store, Tx

T = TypeVar("T")
P = ParamSpec("P")
READERS = 2


@dataclass(frozen=True, slots=True)
class House:
    """One isolated Admit One: its store, clock, entropy, digests and hasher, and the operator's few choices.

    `catalogue` says whether a title must be known to be rated or listed; `password_minimum` is in characters. How many
    calls an app may make in a second from one network, and in all; 0 for any number. `post` is what sends mail, None
    where none is sent; `sign_up` says who may make an account. `follower` answers what may be a moment old. Who
    reads files that people bring holds `reading` meanwhile: that takes memory.
    """

    store: Store
    clock: Clock
    entropy: Entropy
    digests: Digests
    hasher: Hasher
    catalogue: bool = True
    password_minimum: int = 15
    calls_by_network: int = 0
    calls_by_app: int = 0
    post: Post | None = None
    sign_up: SignUp = SignUp.INVITATION
    follower: Glances | None = None
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READERS), repr=False)

    async def read(
        self, flow: "Callable[Concatenate[House, Tx, P], Coroutine[Any, Any, T]]", *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a flow that only reads, on one snapshot; what it returns, or the Refused it raises."""
        return await self.store.read(lambda tx: flow(self, tx, *args, **kwargs))

    async def glance(
        self, flow: "Callable[Concatenate[House, Tx, P], Coroutine[Any, Any, T]]", *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a flow that reads with one statement, or with several that need not agree: no snapshot is paid for."""
        return await self.store.glance(lambda tx: flow(self, tx, *args, **kwargs))

    async def browse(
        self, flow: "Callable[Concatenate[House, Tx, P], Coroutine[Any, Any, T]]", *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a flow as `glance` does, maybe on a replica: only for what is nobody's and may be a moment old."""
        return await (self.follower or self.store).glance(lambda tx: flow(self, tx, *args, **kwargs))

    async def write(
        self, flow: "Callable[Concatenate[House, Tx, P], Coroutine[Any, Any, T]]", *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a flow in one transaction; when this returns, what it did is durable. A Refused undoes it."""
        return await self.store.write(lambda tx: flow(self, tx, *args, **kwargs))

    async def join(
        self, flow: "Callable[Concatenate[House, Tx, P], Coroutine[Any, Any, T]]", *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a flow as `write` does, with others in one transaction where that saves time; see `Store.join`."""
        return await self.store.join(lambda tx: flow(self, tx, *args, **kwargs))

    async def note(
        self, flow: "Callable[Concatenate[House, Tx, P], Coroutine[Any, Any, T]]", *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a flow as `write` does, but for what may be forgotten when the power fails: it waits for no disk."""
        return await self.store.note(lambda tx: flow(self, tx, *args, **kwargs))

    async def aclose(self) -> None:
        """Finish what runs, then close the store and the hasher."""
        if self.follower:
            await self.follower.aclose()
        await self.store.aclose()
        await self.hasher.aclose()
