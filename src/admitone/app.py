"""This file is the one place where everything is put together: settings → House → wire and pages → a server."""

import asyncio
import gc
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
import uvicorn
from prometheus_client import make_asgi_app
from uvicorn.loops.auto import auto_loop_factory

from admitone.basics import catalogue, log
from admitone.basics.clock import Clock, SystemClock
from admitone.basics.digests import Digests
from admitone.basics.entropy import SystemEntropy
from admitone.basics.keyring import KeyRing
from admitone.basics.late import late
from admitone.basics.mail import Post, Sender
from admitone.basics.passwords import Hasher
from admitone.basics.telling import metrics
from admitone.flows import events
from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.flows.people import outbox
from admitone.flows.records import works
from admitone.flows.sweep import Swept, overdue, sweep
from admitone.model.faults import Refused
from admitone.pages.site import Site
from admitone.sandbox.upstream.firewall import Firewall
from admitone.sandbox.upstream.keeping import Source
from admitone.settings import Settings
from admitone.store.engine import Errand, alone, compile_for, migrate, open_follower, open_store
from admitone.store.engine.tx import Store
from admitone.wire.answers import refused
from admitone.wire.asgi import App, Serves, WireFront
from admitone.wire.door import Door
from admitone.wire.line.connection import Connection
from admitone.wire.line.entrance import OPENAPI, Guarded, Whole
from admitone.wire.line.later import Later
from admitone.wire.running.health import Health
from admitone.wire.running.turnstile import Turnstile
from admitone.wire.shelf import Shelf

if TYPE_CHECKING:
    from starlette.responses import Response

    from admitone.pages import app as pages
    from admitone.pages import assets, busy, headers
    from admitone.pages import printer as printing
    from admitone.wire import openapi
else:
    pages, busy, headers = late("admitone.pages.app"), late("admitone.pages.busy"), late("admitone.pages.headers")
    assets, printing = late("admitone.pages.assets"), late("admitone.pages.printer")
    openapi = late("admitone.wire.openapi")

BACKLOG = 2048
ACCEPTED_AT_ONCE = 16  # new connections in a round of the loop: else they starve where rounds are long
KEEP_ALIVE_S = 30
GRACE_S = 20
LAST_WORD_S = 1.0
TICKS = 10  # a second, as uvicorn has them
COLLECT_AFTER = 20_000  # new objects

_log = structlog.get_logger()


@asynccontextmanager
async def open_house(settings: Settings, sender: Sender | None = None) -> AsyncIterator[House]:
    """A House as the settings want it: migrated, keyed, its catalogue loaded; closed on leaving.

    `sender` takes its mail, where it is not the mail server of the settings.
    Raises SchemaError, KeyRingError, AddressError, Refused(STORE_DOWN).
    """
    await migrate(settings.database)
    clock, sender = SystemClock(), sender or settings.smtp
    store = await open_store(settings.database, clock)
    ring, latest = await _keyed(settings, store)
    house = House(
        store=store,
        clock=clock,
        entropy=SystemEntropy(),
        digests=Digests(ring),
        hasher=Hasher(settings.hashing_threads or None),
        catalogue=settings.catalogue != "any",
        password_minimum=settings.password_minimum,
        calls_by_network=settings.calls_by_network,
        calls_by_app=settings.calls_by_app,
        sign_up=settings.sign_up,
        post=Post(settings.origin, sender) if sender else None,
        follower=open_follower(settings.read_database, store, clock) if settings.read_database else None,
    )
    try:
        # A machine whose clock was set back while we were down must not bring expired things to life again.
        clock.not_before(latest)
        if house.catalogue and await house.read(titles.is_empty):
            await house.write(titles.load, catalogue.sample())
        yield house
    finally:
        await house.aclose()


async def _keyed(settings: Settings, store: Store) -> tuple[KeyRing, int]:
    """The ring of a store, which is closed when there is none, and when something happened in it last.

    Only for one in which nothing has happened a ring is made.

    Whoever makes it does so before anything happens: so this looks at the store first.
    """
    path = Path(settings.key_ring)
    try:
        latest = await store.read(events.latest)
        return (KeyRing.load(path) if latest else KeyRing.load_or_make(path)), latest
    except BaseException:
        await store.aclose()
        raise


class Faces:
    """What a house shows: the wire, the documents about it, the pages. All houses at one address share the making."""

    def __init__(self, settings: Settings, upstream: Source | None = None) -> None:
        self._settings = settings
        self._upstream = upstream
        self._site = Site(
            settings.origin,
            unregistered=settings.unregistered_redirects,
            trusted_proxies=settings.proxies,
            client_address_known=settings.client_address_known,
            hsts=settings.hsts,
            contact=settings.contact,
            posters=Path(settings.posters) if settings.posters else None,
        )
        self._ids = SystemEntropy()
        self._shelf = Later(lambda: self._front(Shelf({OPENAPI: self._openapi})))

    def of(self, house: House, mounted: tuple[tuple[str, App], ...] = ()) -> Whole:
        """All of a house as one ASGI application: the wire, `mounted` under its prefixes, pages elsewhere."""
        front = self._front(Door(house, self._settings.origin))
        if self._upstream is None:
            wire: tuple[App, WireFront | None] = (front, front)
        else:
            wire = (Firewall(front, house, self._upstream, _refusal), None)
        # Most worlds of a sandbox never show one, and many a server has callers only.
        shown = Later(lambda: pages.make_pages(house, self._site, self._openapi, self.printer))
        return Whole(*wire, ((OPENAPI, self._shelf), *mounted), shown)

    def guarded(self, whole: Whole, turnstile: Turnstile) -> Guarded:
        """All of a house behind a turnstile, except for whoever asks how this process is."""
        return Guarded(whole, turnstile, Later(lambda: busy.Busy(self._site, self.printer)))

    def sheet(self, template: str, values: Mapping[str, object]) -> "Response":
        """A page that belongs to no house."""
        return headers.dress(self._site, self.printer.page(template, values, policy=headers.LIVE), headers.LIVE)

    @cached_property
    def printer(self) -> "printing.Printer":
        """What prints the pages of all houses."""
        return printing.Printer(self._site, assets.Assets())

    @cached_property
    def _openapi(self) -> dict[str, Any]:
        return openapi.document(self._settings.origin)

    def _front(self, door: Serves) -> WireFront:
        return WireFront(door, self._ids, self._settings.proxies, self._settings.hsts)


def _refusal(refusal: Refused) -> tuple[int, bytes]:
    answer = refused(refusal)
    return answer.status, answer.body


def make_app(house: House, settings: Settings, mounted: tuple[tuple[str, App], ...] = ()) -> App:
    """All of it as one ASGI application: the wire under /3 and /4, `mounted` under its prefixes, pages elsewhere."""
    return Faces(settings).of(house, mounted)


def bind(settings: Settings, opened: int | None = None) -> tuple[socket.socket, Settings]:
    """Open the port, or take it over `opened`; the settings come back with the port that it is. Raises OSError."""
    if opened is None:
        place = (settings.host, settings.port)
        listener = socket.create_server(place, family=_family(settings.host), backlog=BACKLOG)
    else:
        listener = socket.socket(fileno=opened)
    # All processes share this one, and so whether it waits: `dup` says anew what it is told here, and one that waited
    # for a caller would have a process stand in it, deaf to everybody it has already.
    listener.setblocking(False)
    return listener, msgspec.structs.replace(settings, port=listener.getsockname()[1])


def server(
    app: App,
    settings: Settings,
    ready: Callable[[], None],
    leave: Callable[[], None] = lambda: None,
    connection: type[Connection] = Connection,
) -> uvicorn.Server:
    """What serves the application; `ready` is called when connections are accepted, `leave` when it is told to stop."""
    config = uvicorn.Config(
        app,
        http=connection,
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


async def serve(settings: Settings, listener: socket.socket, ready: Callable[[], None], number: int = 0) -> None:
    """Open the house and serve it, removing what expires along the way; `number` tells a worker from the others."""
    async with AsyncExitStack() as stack:
        stack.callback(log.flush)
        house = await stack.enter_async_context(open_house(settings))
        for beside in (
            _beside(_sweep_for_ever(house, settings) if settings.sweep_minutes else None),
            _beside(outbox.deliver_for_ever(house) if house.post else None),
            _beside(works.work_for_ever(house)),
            _measured(settings, number),
        ):
            await stack.enter_async_context(beside)
        health = Health(house)
        front = WireFront(health, house.entropy, settings.proxies, settings.hsts)
        turnstile = Turnstile(house.store.waited)
        await stack.enter_async_context(_beside(turnstile.watch_for_ever()))
        faces = Faces(settings)
        whole = faces.guarded(faces.of(house, (("/health", front),)), turnstile)
        _settle()
        await run(whole, settings, listener, ready, health.leave)


def prepare(settings: Settings) -> None:
    """Do once what each worker would have to do: those forked off afterwards serve sooner, and share its memory."""
    compile_for(settings.database)
    _settle()


def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Run what serves on the quickest event loop there is: uvloop, where it is installed."""
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(work)


def set_up_log(settings: Settings, clock: Clock | None = None, linger_s: float = 0) -> None:
    """Let this process write its log to standard error, as the settings want it; see `log.set_up`."""
    log.set_up(
        sys.stderr,
        clock or SystemClock(),
        as_json=settings.log_format == "json",
        level=settings.log_level,
        linger_s=linger_s,
    )


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None] | None) -> AsyncIterator[None]:
    """Let something run for ever, as long as this lasts."""
    task = asyncio.create_task(work) if work else None
    try:
        yield
    finally:
        if task:
            task.cancel()


async def _sweep_for_ever(house: House, settings: Settings) -> None:
    while True:
        try:
            await _look_for_dust(house)
            async with alone(settings.database, Errand.SWEEPING) as leading:
                # Of all processes on this database one sweeps; when it is gone, whoever looks next does.
                swept = await sweep(house) if leading else Swept()
            metrics.SWEPT.inc(sum(swept))
            if any(swept):
                _log.info("swept", rows=sum(swept))
                await _look_for_dust(house)
        except Refused as refusal:
            _log.warning("not swept", fault=refusal.fault.value)
        except Exception:  # noqa: BLE001 - a bug in sweeping must not end the serving
            _log.exception("not swept")
        await asyncio.sleep(settings.sweep_minutes * 60)


async def _look_for_dust(house: House) -> None:
    for kind, late_ms in (await house.read(overdue)).items():
        metrics.OLDEST_EXPIRED.labels(kind).set(late_ms / 1000)


@asynccontextmanager
async def _measured(settings: Settings, number: int) -> AsyncIterator[None]:
    """Count, and tell the counts to whoever asks where the settings say; not at all when they say nothing."""
    if not settings.metrics_address:
        yield
        return
    host, _, port = settings.metrics_address.rpartition(":")
    # Shared for the moment in which a new worker is there beside the old one that it replaces.
    place = socket.create_server((host.strip("[]"), int(port) + number), family=_family(host), reuse_port=True)
    metrics.begin()
    config = uvicorn.Config(make_asgi_app(metrics.REGISTRY), lifespan="off", access_log=False, log_config=None)
    telling = _Quiet(config)
    task = asyncio.create_task(telling.serve(sockets=[place]))
    try:
        yield
    finally:
        telling.should_exit = True
        await task


def _settle() -> None:
    """Tell the collector of garbage that what is here now is here to stay, and to look less often for the rest.

    Answering makes no rings; looking for them after each 700 new objects took an eighth of the time of a write.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 10, 10)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


class _Quiet(uvicorn.Server):
    """A server beside the one that is meant: signals are not for it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


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
        # uvloop takes one new caller at each place in a round of the loop, however many wait there.
        places = [listener.dup() for listener in sockets or [] for _ in range(ACCEPTED_AT_ONCE - 1)]
        await super().startup([*(sockets or []), *places])
        self._ready()

    async def main_loop(self) -> None:
        await super().main_loop()
        self._leave()
        # With the clock of its answers going on; a second Ctrl-C ends it.
        for tick in range(self._drain_s * TICKS):
            if self.force_exit:
                return
            await self.on_tick(tick)
            await asyncio.sleep(1 / TICKS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        # Whoever is not gone by now is cut off: the loop must not close over a connection on which more may come.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        if self.server_state.tasks:
            # What answered it hears of that, and ends by itself.
            await asyncio.wait(self.server_state.tasks, timeout=LAST_WORD_S)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            # Its way is to raise them again, which would end the process before the house is closed.
            self._captured_signals.clear()
