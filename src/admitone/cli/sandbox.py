"""This file is `admitone sandbox`: the same program with worlds made ready, for developing and testing apps."""

import json
import os
import socket
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated, get_args

import msgspec
import typer

from admitone import app, workshop
from admitone.cli import frame
from admitone.cli.upstream import opened_source
from admitone.flows import request_tokens
from admitone.model.web.hosts import is_loopback_host
from admitone.sandbox.control import calls
from admitone.sandbox.planting import HERE
from admitone.sandbox.problems import Unusable
from admitone.sandbox.shapes import Catalogue, Profile, Seed
from admitone.sandbox.upstream.keeping import Source
from admitone.sandbox.worlds import Order, World
from admitone.settings import Settings

ANYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - what it means is said before it is done
TOO_OPEN = (
    "The sandbox hands out credentials to anybody: it listens on this machine only. With --open-to-network everybody "
    "who can reach {host} can read and change every world in it, and ask it for any session."
)


def sandbox(  # noqa: PLR0913, PLR0917 - one for each option
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 for any free one.")] = 8000,
    ready_file: Annotated[
        Path | None, typer.Option(help="Written, as JSON, when the server accepts connections.", show_default=False)
    ] = None,
    seed: Annotated[
        str, typer.Option(help="`sample`, `any` (every number is a title), `own` (no titles), or a TOML file.")
    ] = "sample",
    profile: Annotated[
        str, typer.Option(help="`documented`, or `observed`: with the misbehaviour that TMDB is known for.")
    ] = "documented",
    clock: Annotated[
        str | None,
        typer.Option(help="Let the default world's clock stand at 2027-01-15T08:00:00Z.", show_default=False),
    ] = None,
    entropy: Annotated[
        str | None, typer.Option(help="The default world's ids repeat with this text.", show_default=False)
    ] = None,
    calls_by_network: Annotated[
        int, typer.Option(min=0, help="How many calls an app may make in a second; 0 for any number.")
    ] = 0,
    upstream: Annotated[
        str | None,
        typer.Option(help="Read the catalogue here, like https://api.themoviedb.org; people stay.", show_default=False),
    ] = None,
    upstream_token_file: Annotated[
        Path | None, typer.Option(help="The read access token for it.", show_default=False)
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="Record what it answers in this folder, without secrets.", show_default=False)
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Answer from what was recorded there, and ask nobody.", show_default=False)
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="Keep everything here; else it is gone at the end.", show_default=False)
    ] = None,
    public_url: Annotated[str, typer.Option(help="What browsers call this server.", show_default=False)] = "",
    open_to_network: Annotated[
        bool, typer.Option("--open-to-network", help="Let everybody who can reach --host control every world.")
    ] = False,
) -> None:
    """Serve a sandbox with one app and one person, and print the three steps of the sign-in."""
    if not is_loopback_host(host) and not open_to_network:
        frame.stop(TOO_OPEN.format(host=host), frame.UNUSABLE)
    order = replace(_order(seed, profile, clock, entropy), beyond=open_to_network, kept=database is not None)
    source = opened_source(upstream, upstream_token_file, record, replay)
    with tempfile.TemporaryDirectory(prefix="admitone-", ignore_cleanup_errors=True) as folder, frame.sentences():
        chosen = frame.settings(
            None,
            database=database or f"sqlite:///{folder}/sandbox.db",
            host=host,
            port=port,
            public_url=public_url,
            plain_http=True,
            unregistered_redirects="follow",
            catalogue="any" if order.seed.catalogue == "any" else "sample",
            calls_by_network=calls_by_network,
            log_format="words",
            log_level="info" if sys.stderr.isatty() else "warning",
        )
        app.set_up_log(chosen)
        listener, chosen = app.bind(chosen)
        if host in ANYWHERE and not public_url:
            chosen = msgspec.structs.replace(chosen, public_url=f"http://127.0.0.1:{chosen.port}")
        try:
            app.to_the_end(_serve(chosen, order, listener, Path(folder), ready_file, source))
        except Unusable as problem:
            frame.stop(f"{problem.detail}", frame.UNUSABLE)


async def _serve(
    chosen: Settings,
    order: Order,
    listener: socket.socket,
    folder: Path,
    ready_file: Path | None,
    source: Source | None,
) -> None:
    async with workshop.open_sandbox(chosen, order, workshop.cast(folder), source) as (worlds, whole):
        world = worlds.default
        token = await world.house.write(request_tokens.issue, await world.first_app_id(), HERE)
        world.note_token(token.text)
        facts = _ready(world)
        await workshop.run_sandbox(
            worlds, whole, chosen, listener, lambda: _announce(facts, token.text, ready_file, keeps=order.kept)
        )


def _order(seed: str, profile: str, clock: str | None, entropy: str | None) -> Order:
    """What was asked for; ends the program with a sentence when it cannot be."""
    try:
        return Order(_seed(seed), msgspec.convert(profile, Profile), clock, entropy)
    except msgspec.ValidationError as error:
        frame.stop(f"--profile: {error}", frame.UNUSABLE)


def _seed(text: str) -> Seed:
    if text in get_args(Catalogue) or text == "none":
        return Seed(catalogue="any" if text == "none" else msgspec.convert(text, Catalogue))
    try:
        return msgspec.toml.decode(Path(text).read_bytes(), type=Seed)
    except OSError as error:
        frame.stop(f"--seed: {text} cannot be read: {error.strerror}.", frame.UNUSABLE)
    except (msgspec.DecodeError, ValueError) as error:
        frame.stop(f"--seed: {text}: {error}", frame.UNUSABLE)


def _ready(world: World) -> dict[str, str]:
    """What a developer needs to begin; in `--ready-file` it is one JSON object."""
    made, person = calls.shown(world), world.people[0]
    return {
        "base_url": made.base_url,
        "site_url": made.site_url,
        "control_url": f"{made.base_url}/sandbox",
        "api_key": made.api_key,
        "read_token": made.read_token,
        "username": person.username,
        "password": person.password,
        "world": world.tag,
    }


def _announce(facts: dict[str, str], token: str, ready_file: Path | None, *, keeps: bool) -> None:
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
  control     {control_url}

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
