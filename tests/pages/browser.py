"""A person's browser, in process: it keeps cookies, follows no redirect by itself, and sends forms as browsers do."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx

from admitone.flows import request_tokens
from admitone.model.request_tokens import State
from admitone.pages.app import make_pages
from admitone.pages.site import Site
from tests.world import PASSWORD, World

SITE = Site("https://admit.example", client_address_known=True)
HONEST = {"origin": SITE.public_url, "sec-fetch-site": "same-origin"}
CALLBACK = "https://paperboy.example/back"


class Browser:
    """One browser at one site."""

    def __init__(self, world: World, site: Site = SITE, address: str = "203.0.113.7", **options: Any) -> None:
        self.world = world
        self.site = site
        self.pages = make_pages(world.house, site)
        transport = httpx.ASGITransport(self.pages, client=(address, 50_000), **options)
        self.http = httpx.AsyncClient(transport=transport, base_url=site.public_url)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers=headers)

    async def follow(self, path: str) -> httpx.Response:
        """Open an address and go wherever it leads on this site."""
        answer = await self.get(path)
        while "location" in answer.headers and answer.headers["location"].startswith("/"):
            answer = await self.get(answer.headers["location"])
        return answer

    async def press(self, page: httpx.Response, **fields: str) -> httpx.Response:
        """Send the first form of a page, with what was typed and the button pressed."""
        form = Form(page.text)
        return await self.send(form.action, {**form.hidden, **fields})

    async def send(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
        """Send a form. Without `headers`, with those of a browser that shows a page of ours."""
        honest = {"origin": self.site.public_url, "sec-fetch-site": "same-origin"}
        return await self.http.post(path, data=fields, headers=honest if headers is None else headers)

    async def sign_in(self, username: str = "mira") -> None:
        """Sign in on the page, by hand."""
        answer = await self.press(await self.get("/signin"), username=username, password=PASSWORD)
        assert answer.status_code == 303

    def cookie(self, name: str) -> str | None:
        """The value of a cookie, by its full name."""
        return next((cookie.value for cookie in self.http.cookies.jar if cookie.name == name), None)


class Form(HTMLParser):
    """A form of a page: where it goes, what it carries hidden, what stands in its fields.

    The first one, or the first that goes to `to`.
    """

    def __init__(self, text: str, to: str = "") -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self.typed: dict[str, str] = {}
        self.checked: set[str] = set()
        self.said: dict[str, str] = {}
        self._to = to
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = not self.action and found["action"].startswith(self._to)
            if self._inside:
                self.action, self.said = found["action"], found
        elif tag == "input" and self._inside:
            self._field(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def _field(self, found: dict[str, str]) -> None:
        if found.get("type") == "hidden":
            self.hidden[found["name"]] = found.get("value", "")
        else:
            self.typed[found["name"]] = found.get("value", "")
            if "checked" in found:
                self.checked.add(found["name"])


async def state_of(world: World, token: str) -> State:
    """What the store holds of a request token."""
    found = await world.house.read(request_tokens.find, token)
    assert found is not None
    return State(found.state)


def words(page: httpx.Response) -> str:
    """What a page says, without its markup."""
    main = page.text.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    return re.sub(r" (?=[.,;])|(?<=@) ", "", " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split()))


def title(page: httpx.Response) -> str:
    """The title of a page."""
    found = re.search(r"<title>(.*)</title>", page.text)
    assert found
    return unescape(found[1])
