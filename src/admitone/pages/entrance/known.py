"""This file leads from addresses of TMDB's site that apps and people know to the pages that stand for them here."""

from starlette.responses import RedirectResponse, Response

from admitone.pages.account.disconnect import LIST
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor
from admitone.pages.signin import kept_address
from admitone.pages.words import Notice


async def to_sign_in(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /login: the page on which people sign in, for what waits and no more of what the address says."""
    return RedirectResponse(kept_address(visitor, "/signin"), 303)


async def to_apps(_visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /settings/sessions/api and /settings/api: the person's connected apps (wire B.7)."""
    return RedirectResponse(LIST, 303)
