"""This file is the table of all commands; who types one waits for none of the others to be loaded."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import typer

from admitone.basics.late import late

if TYPE_CHECKING:
    from admitone.cli import accounts, apps, maintain, proxy, sandbox, serve
else:
    accounts, apps, maintain = late("admitone.cli.accounts"), late("admitone.cli.apps"), late("admitone.cli.maintain")
    proxy, sandbox, serve = late("admitone.cli.proxy"), late("admitone.cli.sandbox"), late("admitone.cli.serve")

HELP: Final = "Let people allow apps to act for them."

COMMANDS: Final[dict[str, Callable[[], Callable[..., Any]]]] = {
    "serve": lambda: serve.serve,
    "sandbox": lambda: sandbox.sandbox,
    "proxy": lambda: proxy.proxy,
    "migrate": lambda: maintain.migrate,
    "sweep": lambda: maintain.sweep,
    "doctor": lambda: maintain.doctor,
}
FAMILIES: Final[dict[str, tuple[Callable[[], typer.Typer], str]]] = {
    "app": (lambda: apps.app, "Register programs, and give them their credentials."),
    "account": (lambda: accounts.app, "Add people, and set their passwords."),
}


def command_line(words: Sequence[str] = ()) -> typer.Typer:
    """All commands, or only the one that `words` begin with where they begin with one."""
    asked = words[0] if words and words[0] in {*COMMANDS, *FAMILIES} else None
    whole = typer.Typer(no_args_is_help=True, add_completion=False, help=HELP)
    whole.callback()(_nothing)  # one command alone would else have no name
    for name, command in COMMANDS.items():
        if asked in {None, name}:
            whole.command(name)(command())
    for name, (family, says) in FAMILIES.items():
        if asked in {None, name}:
            whole.add_typer(family(), name=name, help=says)
    return whole


def _nothing() -> None:
    """Stand before every command."""
