"""This file shows people their account at a glance: who is signed in, and where everything is."""

from starlette.responses import Response

from admitone.pages.account.frame import sheet
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.signin import purpose_out
from admitone.pages.words import Notice


async def show(visitor: Visitor, form: Form, _notice: Notice | None) -> Response:
    """GET /account: the way to every page of the account, and out."""
    return sheet(visitor, "account/overview.html", {"form_key": form_key(visitor, purpose_out(visitor, form))})
