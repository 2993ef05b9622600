"""A person decides what an app of the fourth generation asks, at the addresses and by the hooks that clients know."""

import re
from urllib.parse import quote

import pytest

from admitone.flows import apps
from admitone.flows.apps import Registration
from admitone.model.access_tokens import LONGEST_ADDRESS
from admitone.model.request_tokens import FOURTH_LIFE_MS, State
from admitone.model.web.returns import Unregistered
from admitone.pages.site import Site
from tests.pages.browser import CALLBACK, HONEST, Browser, Form, state_of, title, words
from tests.world import Registered, World

LARGEST_COOKIE = 4096


def door(token: str) -> str:
    """Where an app sends a person."""
    return f"/auth/access?request_token={token}"


async def decide(browser: Browser, token: str, button: str) -> str:
    """Press a button; where the browser is sent."""
    form = Form((await browser.get(door(token))).text)
    paths = {"Approve": form.action, "Deny": "/auth/access/deny"}
    answer = await browser.send(paths[button], {**form.hidden, "submit": button})
    assert answer.status_code == 303
    return answer.headers["location"]


class Hooks:
    """What machines look for: links by their text, inputs by id or value."""

    def __init__(self, text: str) -> None:
        self.links = {words: address for address, words in re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', text)}
        self.ids = set(re.findall(r' id="([^"]*)"', text))
        self.submits = dict(
            re.findall(r'<input [^>]*type="submit"[^>]* value="([^"]*)"(?: formaction="([^"]*)")?', text)
        )


async def test_a_visitor_finds_login_signs_in_and_finds_approve(browser: Browser, world: World) -> None:
    token = await world.access_request(world.reelsync)
    page = await browser.get(door(token))
    assert page.status_code == 200
    assert "Reel Sync asks to be connected" in words(page)
    login = Hooks(page.text).links["Login"]
    signin = await browser.get(login)
    assert {"username", "password", "login_button"} <= Hooks(signin.text).ids
    answer = await browser.press(signin, username="mira", password="correct horse battery staple")
    assert (answer.status_code, answer.headers["location"]) == (303, door(token))
    ticket = await browser.get(answer.headers["location"])
    assert Hooks(ticket.text).submits == {"Approve": "", "Deny": "/auth/access/deny"}
    assert Form(ticket.text).action == "/auth/access/approve"
    assert Form(ticket.text).hidden.keys() == {"form_key", "request_token", "time"}
    assert "Connect Reel Sync to your account?" in words(ticket)
    assert "If you approve, you go to a page that says you can close it" in words(ticket)


async def test_approving_ends_at_the_very_address_that_apps_compare(mira: Browser, world: World) -> None:
    token = await world.access_request(world.reelsync)
    assert await decide(mira, token, "Approve") == "/auth/access/approve"
    assert await state_of(world, token) is State.APPROVED
    page = await mira.get("/auth/access/approve")
    assert (page.status_code, title(page)) == (200, "Approved – Admit One")
    assert "Reel Sync is connected You can close this window" in words(page)
    assert "authentication-callback" not in page.headers
    assert "is connected" in words(await mira.follow(door(token)))  # again, by the same person


async def test_denying_ends_at_a_page_that_says_so(mira: Browser, world: World) -> None:
    token = await world.access_request(world.reelsync)
    assert await decide(mira, token, "Deny") == "/auth/access/deny"
    assert await state_of(world, token) is State.DENIED
    assert "You said no to Reel Sync" in words(await mira.get("/auth/access/deny"))
    assert words(await mira.get("/auth/access/approve")) == words(await mira.get("/authenticate/allow"))
    assert "You said no to Reel Sync" in words(await mira.follow(door(token)))


@pytest.mark.parametrize("address", [CALLBACK, "http://127.0.0.1:8731/back?x=1", "paperboy://back"])
@pytest.mark.parametrize("button", ["Approve", "Deny"])
async def test_the_way_back_is_the_address_in_the_token_and_nothing_more(
    mira: Browser, world: World, address: str, button: str
) -> None:
    registration = Registration("Paper Girl", "tomas", addresses=(address,))
    app = Registered(*await world.house.write(apps.add, registration))
    token = await world.access_request(app, address)
    page = await mira.get(door(token))
    assert "If you approve, you go back to" in words(page)
    assert await decide(mira, token, button) == address


async def test_no_address_of_the_page_or_form_takes_the_place_of_the_one_inside(
    mira: Browser, listed: Registered
) -> None:
    world = mira.world
    evil = quote("https://evil.example/", safe="")
    token = await world.access_request(listed, CALLBACK)
    page = await mira.get(f"{door(token)}&redirect_to={evil}")
    assert "paperboy.example" in words(page)
    assert "evil" not in page.text
    form = Form(page.text)
    fields = {**form.hidden, "redirect_to": "https://evil.example/", "state": "x"}
    answer = await mira.send(f"{form.action}?redirect_to={evil}", fields)
    assert answer.headers["location"] == CALLBACK


async def test_an_address_that_is_not_registered_is_refused_or_asked_about(mira: Browser, world: World) -> None:
    app = Registered(*await world.house.write(apps.add, Registration("Strict", "tomas", addresses=(CALLBACK,))))
    refused = await mira.get(door(await world.access_request(app, "https://elsewhere.example/")))
    assert refused.status_code == 400
    assert "put together wrongly" in words(refused)
    token = await world.access_request(world.reelsync, "https://elsewhere.example/cb?y=2")
    assert await decide(mira, token, "Approve") == "/auth/access/approve"
    page = await mira.get("/auth/access/approve")
    assert 'href="https://elsewhere.example/cb?y=2"' in page.text
    assert "Continue to elsewhere.example" in words(page)
    assert "elsewhere" not in (await mira.get("/auth/access/approve?stay=1")).text


async def test_following_an_unregistered_address_is_the_sandboxs_choice(world: World) -> None:
    browser = Browser(world, Site("https://admit.example", unregistered=Unregistered.FOLLOW))
    await browser.sign_in()
    token = await world.access_request(world.reelsync, "https://elsewhere.example/cb")
    assert await decide(browser, token, "Approve") == "https://elsewhere.example/cb"


async def test_what_was_decided_is_told_to_that_person_on_that_browser_only(mira: Browser, world: World) -> None:
    token = await world.access_request(world.reelsync)
    neutral = words(await mira.get("/authenticate/allow"))
    assert words(await mira.get("/auth/access/approve")) == neutral
    await decide(mira, token, "Approve")
    tomas = Browser(world)
    await tomas.sign_in("tomas")
    assert words(await tomas.get("/auth/access/approve")) == neutral
    tomas.http.cookies.set("__Host-decided", str(mira.cookie("__Host-decided")), domain="admit.example")
    assert words(await tomas.get("/auth/access/approve")) == neutral
    stranger = Browser(world)
    assert words(await stranger.get("/auth/access/approve")) == neutral


@pytest.mark.parametrize("path", ["/auth/access/approve", "/auth/access/deny"])
async def test_nothing_is_decided_by_opening_a_page_or_by_another_sites_form(
    mira: Browser, world: World, path: str
) -> None:
    token = await world.access_request(world.reelsync)
    form = Form((await mira.get(door(token))).text)
    await mira.get(f"{path}?request_token={token}")
    for headers in ({}, {"origin": "https://evil.example"}, {**HONEST, "sec-fetch-site": "cross-site"}):
        page = await mira.send(path, {**form.hidden, "submit": "Approve"}, headers)
        assert page.status_code == 422
    other = await world.access_request(world.reelsync)
    for fields in ({"request_token": token}, {**form.hidden, "request_token": other}, {**form.hidden, "form_key": "x"}):
        page = await mira.send(path, fields)
        assert page.status_code == 422
        assert Hooks(page.text).submits.keys() == {"Approve", "Deny"}
    assert await state_of(world, token) is await state_of(world, other) is State.PENDING


async def test_each_generation_has_its_own_page(mira: Browser, world: World) -> None:
    fourth, third = await world.access_request(world.reelsync), await world.token(world.reelsync)
    for path in (f"/authenticate/{fourth}", f"/authenticate/{fourth}?redirect_to={CALLBACK}", door(third)):
        page = await mira.get(path)
        assert page.status_code == 404
        assert "This request has expired" in words(page)


async def test_a_request_that_is_over_says_how_long_they_last(mira: Browser, world: World) -> None:
    token = await world.access_request(world.reelsync)
    world.clock.advance(FOURTH_LIFE_MS)
    gone = [await mira.get(path) for path in (door(token), door("nonsense"), "/auth/access", door(token + "x"))]
    assert {page.status_code for page in gone} == {404}
    assert len({words(page) for page in gone}) == 1
    assert "last 15 minutes" in words(gone[0])


async def test_the_longest_address_still_waits_for_somebody_to_sign_in(browser: Browser, world: World) -> None:
    address = "https://reel.example/" + "x" * (LONGEST_ADDRESS - 21)
    token = await world.access_request(world.reelsync, address)
    page = await browser.get(door(token))
    assert all(len(header) < LARGEST_COOKIE for header in page.headers.get_list("set-cookie"))
    signin = await browser.get(Hooks(page.text).links["Login"])
    answer = await browser.press(signin, username="mira", password="correct horse battery staple")
    assert answer.headers["location"] == door(token)
