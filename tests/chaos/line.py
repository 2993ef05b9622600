"""One connection to a server, with nothing of a client's kindness: sends when told, and says when it was cut."""

import asyncio
import json
from contextlib import suppress
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"


class CutError(Exception):
    """The line was cut before the answer was whole: what was asked may have been done and may not."""


class Ask(NamedTuple):
    """One request, ready to be sent."""

    method: str
    target: str
    form: dict[str, str] | None = None
    headers: dict[str, str] = {}  # noqa: RUF012 - nobody changes it


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content


class Line:
    """A connection that is kept open; requests go out whole, answers are read to their last byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.port = int(writer.get_extra_info("sockname")[1])  # at this end

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect. Raises CutError when nobody is there."""
        try:
            return cls(*await asyncio.open_connection("127.0.0.1", port))
        except OSError as error:
            raise CutError from error

    def ask(self, ask: Ask) -> None:
        """Send a request without waiting for anything."""
        body = b"" if ask.form is None else urlencode(ask.form).encode()
        head = [f"{ask.method} {ask.target} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
        head += [f"content-type: {FORM}"] if ask.form is not None else []
        head += [f"{name}: {value}" for name, value in ask.headers.items()]
        self._writer.write("\r\n".join([*head, "", ""]).encode() + body)

    async def answer(self) -> Answer:
        """The answer to the oldest request that has none. Raises CutError."""
        try:
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *rest = head.rstrip("\r\n").split("\r\n")
            pairs = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in rest)]
            headers = dict(pairs)
            body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise CutError from error
        given = (value.partition(";")[0].partition("=") for name, value in pairs if name == "set-cookie")
        return Answer(int(first.split()[1]), headers, {name: value for name, _, value in given}, body)

    async def call(self, ask: Ask) -> Answer:
        """Send a request and wait for its answer. Raises CutError."""
        self.ask(ask)
        return await self.answer()

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()
