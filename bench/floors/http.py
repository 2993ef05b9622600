"""This file is the floor of HTTP in Python: uvicorn with a bare application that looks a path up and answers 300 bytes.

`python -m bench.floors.http` serves it as our own program is served.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY = json.dumps({"avatar": {"gravatar": {"hash": "0" * 32}}, "id": 1, "name": "x" * 215}).encode()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def account(_receive: Receive, send: Send) -> None:
    """Answer at once."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


PATHS = {"/3/account": account}


async def bare(scope: Message, receive: Receive, send: Send) -> None:
    """The whole application."""
    await PATHS[scope["path"]](receive, send)


def http() -> None:
    """Serve it."""
    config = uvicorn.Config(
        bare, port=0, http="httptools", loop="uvloop", ws="none", lifespan="off", access_log=False, server_header=False
    )
    config.log_level = "info"  # it says its port
    uvicorn.Server(config).run()


if __name__ == "__main__":
    http()
