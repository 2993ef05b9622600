"""A wire between PostgreSQL and its client that can be cut at the very moment of a commit."""

import asyncio
import contextlib
from enum import Enum
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

SOCKET = ".s.PGSQL.5432"
COMMIT = b"COMMIT\0"


class Cut(Enum):
    """Where the wire breaks: on the way to the server, or on the way back."""

    BEFORE = "the server never hears of the commit"
    AFTER = "the server commits and nobody hears of it"


class Proxy:
    """Passes on what both sides say, until it is told to cut the next commit."""

    def __init__(self, url: str, folder: Path) -> None:
        (self._host,) = parse_qs(urlsplit(url).query)["host"]
        self._folder = folder
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = url.replace(self._host, str(folder))
        self.cut: Cut | None = None
        self.commits = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._serve, self._folder / SOCKET)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_unix_connection(f"{self._host}/{SOCKET}")
        silenced = asyncio.Event()
        for passing in (self._up(reader, up_writer, silenced), self._down(up_reader, writer, silenced)):
            task = asyncio.create_task(passing)
            self._tasks.add(task)

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, silenced: asyncio.Event) -> None:
        with contextlib.suppress(ConnectionError), contextlib.closing(writer):
            while said := await reader.read(65536):
                if COMMIT in said:
                    self.commits += 1
                    if self.cut is Cut.BEFORE:
                        break
                    if self.cut is Cut.AFTER:
                        silenced.set()
                writer.write(said)
                await writer.drain()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, silenced: asyncio.Event) -> None:
        with contextlib.suppress(ConnectionError), contextlib.closing(writer):
            while (said := await reader.read(65536)) and not silenced.is_set():
                writer.write(said)
                await writer.drain()
