"""This file leads people who have to sign in first back to the page of theirs that they wanted to open."""

import re
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from admitone.pages.forms import asked_for
from admitone.pages.guard import Visitor

# Every page that only its own person sees lies in one of these rooms, and addresses in them need no other letters.
ROOMS = ("account", "verify", "welcome", "ratings", "favourites", "watchlist", "lists", "posters")
OURS = re.compile(rf"/(?:{'|'.join(ROOMS)})(?:/[A-Za-z0-9_-]+)*(?:\?[A-Za-z0-9=&_.%+-]*)?")
LONGEST = 500
FIELD = "next"


def to_sign_in(visitor: Visitor) -> Response:
    """Send a browser to sign in, and from there back to the page it asked for."""
    request = visitor.request
    query = request.scope["query_string"].decode("ascii", "replace")
    wanted = f"{request.scope['path']}{'?' if query else ''}{query}"
    return RedirectResponse(sign_in_for(wanted) if _is_ours(wanted) else "/signin", 303)


def sign_in_for(wanted: str) -> str:
    """The address of the sign-in page that leads on to `wanted`."""
    return f"/signin?{FIELD}={quote(wanted, safe='')}"


def wanted_after(visitor: Visitor) -> str | None:
    """The page that the sign-in page was asked to lead on to, or None; never one that is not our own."""
    asked = asked_for(visitor.request, FIELD)
    return asked if asked is not None and _is_ours(asked) else None


def _is_ours(address: str) -> bool:
    return len(address) <= LONGEST and OURS.fullmatch(address) is not None
