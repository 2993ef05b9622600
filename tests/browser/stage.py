"""A real server on a free port with a clock that is moved by hand, and the places that apps send people back to."""

import asyncio
import dataclasses
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Coroutine
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import uvicorn
from msgspec.structs import replace
from sqlalchemy import UpdateBase

from admitone.app import bind, make_app
from admitone.basics.clock import ManualClock
from admitone.basics.mail import Kept, Post
from admitone.flows import apps, request_tokens
from admitone.flows.apps import Registration
from admitone.flows.house import House
from admitone.flows.people import outbox
from admitone.model.apps import AppKind
from admitone.model.people.joining import SignUp
from admitone.model.request_tokens import State
from admitone.settings import Settings
from admitone.store.engine.statements import Statement, no_row
from admitone.store.engine.tx import Tx
from tests.browser.nu import Pages
from tests.world import START, Registered, World, open_house, populate

T = TypeVar("T")
ADDRESS = "203.0.113.7"  # as the proxy that the tests play says it


class Stage:
    """Admit One on 127.0.0.1, in a thread of its own with its own event loop."""

    def __init__(self, database_url: str, folder: Path, name: str = "") -> None:
        """Serve at 127.0.0.1, or at another `name` of this machine: passkeys are bound to names."""
        self.clock = ManualClock(START)
        self.on_sqlite = database_url.startswith("sqlite:")
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._names = iter(range(10**6))
        self.pages = Pages(folder / "pages")
        # A trusted proxy makes the visitor's address known, so that pages speak of networks.
        settings = Settings(port=0, trusted_proxies=("127.0.0.0/8",))
        listener, self.settings = bind(settings)
        if name:
            self.settings = replace(self.settings, public_url=f"http://{name}:{self.settings.port}")
        self.url = self.settings.origin
        living = self._live(database_url, folder, listener)
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(living))
        self._thread.start()
        assert self._ready.wait(30)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something where the server lives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def number(self) -> int:
        """One that this stage has not given yet, for names that are nobody else's."""
        return next(self._names)

    def app(self, name: str = "", *addresses: str, kind: AppKind = AppKind.WEBSITE) -> Registered:
        """A new app of Tomas's, with the addresses it registers."""
        registration = Registration(name or f"App {self.number()}", "tomas", kind=kind, addresses=addresses)
        return Registered(*self.run(self.world.house.write(apps.add, registration)))

    def token(self, app: Registered) -> str:
        """A new request token of an app."""
        return self.run(self.world.token(app))

    def state(self, token: str) -> State:
        """What the store holds of a request token."""
        found = self.run(self.world.house.read(request_tokens.find, token))
        assert found is not None
        return State(found.state)

    def close(self) -> None:
        """Stop serving and close the house."""
        self._server.should_exit = True
        self._thread.join(30)
        self._loop.close()

    def link(self, path: str) -> str:
        """The newest link of this kind that was mailed."""
        mails = self.run(outbox.kept(self.world.house))
        return next(found[0] for mail in reversed(mails) if (found := re.search(rf"{path}/[0-9a-f]{{40}}", mail.text)))

    def change(self, statement: UpdateBase) -> None:
        """Change what no flow changes yet."""
        prepared = Statement(statement, no_row)

        async def flow(_house: House, tx: Tx) -> None:
            await tx.run(prepared)

        self.run(self.world.house.write(flow))

    async def _live(self, database_url: str, folder: Path, listener: socket.socket) -> None:
        opened = await open_house(database_url, folder / "keys.json", self.clock, "stage")
        # Anybody may sign up, and what is mailed can be read here.
        house = dataclasses.replace(opened, post=Post(self.url, Kept()), sign_up=SignUp.OPEN)
        self.world: World = await populate(house, self.clock)
        app = self.pages.of(make_app(house, self.settings))
        config = uvicorn.Config(
            app, http="httptools", ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=2
        )
        self._server = uvicorn.Server(config)
        self._ready.set()
        await self._server.serve(sockets=[listener])
        await house.aclose()


class Sink:
    """Wherever an app sends people back to: remembers who came, and with what."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.came: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(self.came.append))
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


def make_certificate(folder: Path) -> Path:
    """A certificate for tests, signed by itself, with its key in the same file."""
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    both.write_text(key.read_text() + certificate.read_text())
    return both


def _answering(remember: Callable[[str], None]) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if urlsplit(self.path).path == "/favicon.ico":
                self.send_error(404)
                return
            remember(f"{self.headers['Host']}{self.path} referrer={self.headers['Referer']}")
            page = b"<!doctype html><html lang=en><title>Back in the app</title><h1>Back in the app</h1>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Answering
