"""Addresses that people and apps know from TMDB's site lead to the pages that stand for them, and nowhere else."""

import pytest

from tests.pages.browser import CALLBACK, Browser
from tests.world import PASSWORD, Registered, World


@pytest.mark.parametrize("path", ["/settings/sessions/api", "/settings/api"])
async def test_the_page_of_sessions_is_that_of_connected_apps(browser: Browser, path: str) -> None:
    answer = await browser.get(f"{path}?next=https://evil.example")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/apps")
    form = await browser.follow(path)
    there = await browser.press(form, username="mira", password=PASSWORD)
    assert there.headers["location"] == "/account/apps"


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("?next=/account/apps", "?next=%2Faccount%2Fapps"),
        ("?next=https://evil.example", ""),
        ("?next=//evil.example", ""),
        ("?for=nothing&username=mira&password=x&redirect_to=https://evil.example", ""),
    ],
)
async def test_signing_in_keeps_what_it_knows_and_nothing_else(browser: Browser, query: str, kept: str) -> None:
    answer = await browser.get(f"/login{query}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/signin{kept}")


async def test_an_app_that_waits_still_waits(browser: Browser, world: World, listed: Registered) -> None:
    token = await world.token(listed)
    signin = (await browser.get(f"/authenticate/{token}?redirect_to={CALLBACK}")).headers["location"]
    assert signin.startswith("/signin?for=")
    answer = await browser.get(signin.replace("/signin", "/login"))
    assert answer.headers["location"] == signin


@pytest.mark.parametrize("path", ["/login", "/settings/sessions/api", "/settings/api"])
async def test_none_of_them_takes_a_form(browser: Browser, path: str) -> None:
    answer = await browser.http.post(path, data={"username": "mira", "password": PASSWORD})
    assert answer.status_code == 405
    assert "set-cookie" not in answer.headers
