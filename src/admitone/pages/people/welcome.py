"""This file offers a passkey to whoever has just made an account (ux.md §7.3)."""

from starlette.responses import RedirectResponse, Response

from admitone.flows.people import factors
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor
from admitone.pages.words import Notice

PATH = "/welcome"


async def show(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /welcome: the offer, where there is one to make."""
    if not await offers(visitor):
        return RedirectResponse("/", 303)
    return visitor.printer.page("people/welcome.html")


async def offers(visitor: Visitor) -> bool:
    """Whether whoever is signed in could have a passkey here, and has none."""
    if visitor.visit is None or not visitor.site.passkey_host:
        return False
    return not (await visitor.house.glance(factors.of_account, visitor.visit.account_id)).passkeys
