"""This file makes the sandbox's default world: one person, one app of theirs, credentials that work at once."""

from typing import NamedTuple

from admitone.flows import accounts, apps, request_tokens
from admitone.flows.apps import Credentials, Registration
from admitone.flows.house import House
from admitone.flows.request_tokens import IssuedToken
from admitone.model.apps import App
from admitone.model.faults import Fault, Refused

USERNAME = "mira"
# Not a secret: everybody who runs a sandbox has the same one.
PASSWORD = "let-mira-in-please"
APP_NAME = "Sandbox app"
HERE = "127.0.0.1/32"


class Ready(NamedTuple):
    """What a developer needs to begin; in `--ready-file` it is one JSON object."""

    base_url: str
    site_url: str
    control_url: str
    api_key: str
    read_token: str
    username: str
    password: str


async def make_ready(house: House, origin: str) -> tuple[Ready, IssuedToken]:
    """Put the default world into a house, or make the one that is there usable again with fresh credentials.

    Beside what a developer needs comes a first request token, so that there is something to approve at once.
    """
    app, credentials = await _app(house)
    token = await house.write(request_tokens.issue, app.id, HERE)
    ready = Ready(
        base_url=origin,
        site_url=origin,
        control_url=f"{origin}/sandbox",
        api_key=credentials.api_key,
        read_token=credentials.read_token,
        username=USERNAME,
        password=PASSWORD,
    )
    return ready, token


async def _app(house: House) -> tuple[App, Credentials]:
    try:
        await accounts.add(house, USERNAME, PASSWORD, "Mira Okafor")
    except Refused as refusal:
        if refusal.fault is not Fault.USERNAME_TAKEN:
            raise
        await accounts.set_password(house, USERNAME, PASSWORD, end_sessions=False)
    for app in await house.read(apps.every):
        if app.name == APP_NAME:
            return app, await house.write(apps.rotate, app.public_id, 0)
    return await house.write(apps.add, Registration(APP_NAME, USERNAME))
