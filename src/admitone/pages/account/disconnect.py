"""This file lets people disconnect apps: it asks first, and says afterwards what has ended (ux.md §7.13)."""

from collections.abc import Mapping

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import gettext, mark
from admitone.flows.connected import connections
from admitone.model.apps import AppKind
from admitone.model.connected.connections import AppOrder
from admitone.model.faults import Fault, Refused
from admitone.model.paging import number_of
from admitone.pages.account.apps import app_named, card, host, use
from admitone.pages.account.frame import signed_in, tell
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.printer import face, shown
from admitone.pages.words import Notice

LIST = "/account/apps"
LARGEST_SESSION = 10**18 - 1
DONE = {
    AppKind.WEBSITE: mark("{app} on the web is disconnected."),
    AppKind.PHONE: mark("{app} on your phone is disconnected."),
    AppKind.TV: mark("{app} on your TV is disconnected."),
    AppKind.SCRIPT: mark("The program {app} is disconnected."),
}


async def show_one(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/apps/{app}/{session}/disconnect: what ends, what stays, and whether the others shall go as well."""
    account_id = signed_in(visitor).account_id
    found = await visitor.house.read(connections.one, account_id, app_named(visitor), _session(visitor))
    app, name = found.app, shown(found.app.name)
    values = {
        "app_name": name,
        "face": face(name, app.public_id),
        "kind": app.kind,
        "use": use(visitor, found.connection),
        "others": found.others,
        "latest": use(visitor, found.latest) if found.latest else None,
        "host": host(app),
        "also": "others" in form,
    }
    return _ask(visitor, "account/disconnect.html", values, notice)


async def act_one(visitor: Visitor, form: Form) -> Response:
    """POST /account/apps/{app}/{session}/disconnect: end that connection, or all that the app has."""
    account_id, public_id = signed_in(visitor).account_id, app_named(visitor)
    if "others" in form:
        return await act_app(visitor, form)
    app = await visitor.house.write(connections.end_one, account_id, public_id, _session(visitor))
    tell(visitor, gettext(DONE[AppKind(app.kind)], app=shown(app.name)))
    return RedirectResponse(LIST, 303)


async def show_app(visitor: Visitor, _form: Form, notice: Notice | None) -> Response:
    """GET /account/apps/{app}/disconnect: the same for everything an app has."""
    account_id = signed_in(visitor).account_id
    connected, _ = await visitor.house.read(connections.of_app, account_id, app_named(visitor), 1)
    values = {"card": card(visitor, connected), "total": connected.total}
    return _ask(visitor, "account/disconnect_app.html", values, notice)


async def act_app(visitor: Visitor, _form: Form) -> Response:
    """POST /account/apps/{app}/disconnect: end all that an app has."""
    app = await visitor.house.write(connections.end_of_app, signed_in(visitor).account_id, app_named(visitor))
    tell(visitor, gettext("{app} is disconnected.", app=shown(app.name)))
    return RedirectResponse(LIST, 303)


async def show_all(visitor: Visitor, _form: Form, notice: Notice | None) -> Response:
    """GET /account/apps/disconnect-all: what ends when every app goes."""
    connected = await visitor.house.read(connections.overview, signed_in(visitor).account_id, AppOrder.NAME)
    values = {"names": [shown(each.app.name) for each in connected.apps], "unused": None}
    return _ask(visitor, "account/disconnect_all.html", values, notice)


async def act_all(visitor: Visitor, _form: Form) -> Response:
    """POST /account/apps/disconnect-all: end every connection."""
    await visitor.house.write(connections.end_all, signed_in(visitor).account_id)
    tell(visitor, gettext("All apps are disconnected."))
    return RedirectResponse(LIST, 303)


async def show_unused(visitor: Visitor, _form: Form, notice: Notice | None) -> Response:
    """GET /account/apps/disconnect-unused: how many connections nobody has used for half a year."""
    unused = await visitor.house.read(connections.unused, signed_in(visitor).account_id)
    return _ask(visitor, "account/disconnect_all.html", {"names": [], "unused": unused}, notice)


async def act_unused(visitor: Visitor, _form: Form) -> Response:
    """POST /account/apps/disconnect-unused: end those."""
    await visitor.house.write(connections.end_unused, signed_in(visitor).account_id)
    tell(visitor, gettext("What you had not used for half a year is disconnected."))
    return RedirectResponse(LIST, 303)


def purpose(visitor: Visitor, _form: Form) -> str:
    """What the form is for: what its very address names, and nothing else."""
    return f"disconnect\0{visitor.request.scope['path']}"


def _ask(visitor: Visitor, template: str, values: Mapping[str, object], notice: Notice | None) -> Response:
    asked = {"action": visitor.request.scope["path"], "form_key": form_key(visitor, purpose(visitor, {})), "keep": LIST}
    return visitor.printer.page(template, {**asked, **values}, notice=notice)


def _session(visitor: Visitor) -> int:
    number = number_of(str(visitor.request.path_params["session"]), LARGEST_SESSION)
    if number is None:
        raise Refused(Fault.SESSION_NOT_FOUND)
    return number
