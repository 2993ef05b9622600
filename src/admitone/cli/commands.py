"""This file is the table of all commands."""

import typer

from admitone.cli import accounts, apps, maintain, proxy, sandbox, serve

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Let people allow apps to act for them.")
app.command("serve")(serve.serve)
app.command("sandbox")(sandbox.sandbox)
app.command("proxy")(proxy.proxy)
app.command("migrate")(maintain.migrate)
app.command("sweep")(maintain.sweep)
app.command("doctor")(maintain.doctor)
app.add_typer(apps.app, name="app", help="Register programs, and give them their credentials.")
app.add_typer(accounts.app, name="account", help="Add people, and set their passwords.")
