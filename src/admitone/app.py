"""This file is the one place where everything is put together: settings → House → wire and pages → a server."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import structlog
import uvicorn
from uvicorn.loops.auto import auto_loop_factory

from admitone.basics import catalogue, log
from admitone.basics.clock import Clock, SystemClock
from admitone.basics.digests import Digests
from admitone.basics.entropy import SystemEntropy
from admitone.basics.keyring import KeyRing
from admitone.basics.mail import Post, Sender
from admitone.basics.passwords import Hasher
from admitone.flows import events
from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.flows.people import outbox
from admitone.flows.sweep import sweep
from admitone.model.faults import Refused
from admitone.pages.app import make_pages
from admitone.pages.site import Site
from admitone.settings import Settings
from admitone.store.engine import migrate, open_store
from admitone.wire.asgi import App, Receive, Scope, Send, WireFront
from admitone.wire.connection import Connection
from admitone.wire.door import Door
from admitone.wire.health import Health
from admitone.wire.openapi import document
from admitone.wire.shelf import Shelf

BACKLOG = 2048
KEEP_ALIVE_S = 30
GRACE_S = 20
OPENAPI = "/openapi.json"

_log = structlog.get_logger()


@asynccontextmanager
async def open_house(settings: Settings, sender: Sender | None = None) -> AsyncIterator[House]:
    """A House as the settings want it: migrated, keyed, its catalogue loaded; closed on leaving.

    `sender` takes its mail, where it is not the mail server of the settings.
    Raises SchemaError, KeyRingError, AddressError, Refused(STORE_DOWN).
    """
    await migrate(settings.database)
    clock = SystemClock()
    sender = sender or settings.smtp
    ring = KeyRing.load_or_make(Path(settings.key_ring))
    house = House(
        store=await open_store(settings.database, clock),
        clock=clock,
        entropy=SystemEntropy(),
        digests=Digests(ring),
        hasher=Hasher(settings.hashing_threads or None),
        catalogue=settings.catalogue != "any",
        password_minimum=settings.password_minimum,
        post=Post(settings.origin, sender) if sender else None,
    )
    try:
        # A machine whose clock was set back while we were down must not bring expired things to life again.
        clock.not_before(await house.read(events.latest))
        if house.catalogue and await house.read(titles.is_empty):
            await house.write(titles.load, catalogue.sample())
        yield house
    finally:
        await house.aclose()


def make_app(house: House, settings: Settings, mounted: tuple[tuple[str, App], ...] = ()) -> App:
    """All of it as one ASGI application: the wire under /3 and /4, `mounted` under its prefixes, pages elsewhere."""
    site = Site(
        settings.origin,
        unregistered=settings.unregistered_redirects,
        trusted_proxies=settings.proxies,
        client_address_known=settings.client_address_known,
        hsts=settings.hsts,
    )
    openapi = document(settings.origin)
    wire = WireFront(Door(house, settings.origin), house.entropy, settings.proxies, settings.hsts)
    shelf = WireFront(Shelf({OPENAPI: openapi}), house.entropy, settings.proxies, settings.hsts)
    pages = make_pages(house, site, openapi)
    prefixes: tuple[tuple[str, App], ...] = (("/3", wire), ("/4", wire), (OPENAPI, shelf), *mounted)

    async def admitone(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        app = next((app for prefix, app in prefixes if path == prefix or path.startswith(f"{prefix}/")), pages)
        await app(scope, receive, send)

    return admitone


def bind(settings: Settings, opened: int | None = None) -> tuple[socket.socket, Settings]:
    """Open the port, or take it over `opened`; the settings come back with the port that it is. Raises OSError."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    if opened is None:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    else:
        listener = socket.socket(fileno=opened)
    return listener, msgspec.structs.replace(settings, port=listener.getsockname()[1])


def server(
    app: App, settings: Settings, ready: Callable[[], None], leave: Callable[[], None] = lambda: None
) -> uvicorn.Server:
    """What serves the application; `ready` is called when connections are accepted, `leave` when it is told to stop."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
    )
    return _Server(config, ready, leave, settings.drain_seconds)


async def run(
    app: App,
    settings: Settings,
    listener: socket.socket,
    ready: Callable[[], None],
    leave: Callable[[], None] = lambda: None,
) -> None:
    """Serve until told to stop; then `leave` is called, and callers are turned away `drain_seconds` later."""
    await server(app, settings, ready, leave).serve(sockets=[listener])


async def serve(settings: Settings, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Open the house and serve it, removing what expires along the way."""
    async with open_house(settings) as house, _sweeping(house, settings.sweep_minutes), _delivering(house):
        health = Health(house)
        front = WireFront(health, house.entropy, settings.proxies, settings.hsts)
        whole = make_app(house, settings, (("/health", front),))
        await run(whole, settings, listener, ready, health.leave)


def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Run what serves on the quickest event loop there is: uvloop, where it is installed."""
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(work)


def set_up_log(settings: Settings, clock: Clock | None = None) -> None:
    """Let this process write its log to standard error, as the settings want it."""
    log.set_up(sys.stderr, clock or SystemClock(), as_json=settings.log_format == "json", level=settings.log_level)


@asynccontextmanager
async def _sweeping(house: House, minutes: int) -> AsyncIterator[None]:
    task = asyncio.create_task(_sweep_for_ever(house, minutes)) if minutes else None
    try:
        yield
    finally:
        if task:
            task.cancel()


@asynccontextmanager
async def _delivering(house: House) -> AsyncIterator[None]:
    task = asyncio.create_task(outbox.deliver_for_ever(house)) if house.post else None
    try:
        yield
    finally:
        if task:
            task.cancel()


async def _sweep_for_ever(house: House, minutes: int) -> None:
    while True:
        try:
            swept = await sweep(house)
            if any(swept):
                _log.info("swept", rows=sum(swept))
        except Refused as refusal:
            _log.warning("not swept", fault=refusal.fault.value)
        except Exception:  # noqa: BLE001 - a bug in sweeping must not end the serving
            _log.exception("not swept")
        await asyncio.sleep(minutes * 60)


class _Server(uvicorn.Server):
    """A server that says when it is ready, and that leaves the process alive when it was told to stop."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], leave: Callable[[], None], drain_s: int
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._leave = leave
        self._drain_s = drain_s

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def main_loop(self) -> None:
        await super().main_loop()
        self._leave()
        await asyncio.sleep(self._drain_s)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            # Its way is to raise them again, which would end the process before the house is closed.
            self._captured_signals.clear()
