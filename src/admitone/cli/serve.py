"""This file is `admitone serve`: production, on one's own accounts, apps and rows."""

import sys
from contextlib import suppress
from typing import Annotated

import typer

from admitone import app
from admitone.cli import frame
from admitone.settings import problems


def serve(
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
) -> None:
    """Serve people and programs until told to stop."""
    chosen = frame.settings(
        config,
        database=database,
        host=host,
        port=port,
        public_url=public_url,
        tls_certificate=tls_certificate,
        tls_key=tls_key,
        plain_http=plain_http,
    )
    if found := problems(chosen):
        frame.stop(" ".join(found), frame.UNUSABLE)
    app.set_up_log(chosen)
    with frame.sentences():
        listener, chosen = app.bind(chosen)
        place = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
        app.to_the_end(app.serve(chosen, listener, lambda: _say(f"Serving {chosen.origin} on {place}:{chosen.port}")))


def _say(sentence: str) -> None:
    # Serving does not depend on somebody who listens.
    with suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)
