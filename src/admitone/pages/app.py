"""This file puts the pages together: from a request to an answer that carries every header, whatever happened."""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.pages.assets import Assets, robots
from admitone.pages.forms import read_form
from admitone.pages.guard import Visitor, by_other_loopback_name, is_elsewhere, is_ours, meet
from admitone.pages.headers import PLAIN, Policy, dress
from admitone.pages.printer import Printer, Sheet
from admitone.pages.routes import PAGES, Page
from admitone.pages.site import Site
from admitone.pages.words import other_address, say, say_refused

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]
REFERENCE_BYTES = 4
PREFETCHES = ("sec-purpose", "purpose", "x-purpose", "x-moz")

log = structlog.get_logger()


def make_pages(house: House, site: Site) -> Starlette:
    """The pages of a house at a site, as an ASGI application that never raises."""
    assets = Assets()
    printer = Printer(site, assets)
    desk = Desk(house, site, printer)
    files = (("/static/{name}", assets.serve), ("/favicon.ico", assets.icon), ("/robots.txt", robots))
    app = Starlette(
        routes=[
            *(Route(path, desk.file(serve)) for path, serve in files),
            *(Route(page.path, desk.endpoint(page), methods=_methods(page)) for page in PAGES),
        ],
        exception_handlers={HTTPException: desk.no_route},
    )
    # Its redirect to the address without a slash would be built from the Host header.
    app.router.redirect_slashes = False
    return app


class Desk:
    """Where every request for a page arrives."""

    def __init__(self, house: House, site: Site, printer: Printer) -> None:
        self._house = house
        self._site = site
        self._printer = printer

    def endpoint(self, page: Page) -> Endpoint:
        """What answers the requests for a page."""

        async def answer(request: Request) -> Response:
            if _is_prefetch(request):
                return self._dress(Response(status_code=503), page.policy)
            if moved := by_other_loopback_name(self._site, request):
                return self._dress(moved, page.policy)
            return self._dress(await self._safely(lambda: self._turn(page, request), page.policy), page.policy)

        return answer

    def file(self, serve: Callable[[Request], Response]) -> Endpoint:
        """What answers the requests for a file."""

        async def answer(request: Request) -> Response:
            async def turn() -> Response:
                return serve(request)

            return self._dress(await self._safely(turn, PLAIN), PLAIN)

        return answer

    async def no_route(self, _request: Request, error: Exception) -> Response:
        """What answers when there is no such page, or not for this method."""
        is_method = isinstance(error, HTTPException) and error.status_code == 405
        page = self._printer.problem(say(Fault.METHOD_UNSUPPORTED if is_method else Fault.ROUTE_UNKNOWN))
        if isinstance(error, HTTPException) and error.headers:
            page.headers.update(error.headers)
        return self._dress(page, PLAIN)

    async def _turn(self, page: Page, request: Request) -> Response:
        visitor = await meet(self._house, self._site, self._printer, request)
        return visitor.hand_over(await _answered(page, visitor))

    async def _safely(self, turn: Callable[[], Coroutine[Any, Any, Response]], policy: Policy) -> Response:
        """Whatever is refused or breaks, a page says so; and of what broke, nothing but a number to ask about."""
        try:
            return await turn()
        except Refused as refused:
            return self._printer.problem(say_refused(refused), policy=policy)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:
            reference = self._house.entropy.hex(REFERENCE_BYTES)
            log.exception("page broke", reference=reference)
            return self._printer.problem(say(Fault.CRASHED), policy=policy, reference=reference)

    def _dress(self, response: Response, policy: Policy) -> Response:
        return dress(self._site, response, response.policy if isinstance(response, Sheet) else policy)


def _methods(page: Page) -> list[str]:
    return ["GET", "POST"] if page.act else ["GET"]


async def _answered(page: Page, visitor: Visitor) -> Response:
    request = visitor.request
    if page.act is None or page.purpose is None or request.method != "POST":
        return await page.show(visitor, {}, None)
    form = await read_form(request)
    if is_ours(visitor, page.purpose(visitor, form), form):
        return await page.act(visitor, form)
    stale = other_address(visitor.site.public_url) if is_elsewhere(visitor) else say(Fault.FORM_STALE)
    return await page.show(visitor, form, stale)


def _is_prefetch(request: Request) -> bool:
    said = " ".join(request.headers.get(name, "") for name in PREFETCHES).lower()
    return "prefetch" in said or "prerender" in said or "preview" in said
