"""This file serves a sandbox inside the program that tests, on a thread of its own and any free port."""

import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import uvicorn

from admitone import app, workshop
from admitone.model.web.returns import Unregistered
from admitone.sandbox.shapes import Seed
from admitone.sandbox.worlds import Order
from admitone.settings import Settings
from admitone.testing.control import SandboxError
from admitone.testing.sandbox import Sandbox
from admitone.wire.line.connection import Severable

PATIENCE_S = 60.0


class LocalSandbox(Sandbox):
    """A sandbox of our own; it ends with `stop`, or with the program."""

    def __init__(self) -> None:
        """Start it, and wait until it accepts connections. Raises SandboxError when it cannot."""
        self._ready = threading.Event()
        self._failures: list[BaseException] = []
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=self._run, name="admitone-sandbox", daemon=True)
        # Settings of the environment are for servers that people run.
        settings = Settings(port=0, unregistered_redirects=Unregistered.FOLLOW)
        self._listener, self._settings = app.bind(settings)
        self._thread.start()
        came = self._ready.wait(PATIENCE_S)
        if self._failures or not came:
            raise SandboxError(0, "not_started", f"the sandbox did not start: {self._failures}")
        super().__init__(self._settings.origin)

    def stop(self) -> None:
        """End it."""
        if self._server is not None:
            # Whoever still waits for an answer, perhaps for one that a fault delays, has stopped testing.
            self._server.should_exit = self._server.force_exit = True
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="admitone-", ignore_cleanup_errors=True) as folder:
                app.to_the_end(self._serve(Path(folder)))
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            self._failures.append(error)
        finally:
            self._ready.set()
            with suppress(OSError):
                self._listener.close()

    async def _serve(self, folder: Path) -> None:
        async with workshop.open_sandbox(self._settings, Order(Seed()), workshop.cast(folder)) as (worlds, whole):
            self._server = app.server(whole, self._settings, self._ready.set, worlds.leaving.set, connection=Severable)
            await self._server.serve(sockets=[self._listener])
