"""This file shows the pages that ask nothing: the front page, help, privacy."""

from starlette.responses import Response

from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.printer import person
from admitone.pages.signin import purpose_out
from admitone.pages.words import Notice


async def show(visitor: Visitor, form: Form, _notice: Notice | None) -> Response:
    """GET /: what this server is, and who is signed in."""
    key = form_key(visitor, purpose_out(visitor, form)) if visitor.visit else ""
    return visitor.printer.page("front.html", {"person": person(visitor.visit), "form_key": key})


async def show_help(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /help: what to do when connecting an app does not go as it should."""
    return visitor.printer.page("help.html")


async def show_privacy(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /privacy: what is kept about people, and for whom."""
    return visitor.printer.page("privacy.html")
