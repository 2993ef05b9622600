"""This file is `admitone proxy`: it leads programs that know TMDB's address only to a sandbox."""

import asyncio
import signal
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from admitone.basics.clock import SystemClock
from admitone.cli import frame
from admitone.proxy.addresses import Place, read_server
from admitone.proxy.opening import open_proxy


class Others(StrEnum):
    """What becomes of requests for other hosts than TMDB's."""

    REFUSE = "refuse"
    PASS = "pass"


def proxy(
    command: Annotated[
        list[str] | None, typer.Argument(help="A program to run with the variables set; else they are printed.")
    ] = None,
    sandbox: Annotated[str, typer.Option(help="The sandbox to lead to.")] = "http://127.0.0.1:8000",
    port: Annotated[int, typer.Option(help="The port on this machine; 0 for any free one.", max=65535, min=0)] = 0,
    others: Annotated[Others, typer.Option(help="What becomes of requests for other hosts.")] = Others.REFUSE,
    folder: Annotated[
        Path | None, typer.Option(help="Where to write what programs trust; else gone at the end.", show_default=False)
    ] = None,
    env_file: Annotated[
        Path | None, typer.Option(help="Written with the variables when connections are accepted.", show_default=False)
    ] = None,
) -> None:
    """Lead requests for https://api.themoviedb.org to a sandbox, by a certificate authority that is made to throw away.

    With a program behind `--`, run it so led, and end as it ends: admitone proxy -- pytest
    """
    try:
        there = read_server(sandbox)
    except ValueError as error:
        frame.stop(f"--sandbox: {error}.", frame.UNUSABLE)
    with frame.sentences():
        status = asyncio.run(_run(there, others, port, folder, env_file, command))
        if status:
            raise typer.Exit(status)


async def _run(
    there: Place, others: Others, port: int, folder: Path | None, env_file: Path | None, command: list[str] | None
) -> int:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    passes = others is Others.PASS
    async with open_proxy(there, SystemClock(), folder=folder, port=port, others=passes) as variables:
        lines = [f"{name}={value}" for name, value in variables.items()]
        if env_file:
            frame.write_whole(env_file, "\n".join((*lines, "")))
        if command:
            return await _led(command, lines)
        print("\n".join(lines), flush=True)
        await stopped.wait()
        return 0


async def _led(command: list[str], lines: list[str]) -> int:
    """Run a program with the variables; its status, or 128 and the signal that ended it, as shells say it."""
    # env(1) adds them to what this process was given, which nothing here needs to read.
    child = await asyncio.create_subprocess_exec("env", *lines, *command)

    loop = asyncio.get_running_loop()
    # A terminal sends its Ctrl-C to the program as well, which may have something to finish first.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    loop.add_signal_handler(signal.SIGTERM, _end, child)
    status = await child.wait()
    return status if status >= 0 else 128 - status


def _end(child: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        child.terminate()
