"""Runs `admitone` as often as tests want it without loading the program anew each time: it is loaded once, then forked.

Started as a program of its own by `tests.running`. A line of JSON comes in, a line goes out. What is forked off is a
real process that runs the real `main`, with its own arguments, environment, folder and standard streams.
"""

import asyncio
import contextlib
import gc
import importlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from admitone.basics.late import people_come
from admitone.cli import main
from admitone.cli.commands import command_line

# What the program loads only when it needs it.
LATE = (
    *("typer.rich_utils", "uvicorn.lifespan.off", "uvicorn.protocols.http.httptools_impl", "uvloop"),
    *("admitone.pages.app", "admitone.wire.openapi", "admitone.store.engine.postgres"),
    *("alembic.command", "sqlalchemy.ext.asyncio"),
)
MODES = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT | os.O_APPEND, os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def tend() -> dict[str, Any] | None:
    """Fork and look after children until nobody asks any more; in a child, return what it is to be."""
    ended: dict[int, int | None] = {}
    try:
        for line in sys.stdin:
            order = json.loads(line)
            if "pid" in order:
                tell(status(ended, order["pid"]))
                continue
            child = os.fork()
            if child == 0:
                return dict(order)
            ended[child] = None
            tell(child)
    except Exception:
        leave(ended)
        raise
    leave(ended)
    return None


def status(ended: dict[int, int | None], child: int) -> int | None:
    """How a child ended; None while it runs."""
    if ended[child] is None and (found := os.waitpid(child, os.WNOHANG))[0]:
        ended[child] = os.waitstatus_to_exitcode(found[1])
    return ended[child]


def leave(ended: dict[int, int | None]) -> None:
    """Whoever started us is gone, perhaps without a word: no child is left behind."""
    for child in ended:
        with contextlib.suppress(ProcessLookupError):
            if status(ended, child) is None:
                os.kill(child, signal.SIGKILL)


def tell(answer: int | None) -> None:
    """Answer one line."""
    print(json.dumps(answer), flush=True)


def become(order: dict[str, Any]) -> None:
    """Turn this child into the process that was ordered."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    for number, (path, mode) in enumerate(zip(order["streams"], MODES, strict=True)):
        opened = os.open(path, mode, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["admitone", *order["arguments"]]


if __name__ == "__main__":
    sys.path[:] = [place for place in sys.path if place != str(Path.cwd())]
    for name in LATE:
        importlib.import_module(name)
    command_line()
    asyncio.run(people_come())
    # Else every child, at its end, would look at each thing that is loaded, and for that get a copy of its own.
    gc.freeze()
    if (ordered := tend()) is not None:
        become(ordered)
        main()
