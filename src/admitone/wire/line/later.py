"""This file lets an application be made when the first caller asks for it, by a thread: nobody else waits for that."""

import asyncio
from collections.abc import Callable

from admitone.wire.asgi import App, Receive, Scope, Send


class Later:
    """An ASGI application that is not there yet."""

    def __init__(self, make: Callable[[], App]) -> None:
        """`make` may load much and take long; two that come first at once may both have it made."""
        self._make = make
        self._made: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._made is None:
            self._made = await asyncio.to_thread(self._make)
        await self._made(scope, receive, send)
