"""Only a form that this server gave to this browser, for this purpose, sent by a page of ours, does anything."""

import re
from collections.abc import AsyncIterator
from itertools import product
from urllib.parse import urlencode

import pytest

from admitone.flows import visits
from admitone.flows.people import app_passwords
from admitone.flows.records import jobs
from admitone.model.records.jobs import Task
from admitone.model.request_tokens import State
from admitone.pages.routes import PAGES
from admitone.pages.site import Site
from tests.model.records import samples
from tests.pages.browser import HONEST, Browser, Form, state_of, title, words
from tests.pages.places import address_of
from tests.world import MINUTE, PASSWORD, World

ORIGINS = (HONEST["origin"], None, "null", "https://evil.example", "http://admit.example", "https://admit.example:8443")
SITES = ("same-origin", None, "none", "same-site", "cross-site")
KEYS = ("own", "none", "other request", "other purpose", "other person", "made up", "twice")
COOKIES = ("own", "none", "other person")
ROWS = [
    *product(("POST",), ORIGINS, SITES, KEYS, COOKIES),
    *product(("GET", "HEAD", "PUT"), ORIGINS[:2], SITES[:2], KEYS[:2], COOKIES),
]


@pytest.mark.holds("B1", "ASVS 3.5.1", "ASVS 3.5.2")
async def test_only_the_honest_row_passes(world: World) -> None:
    people = {"own": Browser(world), "other person": Browser(world), "none": Browser(world)}
    await people["own"].sign_in("mira")
    await people["other person"].sign_in("tomas")
    token, other = await world.token(world.reelsync), await world.token(world.reelsync)
    path = f"/authenticate/{token}"
    own = people["own"]
    keys = {
        "own": await key(own, path),
        "none": "",
        "other request": await key(own, f"/authenticate/{other}"),
        "other purpose": await key(own, "/signout"),
        "other person": await key(people["other person"], path),
        "made up": "bWFkZSB1cA.AQID",
    }
    passed = []
    for row in ROWS:
        method, origin, site, which, cookies = row
        said = [("decision", "approve"), ("form_key", keys.get(which, keys["own"]))]
        body = urlencode(said + ([("form_key", keys["own"])] if which == "twice" else []))
        headers = {"content-type": "application/x-www-form-urlencoded"}
        headers |= {"origin": origin} if origin else {}
        headers |= {"sec-fetch-site": site} if site else {}
        answer = await people[cookies].http.request(method, path, content=body, headers=headers)
        assert answer.status_code < 500
        if await state_of(world, token) is not State.PENDING:
            passed.append((row, answer.headers["location"]))
            token = await world.token(world.reelsync)
            path = f"/authenticate/{token}"
            keys |= {"own": await key(own, path), "other person": await key(people["other person"], path)}
    # Besides today's browsers, those of before 2023 that know no Sec-Fetch-Site.
    assert [row for row, _ in passed] == [
        ("POST", HONEST["origin"], site, whose, whose)
        for site, whose in [
            ("same-origin", "own"),
            ("same-origin", "other person"),  # Tomas with Tomas's own form: honest as well
            (None, "own"),
            (None, "other person"),
        ]
    ]


async def key(browser: Browser, path: str) -> str:
    return Form((await browser.get(path)).text).hidden["form_key"]


# Forms that only somebody halfway in sees, or whoever has just been shown a secret: the same is held of them there.
REACHED_ELSEWHERE = {
    "/signin/code": "tests/pages/test_second_step.py",
    "/signin/recovery": "tests/pages/test_second_step.py",
    "/signin/passkey": "tests/pages/test_passkeys.py",
    "/account/security/recovery-codes/stored": "tests/pages/test_security.py",
    "/account/security/recovery-codes/download": "tests/pages/test_security.py",
    **dict.fromkeys(
        ("/account/data/import/start", "/account/data/import/forget", "/leaving"), "tests/pages/account/test_records.py"
    ),
    # Forms that only somebody with a link, a code or something left to confirm sees.
    **dict.fromkeys(
        (
            *("/signup", "/verify", "/verify/again", "/verify/{token}", "/forgot", "/reset/{token}", "/revert/{token}"),
            "/disconnect/{token}",
            *("/account/profile", "/account/email", "/account/password", "/account/password/apps"),
        ),
        "tests/pages/people/test_forged.py",
    ),
}
FORGERIES = ("no key", "foreign origin", "no origin", "nothing", "old key")
TYPED = {"username": "tomas", "password": PASSWORD, "decision": "approve", "name": "Something"}


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.act and page.path not in REACHED_ELSEWHERE],
    ids=lambda page: page.path,
)
@pytest.mark.holds("B2", "B3", "ASVS 3.5.1")
async def test_every_form_comes_back_filled_in_when_it_is_not_believed(world: World, page) -> None:
    browser = Browser(world)
    await browser.sign_in()
    for forged in FORGERIES:
        await is_not_believed(browser, page.path, forged)


async def is_not_believed(browser: Browser, pattern: str, forged: str) -> None:
    world, before = browser.world, browser.cookie("__Host-visit")
    assert before is not None
    if forged == "old key":
        world.clock.advance(12 * 60 * MINUTE - 1)
        await browser.get("/")
        world.clock.advance(1)
    fourth = pattern.startswith("/auth/access")
    token = await (world.access_request if fourth else world.token)(world.reelsync)
    path = await address_of(world, pattern, token)
    asks = f"/auth/access?request_token={token}" if fourth else path
    fields = {**Form((await browser.get(asks)).text).hidden, **TYPED}
    headers = dict(HONEST)
    if forged in ("no key", "nothing", "old key"):
        fields["form_key"] = "x.y" if forged == "old key" else ""
    if forged in ("foreign origin", "nothing"):
        headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    if forged == "no origin":
        headers = {}
    answer = await browser.send(path, fields, headers)
    assert answer.status_code == 422, forged
    assert title(answer).startswith("Error: ")
    assert "This page was open for a long time, so we’ve refreshed it. Please send it again." in words(answer)
    assert PASSWORD not in answer.text
    assert await state_of(world, token) is State.PENDING
    assert browser.cookie("__Host-visit") == before
    assert await world.house.read(visits.find, before)
    form = Form(answer.text)
    assert form.typed.get("username", "tomas") in ("tomas", "mira")
    if forged == FORGERIES[-1]:
        again = await browser.send(path, {**fields, **form.hidden}, HONEST)  # and sent again, it is believed
        assert "open for a long time" not in words(again)
        assert again.status_code in (200, 303, 422)


async def test_a_form_key_lives_twelve_hours(browser: Browser, world: World) -> None:
    page = await browser.get("/signin")
    world.clock.advance(12 * 60 * MINUTE - 1)
    assert "isn’t right" in words(await browser.press(page, username="mira", password="wrong"))
    world.clock.advance(1)
    assert "open for a long time" in words(await browser.press(page, username="mira", password=PASSWORD))


@pytest.mark.holds("B1")
async def test_a_form_from_before_signing_in_is_not_good_after(browser: Browser, world: World) -> None:
    page = await browser.get("/signin")
    await browser.sign_in("mira")
    answer = await browser.press(page, username="tomas", password=PASSWORD)
    assert answer.status_code == 422
    assert "Mira Okafor" in words(await browser.get("/"))


@pytest.mark.holds("F15")
async def test_signing_in_needs_the_browser_that_was_given_the_form(browser: Browser, world: World) -> None:
    victim = Browser(world)
    form = Form((await browser.get("/signin")).text)
    answer = await victim.send("/signin", {**form.hidden, "username": "tomas", "password": PASSWORD})
    assert (answer.status_code, victim.cookie("__Host-visit")) == (422, None)


async def test_a_browser_at_another_address_of_ours_is_told_which_to_use(world: World) -> None:
    browser = Browser(world, Site("https://admit.example"))
    form = Form((await browser.get("/signin")).text)
    headers = {"origin": "https://internal.example", "host": "internal.example", "sec-fetch-site": "same-origin"}
    answer = await browser.send("/signin", {**form.hidden, "username": "mira", "password": PASSWORD}, headers)
    assert answer.status_code == 422
    assert "This page works at https://admit.example only. Open it there." in words(answer)
    assert browser.cookie("__Host-visit") is None


async def test_the_two_names_of_the_own_machine_lead_to_one(world: World) -> None:
    browser = Browser(world, Site("http://127.0.0.1:8080"))
    for host in ("localhost:8080", "[::1]:8080"):
        answer = await browser.get("/authenticate/x?redirect_to=a%20b", host=host)
        assert answer.headers["location"] == "http://127.0.0.1:8080/authenticate/x?redirect_to=a%20b"
        assert (await browser.send("/signin", {}, {"host": host})).status_code == 422
    for host in ("127.0.0.1:8080", "localhost:9090", "localhost", "evil.example:8080", "localhost:x", "[", ""):
        assert "location" not in (await browser.get("/", host=host)).headers
    elsewhere = Browser(world, Site("https://admit.example"))
    assert "location" not in (await elsewhere.get("/", host="localhost")).headers


PREVIEWERS = (
    "Slackbot-LinkExpanding 1.0", "Twitterbot/1.0", "facebookexternalhit/1.1", "WhatsApp/2.23", "TelegramBot",
    "Discordbot/2.0", "LinkedInBot/1.0", "SkypeUriPreview", "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "Outlook-SafeLinks", "Barracuda Sentinel", "curl/8.0",
)  # fmt: skip


@pytest.mark.holds("F18", "ASVS 3.5.3")
async def test_whoever_opens_a_link_changes_nothing(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    for agent, ending, method in product(PREVIEWERS, ("", "/allow", "/deny"), ("GET", "HEAD")):
        answer = await mira.http.request(method, f"/authenticate/{token}{ending}", headers={"user-agent": agent})
        assert answer.status_code == 200, (agent, ending, method)
    assert await state_of(world, token) is State.PENDING


@pytest.mark.holds("F18")
async def test_nothing_is_prefetched(browser: Browser) -> None:
    headers = (
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "prefetch"),
        ("purpose", "prefetch"),
        ("x-moz", "prefetch"),
    )
    for page, header in product(PAGES, headers):
        answer = await browser.get(re.sub(r"{\w+(:\w+)?}", "7", page.path), **dict([header]))
        assert (answer.status_code, answer.content) == (503, b""), page.path
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


UPLOAD = "multipart/form-data; boundary=x"


@pytest.mark.holds("B3", "S19")
@pytest.mark.parametrize("kind", ["app password", "import", "approve"])
async def test_a_form_whose_last_byte_is_held_back_acts_for_nobody_who_has_signed_out(
    mira: Browser, world: World, kind: str
) -> None:
    """A thief's browser sends all but the end of its forms; the owner signs out everywhere; then the end comes."""
    token = await world.token(world.reelsync)
    paths = {
        "app password": "/account/security/app-passwords",
        "import": "/account/data/import",
        "approve": f"/authenticate/{token}",
    }
    form = Form((await mira.get(paths[kind])).text)
    fields = {**form.typed, **form.hidden, "name": "Thief", "decision": "approve"}
    body, sort = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    if kind == "import":
        head = 'Content-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
        parts = [head.format("form_key", "", fields["form_key"]), head.format("f", '; filename="r.csv"', samples.TMDB)]
        body, sort = "".join(["--x\r\n" + part for part in parts] + ["--x--\r\n"]).encode(), UPLOAD

    async def slowly() -> AsyncIterator[bytes]:
        yield body[:-1]
        owner = Browser(world)
        await owner.sign_in()
        await owner.send(
            "/account/history", {**Form((await owner.get("/account/history")).text).hidden, "elsewhere": "1"}
        )
        yield body[-1:]

    answer = await mira.http.post(form.action, content=slowly(), headers={**HONEST, "content-type": sort})
    assert (answer.status_code, answer.headers["location"][:8]) == (303, "/signin?")
    assert await state_of(world, token) is State.PENDING
    assert await world.house.read(jobs.find, world.mira.id, Task.IMPORT) is None
    assert await world.house.read(app_passwords.all_of, world.mira.id) == []
