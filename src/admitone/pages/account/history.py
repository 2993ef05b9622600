"""This file shows people where they are signed in and what happened to their account (ux.md §7.14)."""

import hmac

from starlette.responses import RedirectResponse, Response

from admitone.basics.digests import Kind
from admitone.basics.languages import gettext
from admitone.flows.people import history
from admitone.model.faults import Fault, Refused
from admitone.model.paging import number_of
from admitone.model.people.history import Event
from admitone.model.visits import Place
from admitone.model.web.browsers import as_kept
from admitone.model.web.networks import network_of
from admitone.pages.account.frame import sheet, signed_in, tell
from admitone.pages.account.happenings import Row, row
from admitone.pages.forms import Form, asked_for
from admitone.pages.guard import Visitor, form_key
from admitone.pages.moments import ago
from admitone.pages.words import Notice

PATH = "/account/history"
MOST_PAGES = 1_000


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/history: signed in now, then what happened in the last 90 days, newest first."""
    account_id, number = signed_in(visitor).account_id, _number(visitor)
    here = visitor.house.digests.candidates(Kind.VISIT, visitor.visit_text)
    kept = await visitor.house.glance(history.signed_in, account_id)
    page = await visitor.house.glance(history.page, account_id, number)
    values = {
        "places": sorted((_place(visitor, each, here) for each in kept), key=lambda each: not each["here"]),
        "rows": [_row(visitor, event) for event in page.events],
        "newer": f"{PATH}?page={number - 1}" if number > 1 else "",
        "older": f"{PATH}?page={number + 1}" if page.more else "",
        "form_key": form_key(visitor, purpose(visitor, form)),
    }
    return sheet(visitor, "account/history.html", values, notice=notice)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/history: sign out one other browser, or all others."""
    account_id, network = signed_in(visitor).account_id, network_of(visitor.address)
    if "elsewhere" in form:
        await visitor.house.write(history.end_others, account_id, visitor.visit_text, network)
        tell(visitor, gettext("You are signed out everywhere else."))
    elif digest := _digest(form.get("visit", "")):
        if _is_here(digest, visitor.house.digests.candidates(Kind.VISIT, visitor.visit_text)):
            return RedirectResponse("/signout", 303)
        await visitor.house.write(history.end, account_id, digest, network)
        tell(visitor, gettext("That browser is signed out."))
    return RedirectResponse(PATH, 303)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the forms are for."""
    return "sign out elsewhere"


def _number(visitor: Visitor) -> int:
    number = number_of(asked_for(visitor.request, "page") or "1", MOST_PAGES)
    if not number:
        raise Refused(Fault.PAGE_BAD)
    return number


def _place(visitor: Visitor, place: Place, here: tuple[bytes, ...]) -> dict[str, object]:
    browser = as_kept(place.browser)
    return {
        "here": _is_here(place.digest, here),
        "name": _browser(browser.name, browser.system),
        "network": place.network,
        "began": ago(place.made_at, visitor.now),
        "seen": ago(place.seen_at, visitor.now),
        "visit": place.digest.hex(),
    }


def _row(visitor: Visitor, event: Event) -> Row:
    return row(event, visitor.now)


def _browser(name: str, system: str) -> str:
    if name and system:
        return gettext("{browser} on {system}", browser=name, system=system)
    return name or system or gettext("A browser we don’t know")


def _digest(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _is_here(digest: bytes, here: tuple[bytes, ...]) -> bool:
    return any(hmac.compare_digest(digest, each) for each in here)
