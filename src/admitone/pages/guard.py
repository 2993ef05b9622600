"""This file knows who is at the browser, and believes a form only if this server gave it to that very browser."""

import contextlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admitone.basics.digests import Kind
from admitone.basics.languages import choose, speak
from admitone.flows import visits
from admitone.flows.house import House
from admitone.flows.visits import Coming
from admitone.model.faults import Refused
from admitone.model.records.entries import File
from admitone.model.visits import BYTES, LONG_MS, NewVisit, Visit
from admitone.model.web.browsers import Browser, recognised
from admitone.model.web.hosts import is_loopback_host
from admitone.model.web.networks import client_address, network_of
from admitone.pages.forms import Form
from admitone.pages.moments import HOUR
from admitone.pages.people.tastes import suit
from admitone.pages.printer import Printer
from admitone.pages.site import Site

FORM_LIFE = 12 * HOUR
FORM_KEY = "form_key"
VISIT = "visit"
ANONYMOUS = "form"
DEVICE = "device"
DEVICE_S = 400 * 24 * 60 * 60  # browsers keep no cookie longer


@dataclass(slots=True)
class Visitor:
    """Somebody's browser, for one request: what it asks, who is signed in on it, and the cookies it will be given.

    `address` is the network address it comes from, as far as it can be believed; `holder` is the secret that this
    browser alone has, signed in or not, and that its forms are bound to. `files` came with the form, where it has some.
    """

    house: House
    site: Site
    printer: Printer
    request: Request
    cookies: dict[str, str]
    address: str
    visit: Visit | None = None
    visit_text: str = ""
    files: tuple[File, ...] = ()
    _holder: str = ""
    _jar: dict[str, tuple[str, int | None]] = field(default_factory=dict)

    @property
    def now(self) -> int:
        """The present instant."""
        return self.house.clock.now()

    @property
    def network(self) -> str | None:
        """The network the visitor comes from, None where the address may be anybody's (ux.md §6.1)."""
        return network_of(self.address) if self.site.client_address_known else None

    @property
    def holder(self) -> str:
        """The secret that only this browser has: of its visit, else of an anonymous cookie, made when first needed."""
        if self.visit is not None:
            return self.visit_text
        if not self._holder:
            kept = self.cookies.get(cookie_name(self.site, ANONYMOUS), "")
            self._holder = kept if _is_secret(kept) else self.house.entropy.hex(BYTES)
            if self._holder != kept:
                self.keep(ANONYMOUS, self._holder, None)
        return self._holder

    @property
    def device(self) -> str:
        """The secret by which this browser may be known to somebody who signs in; empty for none."""
        kept = self.cookies.get(cookie_name(self.site, DEVICE), "")
        return kept if _is_secret(kept) else ""

    @property
    def browser(self) -> Browser:
        """Which browser it is, as it says itself."""
        return recognised(self.request.headers.get("user-agent", ""))

    def coming(self, *, remember: bool = False, trust: bool = False) -> Coming:
        """Whoever is about to be signed in on this browser; the visit that it had ends."""
        return Coming(self.address, self.browser.kept, self.device, self.visit_text, remember, trust)

    def keep(self, name: str, value: str, seconds: int | None) -> None:
        """Give the browser a cookie with the answer; for `seconds`, or until it is closed."""
        self._jar[cookie_name(self.site, name)] = (value, seconds)

    def drop(self, name: str) -> None:
        """Take a cookie back with the answer."""
        self._jar[cookie_name(self.site, name)] = ("", 0)

    def keep_visit(self, text: str, *, remember: bool) -> None:
        """Let the browser show a visit from now on: for as long as it is remembered, or until the browser is closed."""
        self.keep(VISIT, text, LONG_MS // 1000 if remember else None)

    def settle(self, visit: NewVisit, *, remember: bool) -> None:
        """Let the browser show a visit that has just begun, and be known by it the next time."""
        self.keep_visit(visit.text, remember=remember)
        self.keep(DEVICE, visit.device, DEVICE_S)
        self.drop(ANONYMOUS)

    def hand_over(self, response: Response) -> Response:
        """Put the cookies of the jar on the answer."""
        for name, (value, seconds) in self._jar.items():
            response.set_cookie(name, value, max_age=seconds, secure=self.site.secure, httponly=True, samesite="lax")
        return response


def cookie_name(site: Site, name: str) -> str:
    """The cookie's full name. With the prefix no neighbouring host can plant one (security.md B12)."""
    return f"__Host-{name}" if site.secure else name


def unsealed(visitor: Visitor, kind: Kind, sealed: str) -> list[Any]:
    """The list that was sealed with this kind, for whoever asks to look at its shape; empty for anything else.

    Several things are sealed with one kind, and whoever holds one may send it in another's place.
    """
    text = visitor.house.digests.unseal(kind, sealed, visitor.now) if sealed else None
    try:
        parts = json.loads(text or "")
    except ValueError:
        return []
    return parts if isinstance(parts, list) else []


async def meet(house: House, site: Site, printer: Printer, request: Request) -> Visitor:
    """Find out who is at the browser that sent `request`. A visit that is in use has its end moved on, once an hour."""
    cookies = _cookies(request)
    peer = request.client.host if request.client else ""
    address = client_address(peer, request.headers.getlist("x-forwarded-for"), site.trusted_proxies)
    visitor = Visitor(house, site, printer, request, cookies, address)
    text = cookies.get(cookie_name(site, VISIT), "")
    visit = await house.glance(visits.find, text) if _is_secret(text) else None
    if visit is not None:
        visitor.visit, visitor.visit_text = visit, text
        speak(choose(visit.language, accepted_languages(request)))
        suit(visit.time_zone, visit.appearance)
        if visits.is_due(visit, visitor.now):
            await _roll(visitor, visit)
    return visitor


async def is_still_there(visitor: Visitor) -> bool:
    """Whether the visit that was found has not ended since; if it has, nobody is signed in any more."""
    if await visitor.house.glance(visits.find, visitor.visit_text) is None:
        visitor.visit, visitor.visit_text = None, ""
    return visitor.visit is not None


def accepted_languages(request: Request) -> str:
    """What the browser says of the languages that its owner reads."""
    return ",".join(request.headers.getlist("accept-language"))


def form_key(visitor: Visitor, purpose: str) -> str:
    """A value that only a page of ours, opened in this browser for this purpose, can hold: the synchroniser."""
    bound = _bound(visitor, purpose)
    return visitor.house.digests.seal(Kind.FORM, bound, visitor.now + FORM_LIFE)


def is_ours(visitor: Visitor, purpose: str, form: Form) -> bool:
    """Whether a form was sent by a page of ours, from this browser, for this purpose (security.md B1)."""
    bound = visitor.house.digests.unseal(Kind.FORM, form.get(FORM_KEY, ""), visitor.now)
    return is_same_origin(visitor) and bound is not None and hmac.compare_digest(bound, _bound(visitor, purpose))


def is_same_origin(visitor: Visitor) -> bool:
    """Whether the browser says that the form was sent by a page of this very site.

    `Origin` must be there and ours; `Sec-Fetch-Site` must agree where the browser sends it.
    """
    headers = visitor.request.headers
    origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
    return origins == [visitor.site.public_url] and sites in ([], ["same-origin"])


def is_elsewhere(visitor: Visitor) -> bool:
    """Whether the browser came by an address of this server that is not its public one. Only words depend on it."""
    origin, host = (visitor.request.headers.get(name, "") for name in ("origin", "host"))
    return origin != visitor.site.public_url and bool(host) and origin in (f"http://{host}", f"https://{host}")


def by_other_loopback_name(site: Site, request: Request) -> Response | None:
    """Send a browser that wrote `localhost` for `127.0.0.1`, or the reverse, to the name that our cookies belong to."""
    public = urlsplit(site.public_url)
    try:
        asked = urlsplit(f"//{request.headers.get('host', '')}")
        port, host = asked.port, asked.hostname or ""
    except ValueError:
        return None
    if not site.loopback or not is_loopback_host(host) or (host, port) == (public.hostname, public.port):
        return None
    if port != public.port or request.method not in ("GET", "HEAD"):
        return None
    path = request.scope.get("raw_path", b"").decode("ascii", "replace")
    query = request.scope["query_string"].decode("ascii", "replace")
    return RedirectResponse(f"{site.public_url}{path}{'?' if query else ''}{query}", 303)


async def _roll(visitor: Visitor, visit: Visit) -> None:
    # A page can be read although this very moment nothing can be written.
    with contextlib.suppress(Refused):
        if await visitor.house.write(visits.roll, visitor.visit_text) is not None:
            visitor.keep_visit(visitor.visit_text, remember=visit.lasts == LONG_MS)


def _bound(visitor: Visitor, purpose: str) -> str:
    return visitor.house.digests.of(Kind.FORM, f"{visitor.holder}\0{purpose}").hex()


def _is_secret(text: str) -> bool:
    return len(text) == 2 * BYTES and text.isascii() and text.isalnum()


def _cookies(request: Request) -> dict[str, str]:
    """The cookies by name. One that comes twice was planted by somebody, and nobody can say which: neither counts."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for header in request.headers.getlist("cookie"):
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name in found:
                twice.add(name)
            found[name] = value
    return {name: value for name, value in found.items() if name not in twice}
