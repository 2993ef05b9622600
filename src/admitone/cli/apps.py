"""This file is `admitone app …`: registered programs and their credentials."""

from typing import Annotated, Any

import typer

from admitone.cli import frame
from admitone.flows import apps
from admitone.model.apps import ROTATION_OVERLAP_MS, App, AppKind

app: typer.Typer = typer.Typer(no_args_is_help=True)

HOUR_MS = 60 * 60 * 1000


@app.command()
def add(  # noqa: PLR0913, PLR0917 - each is a flag
    name: str,
    owner: Annotated[str, typer.Option(help="The user name of the person it belongs to.")],
    website: Annotated[str, typer.Option(help="Where people find out more.")] = "",
    kind: Annotated[AppKind, typer.Option(help="What sort of program it is.")] = AppKind.WEBSITE,
    redirect: Annotated[
        list[str] | None, typer.Option(help="An address people may be sent back to; may be repeated.")
    ] = None,
    first_party: Annotated[bool, typer.Option("--first-party", help="It belongs to this server.")] = False,
    config: frame.Config = None,
    database: frame.Database = None,
    as_json: frame.AsJson = False,
) -> None:
    """Register an app; its API key and read token are shown this one time only."""
    registration = apps.Registration(name, owner, website, kind, tuple(redirect or ()), first_party)
    added, credentials = frame.in_house(
        frame.settings(config, database=database), lambda house: house.write(apps.add, registration)
    )
    frame.tell({"app": added.public_id, "name": added.name, **credentials._asdict()}, as_json=as_json)


@app.command("list")
def every(
    config: frame.Config = None,
    database: frame.Database = None,
    as_json: frame.AsJson = False,
) -> None:
    """Show all apps."""
    rows = frame.in_house(frame.settings(config, database=database), lambda house: house.read(apps.every))
    frame.show([_facts(row) for row in rows], as_json=as_json)


@app.command()
def rotate(
    app_id: Annotated[str, typer.Argument(metavar="APP", help="As `admitone app list` shows it.")],
    now: Annotated[bool, typer.Option("--now", help="The old credentials stop at once, not in 24 hours.")] = False,
    config: frame.Config = None,
    database: frame.Database = None,
    as_json: frame.AsJson = False,
) -> None:
    """Give an app new credentials."""
    overlap = 0 if now else ROTATION_OVERLAP_MS
    credentials = frame.in_house(
        frame.settings(config, database=database), lambda house: house.write(apps.rotate, app_id, overlap)
    )
    facts = {"app": app_id, **credentials._asdict(), "old_ones_work_for_hours": overlap // HOUR_MS}
    frame.tell(facts, as_json=as_json)


@app.command()
def remove(
    app_id: Annotated[str, typer.Argument(metavar="APP", help="As `admitone app list` shows it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: frame.Config = None,
    database: frame.Database = None,
) -> None:
    """Remove an app; every session that people gave it ends."""
    if not yes:
        typer.confirm("People who connected this app lose it. Remove it?", abort=True)
    frame.in_house(frame.settings(config, database=database), lambda house: house.write(apps.remove, app_id))


def _facts(row: App) -> dict[str, Any]:
    return {
        "app": row.public_id,
        "name": row.name,
        "kind": row.kind,
        "website": row.website,
        "owner": row.owner_name,
        "made": frame.day(row.made_at),
        "switched_off": None if row.switched_off_at is None else frame.day(row.switched_off_at),
    }
