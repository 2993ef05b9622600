"""This file is the one place where a sandbox is put together: a mould → worlds → front, control plane and inspector."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from admitone.app import Faces, server
from admitone.basics import catalogue
from admitone.basics.clock import Clock, SystemClock
from admitone.basics.passwords import Hasher
from admitone.pages.words import WORDS
from admitone.sandbox.control.app import make_control
from admitone.sandbox.control.inspector import Inspector
from admitone.sandbox.front import Front
from admitone.sandbox.keeping import Keeper
from admitone.sandbox.shapes import NewWorld
from admitone.sandbox.upstream.keeping import Source
from admitone.sandbox.worlds import Order, Surroundings, Worlds
from admitone.settings import Settings
from admitone.store.engine import Mould, blank, migrate, open_store
from admitone.store.tables import metadata
from admitone.store.titles import LOAD
from admitone.wire.answers import CODES
from admitone.wire.asgi import App, Receive, Scope, Send
from admitone.wire.line.connection import Severable

CONTROL = "/sandbox"
# A sandbox's passwords guard nothing, and tests sign in often.
HASH_KIB = 8


def cast(folder: Path) -> Mould:
    """What worlds are cloned from, with the sample catalogue; `folder` must outlive them."""
    mould, rows = Mould(folder), catalogue.sample()
    mould.cast(blank.script(metadata), lambda tx: tx.many(LOAD, rows), SystemClock())
    return mould


@asynccontextmanager
async def open_sandbox(
    settings: Settings, order: Order, mould: Mould, upstream: Source | None = None
) -> AsyncIterator[tuple[Worlds, App]]:
    """Worlds as they are ordered, the default one among them, and what serves them; their catalogue from `upstream`.

    Raises Refused and Unusable for a seed that cannot be, SchemaError, KeyRingError, AddressError.
    """
    wall, faces = SystemClock(), Faces(settings, upstream)
    around = Surroundings(
        origin=settings.origin,
        mould=mould,
        hasher=Hasher(1, memory=HASH_KIB, passes=1),
        wall=wall,
        compose=faces.of,
        explain=lambda fault: WORDS[fault].title,
        codes=CODES,
        seed=order.seed,
        profile=order.profile,
        calls_by_network=settings.calls_by_network,
    )
    worlds = Worlds(around)
    opened = AsyncExitStack()
    if upstream is not None:
        opened.push_async_callback(upstream.aclose)
    keeper = await _keeper(settings, wall) if order.kept else None
    if keeper is not None:
        opened.push_async_callback(keeper.aclose)
    try:
        if keeper is None or not await keeper.fill(worlds):
            await worlds.make(NewWorld(clock=order.clock, entropy=order.entropy), default=True)
        inspector = Inspector(worlds, faces.sheet)
        front, control = Front(worlds), make_control(worlds, beyond=order.beyond, pages=inspector.routes)

        async def sandbox(scope: Scope, receive: Receive, send: Send) -> None:
            path = scope.get("path", "")
            app = control if path == CONTROL or path.startswith(f"{CONTROL}/") else front
            await app(scope, receive, send)

        async with _keeping(worlds, keeper):
            yield worlds, sandbox
    finally:
        await worlds.aclose()
        await opened.aclose()
        await around.hasher.aclose()


async def _keeper(settings: Settings, wall: Clock) -> Keeper:
    await migrate(settings.database)
    return Keeper(await open_store(settings.database, wall))


@asynccontextmanager
async def _keeping(worlds: Worlds, keeper: Keeper | None) -> AsyncIterator[None]:
    if keeper is None:
        yield
        return
    task = asyncio.create_task(keeper.save_for_ever(worlds))
    try:
        yield
    finally:
        task.cancel()
        await keeper.save(worlds)


async def run_sandbox(
    worlds: Worlds, app: App, settings: Settings, listener: socket.socket, ready: Callable[[], None]
) -> None:
    """Serve a sandbox, whose connections can be cut on order, until told to stop."""
    await server(app, settings, ready, worlds.leaving.set, connection=Severable).serve(sockets=[listener])
