"""None of these forms does anything that a page of ours, opened in this very browser, did not send (B1, B3)."""

import pytest

from admitone.flows.people import invitations
from tests.pages.browser import HONEST, Browser, Form, title, words
from tests.pages.people.conftest import PASSWORD, Town, form_of, sign_up
from tests.pages.test_forgery import REACHED_ELSEWHERE
from tests.wire.dumps import changed, dump
from tests.world import PASSWORD as MIRAS_PASSWORD

FOREIGN = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
TYPED = {
    "username": "olga",
    "email": "olga@example.org",
    "password": PASSWORD,
    "present_password": MIRAS_PASSWORD,
    "name": "Somebody",
    "language": "de",
    "country": "AT",
    "code": "01234567",
    "answer": "disconnect",
}
# What moves although nothing was done: the instant at which a page was last looked at.
MINE = [path for path, where in REACHED_ELSEWHERE.items() if where.endswith("people/test_forged.py")]


async def opened(town: Town, path: str) -> tuple[Browser, str, Form]:
    """A browser that has one of these forms before it."""
    browser = town.browser()
    if path in ("/signup", "/forgot"):
        address = path
    elif path.startswith("/verify"):
        await sign_up(browser, "nora", "nora@example.org")
        address = path.replace("/verify/{token}", await town.link("/verify")).replace("/again", "")
    elif path.startswith("/reset"):
        await browser.press(await browser.get("/forgot"), username="mira")
        address = await town.link("/reset")
    elif path.startswith("/revert"):
        await browser.sign_in("mira")
        email = form_of(await browser.get("/account/email"), -1)
        await browser.send(email.action, {**email.hidden, "email": "new@example.org"})
        code = form_of(await browser.get("/verify"))
        await browser.send(code.action, {**code.hidden, "code": await town.code()})
        address = await town.link("/revert")
    elif path.startswith("/disconnect"):
        await town.world.approved(town.world.cineshelf, town.world.mira)
        address = await town.link("/disconnect")
    else:
        await browser.sign_in("mira")
        address = path
    page = await browser.get(address)
    assert page.status_code == 200
    return browser, address, form_of(page, 1 if path == "/verify/again" else -1 if path.startswith("/account") else 0)


@pytest.mark.parametrize("path", MINE)
@pytest.mark.holds("B3")
async def test_a_forged_form_changes_nothing_and_comes_back(town: Town, path: str) -> None:
    browser, _, form = await opened(town, path)
    stranger = town.browser()
    await stranger.sign_in("tomas")
    other = form_of(await stranger.get("/account/profile"), -1).hidden["form_key"]
    before = await dump(town.world.house)
    forgeries = [
        ({**form.hidden, "form_key": ""}, HONEST),
        ({**form.hidden, "form_key": other}, HONEST),
        ({**form.hidden, "form_key": "x.y"}, HONEST),
        (form.hidden, FOREIGN),
        (form.hidden, {}),
        (form.hidden, {"origin": HONEST["origin"], "sec-fetch-site": "same-site"}),
    ]
    for hidden, headers in forgeries:
        answer = await browser.send(form.action, {**TYPED, **hidden}, headers)
        assert (answer.status_code, title(answer).startswith("Error: ")) == (422, True)
        assert "This page was open for a long time" in words(answer)
        assert PASSWORD not in answer.text
    assert changed(before, await dump(town.world.house)) == set()
    # Sent by the page itself it does something, if only count a wrong code.
    assert (await browser.send(form.action, {**TYPED, **form.hidden})).status_code in (303, 422)
    assert changed(before, await dump(town.world.house)) - {"visits"}


async def test_every_form_of_these_pages_is_among_them(town: Town) -> None:
    assert len(MINE) == 12
    assert await town.world.house.write(invitations.invite, 1, "")
