"""What holds for every page of the account: who may open it, how they get back to it, what stands around it."""

import re
from urllib.parse import quote

import pytest
from starlette.requests import Request
from starlette.responses import Response

from admitone.flows.people import recovery_codes
from admitone.model.people.factors import FEW_LEFT
from admitone.pages.account.doors import ROOMS, sign_in_for
from admitone.pages.account.frame import tell
from admitone.pages.account.menu import MENU, OVERVIEW, current
from admitone.pages.guard import VISIT, Visitor, cookie_name, meet
from admitone.pages.routes import PAGES, Who
from tests.factors import with_authenticator
from tests.pages.browser import SITE, Browser, Form, words
from tests.world import NETWORK, PASSWORD, World

OWN = [page for page in PAGES if page.who is not Who.ANYBODY]


def somewhere(path: str) -> str:
    """An address of a page, whatever it is about."""
    return re.sub(r"{[^}]*}", "1", path)


def test_a_page_is_its_persons_own_if_it_lies_in_their_rooms() -> None:
    assert OWN
    in_rooms = {page.path for page in PAGES if page.path.split("/")[1] in ROOMS}
    # A link from a mail opens wherever the mail is read.
    assert {page.path for page in OWN} == in_rooms - {"/verify/{token}"}


def test_every_entry_of_the_menu_leads_to_a_page_that_exists() -> None:
    for entry in (OVERVIEW, *MENU):
        assert entry.path in {page.path for page in OWN}
        assert current(entry.path) == entry
        assert all(room.split("/")[1] in ROOMS for room in entry.rooms)
    assert current("/account/nowhere") == OVERVIEW


@pytest.mark.parametrize("page", OWN, ids=lambda page: page.path)
async def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(browser: Browser, page) -> None:
    path = somewhere(page.path)
    wanted = f"{path}?page=2&sort=a.b%20c"
    assert (await browser.get(path)).headers["location"] == f"/signin?next={quote(path, safe='')}"
    answer = await browser.get(wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, sign_in_for(wanted))
    form = await browser.get(answer.headers["location"])
    wrong = await browser.press(form, username="mira", password="wrong")
    assert (await browser.press(wrong, username="mira", password=PASSWORD)).headers["location"] == wanted


async def test_a_form_of_somebody_not_signed_in_does_nothing(browser: Browser) -> None:
    form_key = Form((await browser.get("/signin")).text).hidden["form_key"]
    for page in OWN:
        answer = await browser.send(somewhere(page.path), {"form_key": form_key})
        takes_forms = "POST" in page.methods
        if takes_forms:
            assert answer.headers["location"] == sign_in_for(somewhere(page.path))
        assert answer.status_code == (303 if takes_forms else 405)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "/signout", "/authenticate/x", "/accounts",
        "/account/..//evil.example", "/account/../signout", "/account?next=//evil", "/account//evil.example",
        "account", "/account#x", "/account\r\nx: y",
        "/account/%2e%2e/signout", "/account\0", "/account/é", "/account" + "/a" * 300, "/account/", "",
    ],
)  # fmt: skip
async def test_nobody_is_led_anywhere_else(browser: Browser, wanted: str) -> None:
    form = await browser.get(f"/signin?next={quote(wanted, safe='')}")
    answer = await browser.press(form, username="mira", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_an_address_that_could_not_be_ours_is_not_carried_along(browser: Browser) -> None:
    assert (await browser.get("/account?a=<b>\"'")).headers["location"] == "/signin"
    assert (await browser.get("/signin?next=/account&next=/account")).status_code == 422


async def test_the_overview_leads_everywhere_and_out(mira: Browser) -> None:
    page = await mira.get("/account")
    for entry in MENU:
        assert page.text.count(f'href="{entry.path}"') == 2
    assert page.text.count('aria-current="page"') == 1
    assert "Mira Okafor @mira" in words(page)
    assert (await mira.press(page)).headers["location"] == "/signout"
    assert (await mira.get("/account")).status_code == 303


async def test_the_overview_says_how_each_part_stands(mira: Browser, world: World) -> None:
    said = words(await mira.get("/account"))
    assert "Passkeys: 0 · Authenticator app: off" in said
    assert "Connected apps: 0" in said
    assert "Signed in on one browser" in said
    assert "recovery code" not in said.replace("recovery codes, app passwords", "")

    await world.session(world.reelsync, world.mira)
    await Browser(world).sign_in()
    _, codes = await with_authenticator(world, world.mira)
    said = words(await mira.get("/account"))
    assert "Passkeys: 0 · Authenticator app: on" in said
    assert "Connected apps: 1" in said
    assert "Signed in on 2 browsers" in said
    assert "recovery codes left" not in said

    for code in codes[: 1 - FEW_LEFT]:
        assert await world.house.write(recovery_codes.use, world.mira.id, code, NETWORK)
    assert "You have 2 recovery codes left. Make new codes…" in words(await mira.get("/account"))


async def test_what_was_done_is_said_once_to_whoever_did_it(world: World) -> None:
    browser = Browser(world)
    for reader, heard in (("mira", 1), ("tomas", 0)):
        await browser.sign_in("mira")
        await let_hear(browser, "Done & <b>dusted</b>")
        if reader != "mira":
            await browser.sign_in(reader)
        page = await browser.get("/account")
        assert page.text.count("Done &amp; &lt;b&gt;dusted&lt;/b&gt;") == heard
        assert "Done" not in (await browser.get("/account")).text


async def let_hear(browser: Browser, said: str) -> None:
    """What a page of the account does when it has acted on a form."""
    visitor = await visitor_of(browser)
    tell(visitor, said)
    for header in visitor.hand_over(Response()).headers.getlist("set-cookie"):
        name, _, value = header.partition(";")[0].partition("=")
        browser.http.cookies.set(name, value, domain="admit.example")


async def visitor_of(browser: Browser) -> Visitor:
    """Who is at a browser, as the pages see it."""
    visit = f"{cookie_name(SITE, VISIT)}={browser.cookie(cookie_name(SITE, VISIT))}"
    request = Request({"type": "http", "headers": [(b"cookie", visit.encode())], "method": "GET"})
    return await meet(browser.world.house, SITE, None, request)  # type: ignore[arg-type]
