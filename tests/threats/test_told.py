"""People are told by mail of what a thief would do, in the transaction in which it is done (A1, A8, A17)."""

import pytest

from admitone.flows import logins, visits
from admitone.flows.logins import Attempt
from admitone.flows.people import second_steps
from admitone.flows.people.second_steps import Answer
from admitone.flows.visits import Coming
from tests.factors import STEP_MS, turned_off, with_authenticator
from tests.pages.people.conftest import Town, form_of, town
from tests.pages.test_passkeys import created
from tests.post import MIRAS
from tests.world import PASSWORD

__all__ = ["town"]

HOME = "203.0.113.7"


async def told(town: Town) -> list[str]:
    """The subjects of what came since the last look."""
    subjects = [mail.subject for mail in await town.mails()]
    assert all(mail.to == MIRAS for mail in town.kept.mails)
    town.kept.mails.clear()
    return subjects


@pytest.mark.holds("A1", "ASVS 6.3.5")
async def test_a_sign_in_on_a_browser_that_nobody_knows_is_told_and_one_at_home_is_not(town: Town) -> None:
    house = town.world.house
    device = (await visits.sign_in(house, Attempt("mira", PASSWORD, HOME), remember=False)).device
    assert await told(town) == []  # the very first: there is nobody to be warned
    for address in (HOME, "192.0.2.9"):
        known = Attempt("mira", PASSWORD, address, device)
        device = (await visits.sign_in(house, known, remember=False)).device
    assert await told(town) == []
    await visits.sign_in(house, Attempt("mira", PASSWORD, "198.51.100.7"), remember=False)
    assert await told(town) == ["New sign-in to your account"]


@pytest.mark.holds("A8", "A17", "ASVS 6.3.7")
async def test_whoever_changes_or_uses_up_a_factor_is_told_on(town: Town) -> None:
    world = town.world
    browser = town.browser()
    await browser.sign_in("mira")
    await told(town)
    await created(browser)
    page = await browser.get("/account/security/passkeys/1/remove")
    await browser.press(page)
    app, codes = await with_authenticator(world, world.mira)
    subjects = await told(town)
    proof = await logins.check(world.house, Attempt("mira", PASSWORD, HOME))
    marked = logins.mark(world.house, proof)
    await second_steps.sign_in(world.house, world.mira.id, marked, Answer(codes[0], recovery=True), Coming(HOME))
    world.clock.advance(STEP_MS)
    await turned_off(world, world.mira, app)
    form = form_of(await browser.get("/account/security/app-passwords"), -1)
    await browser.send(form.action, {**form.hidden, "name": "Player"})
    subjects += await told(town)
    page = await browser.get("/account/password")
    fields = {**form_of(page, -1).hidden, "present_password": PASSWORD, "password": "eleven quiet harbours sing"}
    await browser.send("/account/password", fields)
    subjects += await told(town)
    assert subjects == [
        "A passkey was added to your account",
        "A passkey was removed from your account",
        "Your authenticator app is on",
        "New recovery codes were made",
        "A recovery code was used",
        "New sign-in to your account",
        "Your authenticator app is off",
        "An app password was made",
        "Your password was changed",
    ]
