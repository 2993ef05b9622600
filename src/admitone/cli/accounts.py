"""This file is `admitone account …`: people, for the operator."""

import sys
from typing import Annotated, Any

import typer

from admitone.cli import frame
from admitone.flows import accounts
from admitone.flows.people import invitations
from admitone.model.accounts import Account
from admitone.model.people.joining import INVITATION_DAYS, LONGEST_INVITATION_DAYS

app: typer.Typer = typer.Typer(no_args_is_help=True)

FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@app.command()
def add(
    username: str,
    name: Annotated[str, typer.Option(help="What others see.")] = "",
    password_stdin: FromInput = False,
    config: frame.Config = None,
    database: frame.Database = None,
    as_json: frame.AsJson = False,
) -> None:
    """Add a person; the password is asked for."""
    password = _password(from_input=password_stdin)
    account = frame.in_house(
        frame.settings(config, database=database), lambda house: accounts.add(house, username, password, name)
    )
    frame.tell(_facts(account), as_json=as_json)


@app.command()
def password(
    username: str,
    password_stdin: FromInput = False,
    disconnect: Annotated[bool, typer.Option("--disconnect-apps", help="End every app's session as well.")] = False,
    config: frame.Config = None,
    database: frame.Database = None,
) -> None:
    """Give a person another password; every browser is signed out."""
    new = _password(from_input=password_stdin)
    frame.in_house(
        frame.settings(config, database=database),
        lambda house: accounts.set_password(house, username, new, end_sessions=disconnect),
    )


@app.command()
def invite(
    days: Annotated[
        int, typer.Option(min=1, max=LONGEST_INVITATION_DAYS, help="How many days it is good.")
    ] = INVITATION_DAYS,
    note: Annotated[str, typer.Option(help="Who it is for; only you see it.")] = "",
    config: frame.Config = None,
    database: frame.Database = None,
    as_json: frame.AsJson = False,
) -> None:
    """Make a link with which one person can make an account; it is shown this one time only."""
    chosen = frame.settings(config, database=database)
    made = frame.in_house(chosen, lambda house: house.write(invitations.invite, days, note))
    facts = {"link": f"{chosen.origin}/signup?invitation={made.text}", "until": frame.day(made.expires_at)}
    frame.tell(facts, as_json=as_json)


@app.command("list")
def everyone(
    config: frame.Config = None,
    database: frame.Database = None,
    as_json: frame.AsJson = False,
) -> None:
    """Show all people."""
    people = frame.in_house(frame.settings(config, database=database), lambda house: house.read(accounts.everyone))
    frame.show([_facts(account) for account in people], as_json=as_json)


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _facts(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "username": account.username,
        "name": account.name,
        "object_id": account.object_id,
        "made": frame.day(account.made_at),
    }
