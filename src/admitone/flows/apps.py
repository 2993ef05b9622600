"""This file registers apps and gives them their two credentials, which are shown this one time only."""

from typing import NamedTuple

from admitone.basics import jwt
from admitone.basics.digests import Kind
from admitone.flows import accounts, events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.model.accounts import Account
from admitone.model.apps import App, AppKind
from admitone.model.faults import Fault, Refused
from admitone.model.names import clean_app_name, skeleton
from admitone.model.web import returns
from admitone.store import apps
from admitone.store.engine.tx import Tx

KEY_BYTES = 16  # 32 hex digits
HINT_DIGITS = 4


class Credentials(NamedTuple):
    """An app's API key (32 hex digits) and read access token (a JWT)."""

    api_key: str
    read_token: str


class Registration(NamedTuple):
    """What an operator says of a new app; `owner` is a user name, `addresses` where people may be sent back to."""

    name: str
    owner: str
    website: str = ""
    kind: AppKind = AppKind.WEBSITE
    addresses: tuple[str, ...] = ()
    first_party: bool = False


async def add(house: House, tx: Tx, registration: Registration) -> tuple[App, Credentials]:
    """Register an app that the operator vouches for.

    Raises NAME_BAD, NAME_TAKEN, ACCOUNT_UNKNOWN (the owner), RETURN_ADDRESS_BAD.
    """
    owner = await accounts.find(house, tx, registration.owner)
    name = clean_app_name(registration.name)
    addresses = {returns.parse(address).text for address in registration.addresses}
    public_id = house.entropy.hex(KEY_BYTES)
    app_id = await tx.one(
        apps.ADD,
        public_id=public_id,
        name=name,
        name_key=skeleton(name),
        website=registration.website,
        kind=registration.kind.value,
        owner_id=owner.id,
        first_party=int(registration.first_party),
        accepted=1,
        now=tx.now,
    )
    if app_id is None:
        raise Refused(Fault.NAME_TAKEN)
    for address in sorted(addresses):
        await tx.run(apps.ADD_RETURN, app_id=app_id, address=address)
    credentials = await _credentials(house, tx, app_id, public_id, owner)
    await events.record(tx, Happened.APP_ADDED, app_id=app_id, account_id=owner.id)
    return await find(house, tx, public_id), credentials


async def rotate(house: House, tx: Tx, public_id: str, overlap_ms: int) -> Credentials:
    """Give an app new credentials; the old ones work `overlap_ms` longer. Raises APP_UNKNOWN."""
    app = await find(house, tx, public_id)
    owner = next(account for account in await accounts.everyone(house, tx) if account.id == app.owner_id)
    await tx.run(apps.END_CREDENTIALS, app_id=app.id, ends_at=tx.now + overlap_ms)
    credentials = await _credentials(house, tx, app.id, public_id, owner)
    await events.record(tx, Happened.APP_ROTATED, app_id=app.id)
    return credentials


async def remove(_house: House, tx: Tx, public_id: str) -> None:
    """Remove an app with its credentials, request tokens and sessions. Raises APP_UNKNOWN."""
    app_id = await tx.one(apps.REMOVE, public_id=public_id)
    if app_id is None:
        raise Refused(Fault.APP_UNKNOWN)
    await events.record(tx, Happened.APP_REMOVED, app_id=app_id)


async def find(_house: House, tx: Tx, public_id: str) -> App:
    """The app of this public id. Raises APP_UNKNOWN."""
    app = await tx.one(apps.FIND, public_id=public_id)
    if app is None:
        raise Refused(Fault.APP_UNKNOWN)
    return app


async def every(_house: House, tx: Tx) -> list[App]:
    """All apps, oldest first."""
    return await tx.all(apps.EVERY)


async def _credentials(house: House, tx: Tx, app_id: int, public_id: str, owner: Account) -> Credentials:
    api_key = house.entropy.hex(KEY_BYTES)
    # The claims of TMDB's read access tokens (wire 1.6), and an id of our own that makes each one unlike the last.
    claims = {
        "aud": public_id,
        "nbf": tx.now / 1000,
        "sub": owner.object_id,
        "jti": house.entropy.hex(KEY_BYTES),
        "scopes": ["api_read"],
        "version": 1,
    }
    read_token = jwt.mint(claims, house.digests)
    await tx.run(
        apps.ADD_CREDENTIAL,
        app_id=app_id,
        key_digest=house.digests.of(Kind.API_KEY, api_key),
        read_token_digest=house.digests.of(Kind.READ_TOKEN, read_token),
        hint=api_key[-HINT_DIGITS:],
        now=tx.now,
    )
    return Credentials(api_key, read_token)
