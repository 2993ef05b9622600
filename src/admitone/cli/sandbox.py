"""This file is `admitone sandbox`: the same program with a world made ready, for developing and testing apps."""

import json
import os
import socket
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from admitone import app
from admitone.cli import frame
from admitone.model.web.hosts import is_loopback_host
from admitone.sandbox.control import make_control
from admitone.sandbox.worlds import Ready, make_ready
from admitone.settings import Settings


class Seed(StrEnum):
    """What is in the world besides one person and one app."""

    SAMPLE = "sample"
    NONE = "none"


def sandbox(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 for any free one.")] = 8000,
    ready_file: Annotated[
        Path | None, typer.Option(help="Written, as JSON, when the server accepts connections.", show_default=False)
    ] = None,
    seed: Annotated[Seed, typer.Option(help="The sample catalogue, or any positive id.")] = Seed.SAMPLE,
    database: Annotated[
        str | None, typer.Option(help="Keep everything here; else it is gone at the end.", show_default=False)
    ] = None,
) -> None:
    """Serve a sandbox with one app and one person, and print the three steps of the sign-in."""
    if not is_loopback_host(host):
        frame.stop("The sandbox hands out credentials to anybody: it listens on this machine only.", frame.UNUSABLE)
    with tempfile.TemporaryDirectory(prefix="admitone-", ignore_cleanup_errors=True) as folder, frame.sentences():
        chosen = frame.settings(
            None,
            database=database or f"sqlite:///{folder}/sandbox.db",
            key_ring=_key_ring(database, folder),
            host=host,
            port=port,
            public_url="",
            unregistered_redirects="follow",
            catalogue="sample" if seed is Seed.SAMPLE else "any",
            log_format="words",
            log_level="info" if sys.stderr.isatty() else "warning",
        )
        app.set_up_log(chosen)
        listener, chosen = app.bind(chosen)
        app.to_the_end(_serve(chosen, listener, ready_file, keeps=database is not None))


async def _serve(chosen: Settings, listener: socket.socket, ready_file: Path | None, *, keeps: bool) -> None:
    async with app.open_house(chosen) as house:
        ready, token = await make_ready(house, chosen.origin)
        whole = app.make_app(house, chosen, (("/sandbox", make_control()),))
        await app.run(whole, chosen, listener, lambda: _announce(ready, token.text, ready_file, keeps=keeps))


def _key_ring(database: str | None, folder: str) -> str:
    """Beside a database file that is kept; a kept PostgreSQL database has its ring in the working folder."""
    if database is None:
        return f"{folder}/sandbox.keys"
    return f"{database.removeprefix('sqlite:///')}.keys" if database.startswith("sqlite:///") else "sandbox.keys"


def _announce(ready: Ready, token: str, ready_file: Path | None, *, keeps: bool) -> None:
    facts = ready._asdict()
    if ready_file:
        # Whoever waits for the file must never see half of it.
        half = ready_file.with_name(f"{ready_file.name}.{os.getpid()}")
        half.write_text(json.dumps(facts), encoding="utf-8")
        half.replace(ready_file)
    print(
        STEPS.format(**facts, token=token),
        "Stop with Ctrl-C",
        "." if keeps else "; everything in it is gone then.",
        sep="",
        flush=True,
    )


STEPS = """
Admit One sandbox on {base_url}

  API key     {api_key}
  read token  {read_token}
  sign in as  {username} / {password}

A request that waits for you already; open it, sign in, choose Approve:

  {site_url}/authenticate/{token}

The three steps of the sign-in, ready to paste:

  # 1. The app asks for a request token.
  SITE={base_url} KEY={api_key}
  TOKEN=$(curl -s "$SITE/3/authentication/token/new?api_key=$KEY" | grep -o '[0-9a-f]\\{{40\\}}')

  # 2. The person approves it: open this link, sign in as {username}, choose Approve.
  echo "$SITE/authenticate/$TOKEN"
  #    Where there is no browser, a user name and password do it:
  curl -s "$SITE/3/authentication/token/validate_with_login?api_key=$KEY" \\
    -d username={username} -d password={password} -d request_token=$TOKEN; echo

  # 3. The app exchanges it for a session, and acts with it.
  SESSION=$(curl -s "$SITE/3/authentication/session/new?api_key=$KEY&request_token=$TOKEN" \\
    | grep -o '[0-9a-f]\\{{40\\}}')
  curl -s "$SITE/3/account?api_key=$KEY&session_id=$SESSION"; echo
  curl -s "$SITE/3/movie/550/rating?api_key=$KEY&session_id=$SESSION" -d value=8.5; echo
  curl -s "$SITE/3/account/0/rated/movies?api_key=$KEY&session_id=$SESSION"; echo

"""
