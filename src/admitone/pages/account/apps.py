"""This file shows people which apps can use their account (ux.md §7.13)."""

import re
from dataclasses import dataclass

from starlette.responses import Response

from admitone.flows.connected import connections
from admitone.model.apps import App
from admitone.model.connected.connections import SHOWN, AppOrder, ConnectedApp, Connection, Deeds
from admitone.model.faults import Fault, Refused
from admitone.model.web import returns
from admitone.model.web.browsers import as_kept
from admitone.pages.account.frame import sheet, signed_in
from admitone.pages.forms import Form, asked_for, page_asked_for
from admitone.pages.guard import Visitor
from admitone.pages.moments import DAY, Moment, ago, day
from admitone.pages.printer import Face, face, shown
from admitone.pages.words import Notice

PUBLIC_ID = re.compile(r"[0-9a-f]{32}")
SORTED_FROM = 9  # apps: fewer are seen at a glance


@dataclass(frozen=True, slots=True)
class Use:
    """One connection in words: `months` is for how long it has lain unused, 0 for one that has not.

    `where` is the network it was made from, empty where that cannot be known; `here` says that it is the visitor's own.
    `how` is how it was approved, empty where nobody knows any more, with browser and network of whoever did.
    """

    id: int
    in_use: bool
    months: int
    used: Moment
    made: Moment
    where: str
    here: bool
    how: str
    by_browser: str
    by_network: str
    by_here: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One app in words; `host` is empty for one whose address nobody vouches for. `more` uses are not shown here."""

    public_id: str
    name: str
    face: Face
    kind: str
    maker: str
    host: str
    first_party: bool
    proven: bool
    uses: tuple[Use, ...]
    more: int
    deeds: Deeds


async def show(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /account/apps: every connected app."""
    order = _order(visitor)
    connected = await visitor.house.read(connections.overview, signed_in(visitor).account_id, order)
    values = {
        "cards": [card(visitor, each) for each in connected.apps],
        "unused": connected.unused,
        "order": order.value,
        "orders": list(AppOrder) if len(connected.apps) >= SORTED_FROM else (),
    }
    return sheet(visitor, "account/apps.html", values)


async def show_one(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /account/apps/{app}: one app and all of its connections."""
    number = page_asked_for(visitor.request)
    account_id = signed_in(visitor).account_id
    app, page = await visitor.house.read(connections.of_app, account_id, app_named(visitor), number)
    page.must_be_there()
    return sheet(visitor, "account/app.html", {"card": card(visitor, app), "page": page})


def app_named(visitor: Visitor) -> str:
    """The app that the address names. Raises SESSION_NOT_FOUND for what cannot be the name of one."""
    text = str(visitor.request.path_params["app"])
    if PUBLIC_ID.fullmatch(text) is None:
        raise Refused(Fault.SESSION_NOT_FOUND)
    return text


def card(visitor: Visitor, connected: ConnectedApp) -> Card:
    """Say what an app is, and where it is connected."""
    app, name = connected.app, shown(connected.app.name)
    uses = tuple(use(visitor, each) for each in connected.connections)
    return Card(
        public_id=app.public_id,
        name=name,
        face=face(name, app.public_id),
        kind=app.kind,
        maker=shown(app.owner_name),
        host=host(app),
        first_party=bool(app.first_party),
        proven=bool(app.first_party or app.accepted),
        uses=uses,
        more=max(0, connected.total - SHOWN),
        deeds=connected.deeds,
    )


def use(visitor: Visitor, connection: Connection) -> Use:
    """Say of a connection when and where it was made and used."""
    now = visitor.now
    return Use(
        id=connection.id,
        in_use=connection.is_in_use(now),
        months=(now - connection.used_at) // (30 * DAY) if connection.is_unused(now) else 0,
        used=ago(connection.used_at, now),
        made=day(connection.made_at, now),
        where=connection.network.removesuffix("/32") if visitor.network else "",
        here=visitor.network == connection.network,
        how=connection.approved_how,
        by_browser=as_kept(connection.approved_browser).words,
        by_network=connection.approved_network.removesuffix("/32") if visitor.network else "",
        by_here=visitor.network == connection.approved_network,
    )


def host(app: App) -> str:
    """The host of an app's website as people may see it; empty for none."""
    try:
        return returns.shown_host(returns.parse(app.website)) if app.website else ""
    except Refused:
        return ""


def _order(visitor: Visitor) -> AppOrder:
    asked = asked_for(visitor.request, "sort")
    return AppOrder(asked) if asked in list(AppOrder) else AppOrder.USED
