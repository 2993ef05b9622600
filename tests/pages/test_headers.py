"""Every answer carries the headers that keep it safe, whatever became of the request."""

from collections.abc import AsyncIterator
from typing import cast

import httpx
import pytest

from admitone.flows.house import House
from admitone.pages.app import make_pages
from admitone.pages.site import Site
from tests.pages.browser import CALLBACK, Browser
from tests.world import PASSWORD, Registered, World


async def answers(browser: Browser, world: World, listed: Registered) -> AsyncIterator[tuple[str, httpx.Response]]:
    """An answer of every kind that there is."""
    for path in (
        "/",
        "/help",
        "/privacy",
        "/signin",
        "/signout",
        "/nowhere",
        "/login",
        "/authenticate",
        "/authenticate/x/y",
    ):
        yield path, await browser.get(path)
    for path in ("/authenticate/allow", "/authenticate/deny", "/authenticate/x", "/static/nothing.css"):
        yield path, await browser.get(path)
    token = await world.token(listed)
    yield "to sign in", await browser.get(f"/authenticate/{token}?redirect_to={CALLBACK}")
    page = await browser.follow(f"/authenticate/{token}?redirect_to={CALLBACK}")
    yield "sign in to connect", page
    yield "wrong password", await browser.press(page, username="mira", password="wrong")
    yield "stale form", await browser.press(page, form_key="")
    yield "large form", await browser.press(page, username="x" * 70_000)
    yield "wrong kind of form", await browser.http.post("/signin", json={}, headers={"origin": browser.site.public_url})
    yield "wrong method", await browser.http.post("/help")
    yield "odd method", await browser.http.request("BREW", "/signin")
    answer = await browser.press(page, username="mira", password=PASSWORD)
    yield "signed in", answer
    ticket = await browser.get(answer.headers["location"])
    yield "ticket", ticket
    yield "refused address", await browser.get(f"/authenticate/{token}?redirect_to=https://evil.example")
    yield "to the app", await browser.press(ticket, decision="approve")
    yield "approved", await browser.get(f"/authenticate/{token}/allow")
    denied = await world.token(listed)
    yield "to denied", await browser.press(await browser.get(f"/authenticate/{denied}"), decision="deny")
    yield "denied", await browser.get(f"/authenticate/{denied}/deny")
    yield "signed out", await browser.press(await browser.get("/signout"))


WITH_REQUEST = (
    "/authenticate",
    "sign in to connect",
    "wrong password",
    "stale form",
    "ticket",
    "approved",
    "denied",
    "refused address",
)


@pytest.mark.parametrize("public_url", ["https://admit.example", "http://127.0.0.1:8080"])
@pytest.mark.holds(
    "B4",
    "B6",
    "B15",
    "B16",
    "ASVS 3.4.3",
    "ASVS 3.4.4",
    "ASVS 3.4.5",
    "ASVS 3.4.6",
    "ASVS 3.4.8",
    "ASVS 3.5.8",
)
async def test_every_answer_has_them(world: World, listed: Registered, public_url: str) -> None:
    seen = 0
    async for kind, answer in answers(Browser(world, Site(public_url)), world, listed):
        seen += 1
        headers = answer.headers
        policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
        scripts = policy.pop("script-src")
        form_action = policy.pop("form-action")
        assert policy == {
            "default-src": "'none'",
            "style-src": "'self'",
            "img-src": "'self'",
            "connect-src": "'none'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }, kind
        assert scripts == ("'self'" if "<script" in answer.text else "'none'")
        assert form_action == ("'self' https:" if kind == "ticket" else "'self'"), kind
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == ("no-referrer" if kind == "to the app" else "same-origin")
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "publickey-credentials-get=(self)" in headers["permissions-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-robots-tag"] == "noindex, nofollow"
        assert len(headers["x-request-id"]) == 16
        assert ("strict-transport-security" in headers) is public_url.startswith("https:")
        keeps_opener = kind.startswith(WITH_REQUEST) or answer.is_redirect
        assert ("cross-origin-opener-policy" in headers) is not keeps_opener, kind
        if answer.content:
            assert headers["content-type"] == "text/html; charset=utf-8"
        if not answer.is_redirect:
            assert "<h1" in answer.text
        assert answer.status_code in (200, 303, 400, 404, 405, 413, 422), kind
    assert seen == 29


async def test_files_are_kept_for_a_year_under_a_name_that_changes(browser: Browser) -> None:
    page = await browser.get("/signin")
    paths = [part.partition('"')[0] for part in page.text.split('="')[1:] if part.startswith("/static/")]
    kinds = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
    assert {path.rpartition(".")[2] for path in paths} == set(kinds)
    for path in paths:
        answer = await browser.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == kinds[path.rpartition(".")[2]]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers


async def test_robots_and_the_icon(browser: Browser) -> None:
    robots = await browser.get("/robots.txt")
    assert robots.text == "User-agent: *\nDisallow: /\n"
    assert robots.headers["content-type"] == "text/plain; charset=utf-8"
    assert (await browser.get("/favicon.ico")).headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("path", ["/", "/signin", "/help", "/robots.txt", "/authenticate/allow", "/nowhere"])
async def test_head_is_get_without_the_page(browser: Browser, path: str) -> None:
    get, head = await browser.get(path), await browser.http.head(path)
    assert head.status_code == get.status_code
    # The sign-in page holds a value of the moment, but one of the same length.
    assert head.headers["content-length"] == get.headers["content-length"]


async def test_a_method_that_does_not_fit_says_which_do(browser: Browser) -> None:
    answer = await browser.http.delete("/signin")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert "This page can’t be used that way" in answer.text


@pytest.mark.holds("B14")
async def test_no_address_is_taken_from_the_host_header(browser: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    for path in ("/", "/help/", "/signin", f"/authenticate/{token}", "/authenticate/"):
        for name in ("host", "x-forwarded-host", "x-forwarded-prefix", "x-original-url", "forwarded"):
            answer = await browser.get(path, **{name: "evil.example"})
            assert "evil.example" not in answer.text
            assert "evil.example" not in str(answer.headers)


@pytest.mark.holds("S20")
async def test_what_breaks_tells_nobody_why(world: World) -> None:
    house = cast("House", Broken(world.house))
    transport = httpx.ASGITransport(make_pages(house, Site("https://admit.example")))
    async with httpx.AsyncClient(transport=transport, base_url="https://admit.example") as http:
        answer = await http.get("/", headers={"cookie": f"__Host-visit={'a' * 64}"})
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "hunter2" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


class Broken:
    """A house whose every flow fails with a secret in its mouth."""

    def __init__(self, house) -> None:
        self.clock, self.entropy, self.digests, self.hasher = house.clock, house.entropy, house.digests, house.hasher

    async def read(self, flow, *_arguments):
        raise RuntimeError("password=hunter2")

    glance = read


@pytest.mark.parametrize("hsts", ["max-age=600; includeSubDomains", None])
@pytest.mark.holds("B11", "ASVS 3.4.1")
async def test_the_operator_decides_how_long_browsers_insist_on_https(world: World, hsts: str | None) -> None:
    browser = Browser(world, Site("https://admit.example", hsts=hsts))
    assert (await browser.get("/")).headers.get("strict-transport-security") == hsts


@pytest.mark.parametrize(
    "public_url",
    [
        "admit.example", "https://admit.example/", "https://admit.example/path", "https://Admit.example", "ftp://x",
        "https://admit.example:443", "http://admit.example:80", "https://", "https://a@admit.example", "https://bücher.example",
        "https://admit.example?x", "https://admit.example#x",
    ],
)  # fmt: skip
def test_a_public_address_is_an_origin_as_browsers_write_it(public_url: str) -> None:
    with pytest.raises(ValueError, match="must be like https"):
        Site(public_url)


@pytest.mark.parametrize("public_url", ["https://admit.example", "http://127.0.0.1:8080", "http://[::1]:8080"])
def test_a_fitting_public_address(public_url: str) -> None:
    assert Site(public_url).host == public_url.partition("//")[2]
