"""An upstream that says what a test tells it to, byte for byte, and keeps what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


def answer(content: Any, status: int = 200, **headers: str) -> bytes:
    """An answer in JSON; `cache_control` and its like stand for headers."""
    body = json.dumps(content).encode()
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", "content-type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


NOT_CHANGED = b"HTTP/1.1 304 X\r\ncache-control: max-age=60\r\n\r\n"
FIGHT_CLUB = {"id": 550, "title": "Fight Club", "original_title": "Fight Club", "release_date": "1999-10-15"}


class Far:
    """The upstream; `says` is what it answers next, None for never."""

    def __init__(self) -> None:
        self.says: bytes | None = answer(FIGHT_CLUB)
        self.hangs_up = False
        self.asked: list[str] = []
        self.url = ""
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while True:
                self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
                if self.says is None:
                    continue
                writer.write(self.says)
                await writer.drain()
                if self.hangs_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def hang_up(self) -> None:
        for writer in self._open:
            writer.close()


@asynccontextmanager
async def opened() -> AsyncIterator[Far]:
    """An upstream for a while."""
    far = Far()
    server = await asyncio.start_server(far.serve, "127.0.0.1")
    far.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield far
    server.close()
    far.hang_up()
