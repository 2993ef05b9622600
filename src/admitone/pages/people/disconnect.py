"""This file disconnects an app with the link from the mail that told of it: a button, never the link alone (M10)."""

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import gettext, mark
from admitone.flows.connected import connections
from admitone.model.faults import Fault, Refused
from admitone.model.web.networks import network_of
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.printer import shown
from admitone.pages.words import Notice, Words, told

# A link from the mail about a new connection, where there is nothing (any more) that it could end.
NOTHING_TO_DISCONNECT = Words(
    404,
    mark("There is nothing left to disconnect"),
    (
        mark(
            "That connection has ended already, or the link is more than seven days old or was cut short when it was "
            "copied."
        ),
        mark("Connected apps shows everything that can use your account now."),
    ),
    "late",
)


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /disconnect/{token}: which app, and one button; afterwards what was done and what to do besides."""
    try:
        linked = await visitor.house.read(connections.of_link, _text(visitor))
    except Refused as refused:
        if refused.fault is not Fault.LINK_DEAD:
            raise
        return _nothing(visitor)
    if not linked.alive and not linked.used:
        return _nothing(visitor)
    values = {
        "app_name": shown(linked.app.name) if linked.app else gettext("The app"),
        "public_id": linked.app.public_id if linked.app else "",
        "username": linked.username,
        "done": not linked.alive,
        "action": visitor.request.scope["path"],
        "form_key": form_key(visitor, purpose(visitor, form)),
    }
    return visitor.printer.page("people/disconnect.html", values, notice=notice)


async def act(visitor: Visitor, _form: Form) -> Response:
    """POST /disconnect/{token}: end that connection; nothing else can be done with the link, by whoever has it."""
    try:
        await visitor.house.write(connections.end_by_link, _text(visitor), network_of(visitor.address))
    except Refused as refused:
        if refused.fault is not Fault.LINK_DEAD:
            raise
    return RedirectResponse(visitor.request.scope["path"], 303)


def purpose(visitor: Visitor, _form: Form) -> str:
    """What the form of a link is for: this one and no other."""
    return f"disconnect by link\0{_text(visitor)}"


def _nothing(visitor: Visitor) -> Response:
    values = {"again": "/account/apps", "go": gettext("See your connected apps")}
    return visitor.printer.page("people/dead.html", values, notice=told(NOTHING_TO_DISCONNECT, fault=Fault.LINK_DEAD))


def _text(visitor: Visitor) -> str:
    return str(visitor.request.path_params["token"])
