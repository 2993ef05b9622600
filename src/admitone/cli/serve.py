"""This file is `admitone serve`: production, on one's own accounts, apps and rows."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Annotated

import structlog
import typer

from admitone import app
from admitone.cli import frame
from admitone.cli.crew import Crew, Legacy, Work, end_with
from admitone.cli.traces import check, traced
from admitone.flows.house import House
from admitone.settings import Settings, problems, unread
from admitone.store.engine import is_newest

_log = structlog.get_logger()

ON_SQLITE = "On SQLite one process writes at a time: more workers answer more reads, but write no faster than one."

NOBODY_BESIDE = "SIGHUP is not heeded: only several workers give way to new ones; restart to have new settings"

# How long lines of answered requests may wait to be written together; see `log.set_up`.
LINGER_S = 0.05


def serve(  # noqa: PLR0913, PLR0917 - one for each option
    config: frame.Config = None,
    database: frame.Database = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="The port; 0 for any free one.", show_default=False)] = None,
    public_url: Annotated[str | None, typer.Option(help="What browsers call this server.", show_default=False)] = None,
    tls_certificate: Annotated[str | None, typer.Option(help="To serve HTTPS.", show_default=False)] = None,
    tls_key: Annotated[str | None, typer.Option(help="Its key.", show_default=False)] = None,
    plain_http: Annotated[
        bool | None,
        typer.Option("--plain-http", help="Beyond this machine without HTTPS: others can read passwords."),
    ] = None,
    workers: Annotated[int | None, typer.Option(help="How many processes serve.", show_default=False)] = None,
    handed_over: Annotated[str, typer.Option(hidden=True)] = "",
    only_check: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Serve people and programs until told to stop; on SIGHUP several workers give way to new ones without a gap."""
    chosen = frame.settings(
        config,
        database=database,
        host=host,
        port=port,
        public_url=public_url,
        tls_certificate=tls_certificate,
        tls_key=tls_key,
        plain_http=plain_http,
        workers=workers,
    )
    if found := problems(chosen):
        frame.stop(" ".join(found), frame.UNUSABLE)
    check(chosen.traces_endpoint)
    if only_check:
        return
    app.set_up_log(chosen, linger_s=LINGER_S)
    for sentence in unread():
        _log.warning("setting not read", says=sentence)
    legacy = Legacy.heard(handed_over) if handed_over else None
    _make_ready(chosen, legacy)
    with frame.sentences():
        listener, chosen = app.bind(chosen, legacy and legacy.listener)
        place = f"[{chosen.host}]" if ":" in chosen.host else chosen.host

        def work(number: int, ready: Callable[[], None]) -> None:
            with traced(chosen.traces_endpoint):
                app.to_the_end(app.serve(chosen, listener, ready, number))

        def ready() -> None:
            _say(f"Serving {chosen.origin} on {place}:{chosen.port}")

        if chosen.workers == 1 and not legacy:
            _alone(work, ready)
            return
        if chosen.workers > 1 and chosen.database.startswith("sqlite:"):
            _say(ON_SQLITE)
        app.prepare(chosen)
        Crew(work, chosen.workers, listener, legacy).keep(ready)


def _alone(work: Work, ready: Callable[[], None]) -> None:
    """Work in this very process, of which there is nobody beside it who could take over: so not on SIGHUP either."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def serves() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, _log.warning, NOBODY_BESIDE)
        ready()

    work(0, serves)


def _make_ready(chosen: Settings, legacy: Legacy | None) -> None:
    """Before the first start and after an upgrade a child makes the house ready: what that takes goes with it.

    Old workers would end with this process, so beside them nothing ends it: each new one makes the house ready itself.
    """
    try:
        with frame.sentences():
            if not asyncio.run(is_newest(chosen.database)):
                _in_a_child(chosen)
    except (typer.Exit, OSError):
        if legacy is None:
            raise
        _log.error("not made ready: the old workers stay until new ones serve")


def _in_a_child(chosen: Settings) -> None:
    child = os.fork()
    if not child:
        end_with(partial(frame.in_house, chosen, _nothing))
    _, status = os.waitpid(child, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise typer.Exit(abs(code))


async def _nothing(_house: House) -> None:
    """Leave it as it has been opened."""


def _say(sentence: str) -> None:
    # Serving does not depend on somebody who listens.
    with suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)
