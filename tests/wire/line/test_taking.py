"""New connections are taken in numbers, or they would starve where a round of the loop is long."""

import asyncio
import os
import socket

import uvloop

from admitone import app
from admitone.settings import Settings
from admitone.wire.asgi import Receive, Scope, Send

CALLERS = 64
ROUNDS = 4


async def _nobody(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """An application that is never asked."""


async def _taken() -> int:
    listener, settings = app.bind(Settings(port=0))
    ready = asyncio.Event()
    running = app.server(_nobody, settings, ready.set)
    task = asyncio.create_task(running.serve(sockets=[listener]))
    await ready.wait()
    callers = [socket.create_connection(("127.0.0.1", settings.port)) for _ in range(CALLERS)]
    for _ in range(ROUNDS):
        await asyncio.sleep(0)
    taken = len(running.server_state.connections)
    for caller in callers:
        caller.close()
    running.should_exit = True
    await task
    return taken


def test_many_new_callers_are_taken_in_a_few_rounds() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        taken = runner.run(_taken())
    assert taken >= 2 * app.ACCEPTED_AT_ONCE, "uvloop alone takes one in a round"


def test_nobody_who_serves_ever_has_to_stand_in_the_place_where_callers_come() -> None:
    """Whether it waits is one flag for all who share the place; each process that begins makes more ways to it."""
    listener, settings = app.bind(Settings(port=0))
    with listener, listener.dup():
        assert not os.get_blocking(listener.fileno())
        os.set_blocking(listener.fileno(), True)  # as the program of a release before left it
        taken, _ = app.bind(settings, os.dup(listener.fileno()))
        with taken, taken.dup():
            assert not os.get_blocking(listener.fileno())
