"""This file puts the pages together: from a request to an answer that carries every header, whatever happened."""

import re
import time
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from admitone.basics.languages import choose, speak
from admitone.basics.late import people_come
from admitone.basics.log import kinds_and_places, request_line
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.pages.account.doors import to_sign_in
from admitone.pages.assets import Assets, robots
from admitone.pages.entrance import step_up
from admitone.pages.forms import Form, has_files, read_form, read_upload
from admitone.pages.guard import (
    Visitor,
    accepted_languages,
    by_other_loopback_name,
    is_elsewhere,
    is_ours,
    is_still_there,
    meet,
)
from admitone.pages.headers import PLAIN, Policy, dress
from admitone.pages.people.tastes import suit
from admitone.pages.printer import Printer, Sheet
from admitone.pages.reference import Document, Reference
from admitone.pages.routes import PAGES, Page, Who
from admitone.pages.site import Site
from admitone.pages.words import other_address, say, say_refused

Turn = Callable[[Request], Coroutine[Any, Any, Response]]
REQUEST_ID_BYTES = 8
NAME = re.compile(r"[a-z_]{1,20}")  # as all that we read are written
PREFETCHES = ("sec-purpose", "purpose", "x-purpose", "x-moz")

log = structlog.get_logger("admitone.pages")


def make_pages(house: House, site: Site, openapi: Document | None = None, printer: Printer | None = None) -> Starlette:
    """The pages of a house at a site, as an ASGI application that never raises.

    `openapi` is the document that /docs shows; there is no such page without it. Houses at one site can share a
    `printer`.
    """
    printer = printer or Printer(site, Assets())
    assets = printer.assets
    desk = Desk(house, site, printer)
    files = [("/static/{name}", assets.serve), ("/favicon.ico", assets.icon), ("/robots.txt", robots)]
    if openapi:
        files.append(("/docs", Reference(printer, openapi).serve))
    app = Starlette(
        routes=[
            *(Route(path, desk.file(path, serve)) for path, serve in files),
            *(Route(page.path, desk.page(page), methods=page.methods) for page in PAGES),
        ],
        exception_handlers={HTTPException: desk.nowhere},
    )
    # Its redirect to the address without a slash would be built from the Host header.
    app.router.redirect_slashes = False
    return app


class Desk:
    """Where every request for a page arrives, and from where every answer leaves."""

    def __init__(self, house: House, site: Site, printer: Printer) -> None:
        self._house = house
        self._site = site
        self._printer = printer

    def page(self, page: Page) -> Turn:
        """What answers the requests for a page."""

        async def turn(request: Request) -> Response:
            if _is_prefetch(request):
                return Response(status_code=503)
            if moved := by_other_loopback_name(self._site, request):
                return moved
            await people_come()
            visitor = await meet(self._house, self._site, self._printer, request)
            return visitor.hand_over(await _answered(page, visitor))

        return self._answering(page.path, turn, page.policy)

    def file(self, path: str, serve: Callable[[Request], Response]) -> Turn:
        """What answers the requests for a file."""

        async def turn(request: Request) -> Response:
            return serve(request)

        return self._answering(path, turn, PLAIN)

    async def nowhere(self, request: Request, error: Exception) -> Response:
        """What answers when there is no such page, or not for this method."""
        wrong_method = isinstance(error, HTTPException) and error.status_code == 405

        async def turn(_request: Request) -> Response:
            raise Refused(Fault.METHOD_UNSUPPORTED if wrong_method else Fault.ROUTE_UNKNOWN)

        response = await self._answering("", turn, PLAIN)(request)
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})
        return response

    def _answering(self, path: str, turn: Turn, policy: Policy) -> Turn:
        async def answer(request: Request) -> Response:
            began = time.perf_counter()
            request_id = self._house.entropy.hex(REQUEST_ID_BYTES)
            # Until it is known who this is, and whenever nobody is signed in.
            speak(choose("", accepted_languages(request)))
            suit()
            response = await self._safely(turn, request, policy, request_id)
            dress(self._site, response, response.policy if isinstance(response, Sheet) else policy)
            response.headers["x-request-id"] = request_id
            request_line(
                request_id=request_id,
                method=request.method,
                route=path,
                status=response.status_code,
                milliseconds=(time.perf_counter() - began) * 1000,
                fault=response.fault if isinstance(response, Sheet) else None,
                query_names=_query_names(request),
                traceparent=request.headers.get("traceparent", ""),
            )
            return response

        return answer

    async def _safely(self, turn: Turn, request: Request, policy: Policy, request_id: str) -> Response:
        """Whatever is refused or breaks, a page says so; and of what broke, nothing but a number to ask about."""
        try:
            return await turn(request)
        except Refused as refused:
            return self._printer.problem(say_refused(refused), policy=policy)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:  # noqa: BLE001 - whatever it is, the visitor gets a page
            _tell_break(error, request_id)
            return self._printer.problem(say(Fault.CRASHED), policy=policy, reference=request_id)


def _tell_break(error: Exception, request_id: str) -> None:
    """Log a bug of ours by kind and place; its words may quote what the visitor typed."""
    log.error("page broke", request_id=request_id, exception=kinds_and_places(error))


async def _answered(page: Page, visitor: Visitor) -> Response:
    if page.who is not Who.ANYBODY and visitor.visit is None:
        return to_sign_in(visitor)
    posted = visitor.request.method == "POST"
    form = await _sent(page, visitor) if posted else {}
    # Whoever sends a form decides when its last byte comes: by then the visit may have ended.
    if posted and visitor.visit is not None and not await is_still_there(visitor) and page.who is not Who.ANYBODY:
        return to_sign_in(visitor)
    if page.who is Who.CONFIRMED and step_up.is_answer(form):
        answer = await step_up.answer(visitor, form)
        return answer if isinstance(answer, Response) else await page.show(visitor, answer, None)
    asks = page.who is Who.CONFIRMED and step_up.is_needed(visitor)
    if page.act is None or page.purpose is None or not posted:
        return await step_up.ask(visitor) if asks else await page.show(visitor, {}, None)
    if is_ours(visitor, page.purpose(visitor, form), form):
        return await step_up.ask(visitor, form) if asks else await page.act(visitor, form)
    stale = other_address(visitor.site.public_url) if is_elsewhere(visitor) else say(Fault.FORM_STALE)
    return await step_up.ask(visitor, notice=stale) if asks else await page.show(visitor, form, stale)


async def _sent(page: Page, visitor: Visitor) -> Form:
    if not page.uploads or not has_files(visitor.request):
        return await read_form(visitor.request)
    upload = await read_upload(visitor.request)
    visitor.files = upload.files
    return upload.form


def _is_prefetch(request: Request) -> bool:
    said = " ".join(request.headers.get(name, "") for name in PREFETCHES).lower()
    return "prefetch" in said or "prerender" in said or "preview" in said


def _query_names(request: Request) -> list[str]:
    """What the query has; of an address within it that nobody encoded, every part looks like a name of its own."""
    pairs = request.scope["query_string"].decode("ascii", "replace").split("&")
    names = [pair.partition("=")[0] for pair in pairs if pair]
    return [name if NAME.fullmatch(name) else "?" for name in names]
