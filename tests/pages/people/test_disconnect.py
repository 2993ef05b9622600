"""The link in the mail about a new connection shows a button, and the button ends that connection (M10, ux.md §7.7)."""

import pytest

from admitone.flows import sessions
from tests.pages.browser import title, words
from tests.pages.people.conftest import Town
from tests.pages.test_forgery import PREVIEWERS
from tests.wire.dumps import changed, dump
from tests.world import NETWORK

GONE = "There is nothing left to disconnect"


async def connected(town: Town) -> str:
    """The link in the mail about an app that Mira has just connected on the page."""
    browser = town.browser()
    await browser.sign_in("mira")
    token = await town.world.token(town.world.cineshelf)
    page = await browser.get(f"/authenticate/{token}")
    done = await browser.press(page, decision="approve")
    assert done.status_code == 303
    approved = await browser.get(done.headers["location"])
    assert "See your connected apps" in words(approved)
    mistake = f"/account/apps/{town.world.cineshelf.app.public_id}/disconnect"
    assert f'href="{mistake}"' in approved.text
    assert (await browser.get(mistake)).status_code == 200  # before the app has fetched anything
    await town.world.house.write(sessions.exchange, town.world.cineshelf.app.id, token, NETWORK)
    return await town.link("/disconnect")


async def test_opening_the_link_changes_nothing_and_the_button_disconnects(town: Town) -> None:
    link, browser = await connected(town), town.browser()
    before = await dump(town.world.house)
    for agent in PREVIEWERS:
        for method in ("GET", "HEAD"):
            answer = await browser.http.request(method, link, headers={"user-agent": agent})
            assert answer.status_code == 200
    assert changed(before, await dump(town.world.house)) == set()
    page = await browser.get(link)
    assert "CineShelf was connected to the account @mira." in words(page)
    done = await browser.press(page)
    assert (done.status_code, done.headers["location"]) == (303, link)
    after = await browser.get(link)
    assert title(after) == "Disconnected – Admit One"
    assert "CineShelf is disconnected" in words(after)
    assert browser.cookie("__Host-visit") is None
    again = await browser.press(page)
    assert again.status_code == 303
    assert "CineShelf is disconnected" in words(await browser.get(link))


@pytest.mark.parametrize("link", ["/disconnect/" + "0" * 40, "/disconnect/x"])
async def test_a_link_that_is_none_says_so(town: Town, link: str) -> None:
    answer = await town.browser().get(link)
    assert (answer.status_code, title(answer)) == (404, f"Error: {GONE} – Admit One")


async def test_a_link_of_another_purpose_disconnects_nothing(town: Town) -> None:
    link, browser = await connected(town), town.browser()
    await browser.press(await browser.get("/forgot"), username="mira")
    reset = (await town.link("/reset")).replace("/reset/", "/disconnect/")
    for other in (reset, link.replace("/disconnect/", "/reset/"), link.replace("/disconnect/", "/revert/")):
        assert (await browser.get(other)).status_code == 404


async def test_what_ended_otherwise_says_so(town: Town) -> None:
    link, browser = await connected(town), town.browser()
    await browser.sign_in("mira")
    public_id = town.world.cineshelf.app.public_id
    await browser.press(await browser.get(f"/account/apps/{public_id}/disconnect"))
    assert GONE in words(await browser.get(link))


async def test_the_page_of_connected_apps_says_who_approved(town: Town) -> None:
    await connected(town)
    browser = town.browser()
    await browser.sign_in("mira")
    said = words(await browser.get("/account/apps"))
    assert "Approved on this site" in said
    assert "your network" in said
