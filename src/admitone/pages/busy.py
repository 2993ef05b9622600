"""This file shows a page to people who are turned away because more is asked than can be answered."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from admitone.basics.languages import Language, choose, speaking
from admitone.model.faults import Fault, Refused
from admitone.pages.guard import accepted_languages
from admitone.pages.headers import PLAIN, dress
from admitone.pages.printer import Printer
from admitone.pages.site import Site
from admitone.pages.words import say_refused

WAIT_S = 1


class Busy:
    """An ASGI application with that page, printed once a language: the less a refusal costs, the more are let in."""

    def __init__(self, site: Site, printer: Printer) -> None:
        """Print nothing yet."""
        self._site = site
        self._printer = printer
        self._pages: dict[str, Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with 503 and Retry-After."""
        language = choose("", accepted_languages(Request(scope)))
        page = self._pages.get(language.code)
        if page is None:
            page = self._pages[language.code] = self._printed(language)
        await page(scope, receive, send)

    def _printed(self, language: Language) -> Response:
        with speaking(language):
            words = say_refused(Refused(Fault.OVERLOADED, retry_after=WAIT_S))
            return dress(self._site, self._printer.problem(words), PLAIN)
