"""A forgotten password never goes around the second step, and nothing is settled for a day after (A10, A17)."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from admitone.flows import visits
from admitone.flows.logins import Attempt
from admitone.flows.people import addresses, app_passwords, authenticators, passkeys, recovery, recovery_codes
from admitone.flows.records import leaving
from admitone.model.faults import Fault
from admitone.model.people.factors import HALFWAY_MS, SECRET_BYTES
from admitone.model.people.links import LIFE_MS, Purpose
from admitone.model.people.profile import RECOVERY_MS
from tests.factors import AuthenticatorApp, plant_passkey, with_authenticator
from tests.pages.browser import Browser, words
from tests.pages.people.conftest import Town, enter
from tests.pages.people.test_forgot import NEW, NEWER, ask, change_address
from tests.post import MIRAS
from tests.store.aside import fault_of
from tests.wire.dumps import changed, dump
from tests.world import NETWORK, PASSWORD


async def opened(town: Town, browser: Browser) -> str:
    """The link that a browser has asked for."""
    await ask(browser, "mira")
    return await town.link("/reset")


@pytest.mark.holds("A10", "ASVS 6.4.3")
async def test_the_code_is_asked_first_and_only_then_a_password(town: Town) -> None:
    app, _ = await with_authenticator(town.world, town.world.mira)
    browser = town.browser()
    link = await opened(town, browser)
    page = await browser.get(link)
    assert "Enter your code" in words(page)
    assert 'name="password"' not in page.text
    forced = await browser.press(page, password=NEW)  # a form without the code is the wrong code
    assert (forced.status_code, "That code isn’t right" in words(forced)) == (422, True)
    wrong = await browser.press(page, code="000000")
    assert wrong.status_code == 422
    right = await browser.press(page, code=app.next_code())
    assert (right.status_code, right.headers["location"]) == (303, link)
    other = await town.browser().get(link)
    assert 'name="password"' not in other.text  # another browser with the same link has shown no code
    done = await browser.press(await browser.get(link), password=NEW)
    assert (done.status_code, done.headers["location"]) == (303, "/account/password/apps")
    assert (await browser.get("/account")).status_code == 200  # in, and not asked once more
    assert "Authenticator app" in words(await browser.get("/account/security"))
    fresh = town.browser()
    half = await fresh.press(await fresh.get("/signin"), username="mira", password=NEW)
    assert half.headers["location"] == "/signin/code"


async def test_a_recovery_code_will_do_once(town: Town) -> None:
    _, codes = await with_authenticator(town.world, town.world.mira)
    browser = town.browser()
    link = await opened(town, browser)
    assert (await browser.press(await browser.get(link), code=codes[0])).status_code == 303
    assert (await browser.press(await browser.get(link), password=NEW)).status_code == 303
    second = await opened(town, town.browser())
    again = town.browser()
    assert (await again.press(await again.get(second), code=codes[0])).status_code == 422


async def test_the_code_is_good_for_that_link_and_ten_minutes(town: Town) -> None:
    app, _ = await with_authenticator(town.world, town.world.mira)
    browser = town.browser()
    link = await opened(town, browser)
    await browser.press(await browser.get(link), code=app.next_code())
    assert 'name="password"' in (await browser.get(link)).text
    newer = await opened(town, browser)
    assert 'name="password"' not in (await browser.get(newer)).text
    await browser.press(await browser.get(newer), code=app.next_code())
    town.world.clock.advance(HALFWAY_MS)
    assert 'name="password"' not in (await browser.get(newer)).text
    text = newer.rpartition("/")[2]
    house = town.world.house
    assert await fault_of(recovery.reset(house, text, NEW, "203.0.113.7")) is Fault.SECOND_STEP_NEEDED
    assert await fault_of(recovery.reset(house, text, NEW, "203.0.113.7", "00")) is Fault.SECOND_STEP_NEEDED


async def test_wrong_codes_are_counted(town: Town) -> None:
    app, _ = await with_authenticator(town.world, town.world.mira)
    browser = town.browser()
    page = await browser.get(await opened(town, browser))
    tried = [(await browser.press(page, code=f"{number:06}")).status_code for number in range(7)]
    assert tried == [422] * 5 + [429] * 2
    assert (await browser.press(page, code=app.next_code())).status_code == 429


Change = Callable[[Town], Coroutine[Any, Any, object]]


async def _set_up(town: Town) -> object:
    secret = town.world.house.entropy.bytes(SECRET_BYTES)
    code = AuthenticatorApp(secret, town.world).code()
    return await town.world.house.write(authenticators.set_up, town.world.mira.id, secret, code, NETWORK)


def _writes(flow: Any, *args: Any) -> Change:
    return lambda town: town.world.house.write(flow, town.world.mira.id, *args)


CHANGES: dict[str, Change] = {
    "another address": _writes(addresses.want, "thief@example.org", "203.0.113.7"),
    "an authenticator app": _set_up,
    "recovery codes": _writes(recovery_codes.replace, NETWORK),
    "an app password": _writes(app_passwords.add, "Player", NETWORK),
    "a passkey less": _writes(passkeys.remove, 1, NETWORK),
    "deletion": _writes(leaving.ask, NETWORK, "a day"),
}


@pytest.mark.holds("A17")
@pytest.mark.parametrize("change", CHANGES)
async def test_a17_for_a_day_after_a_new_password_by_mail_nothing_is_settled(town: Town, change: str) -> None:
    browser = town.browser()
    await plant_passkey(town.world, town.world.mira)
    await browser.press(await browser.get(await opened(town, browser)), password=NEW)
    town.world.clock.advance(RECOVERY_MS - 1)
    before = await dump(town.world.house)
    assert await fault_of(CHANGES[change](town)) is Fault.RECOVERED_LATELY
    assert changed(before, await dump(town.world.house)) <= {"limits"}
    town.world.clock.advance(1)
    assert await fault_of(CHANGES[change](town)) is None


async def test_a17_the_page_says_so_before_a_passkey_is_made_in_vain(town: Town) -> None:
    browser = town.browser()
    await browser.press(await browser.get(await opened(town, browser)), password=NEW)
    for path in ("passkeys/new", "authenticator"):
        answer = await browser.get(f"/account/security/{path}")
        assert (answer.status_code, "until a day has passed" in words(answer)) == (403, True)


@pytest.mark.holds("A17")
async def test_a17_whoever_changes_the_address_cannot_erase_the_account_before_the_old_one_can_object(
    town: Town,
) -> None:
    thief, world = town.browser(), town.world
    await thief.sign_in("mira")
    await change_address(town, thief, "thief@example.org")
    await enter(thief, await thief.get("/verify"), await town.code())
    link = await town.link("/revert")
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    assert await fault_of(leaving.erase_now(world.house, world.mira.id)) is Fault.ADDRESS_CHANGED_LATELY
    world.clock.advance(LIFE_MS[Purpose.REVERT] - 1)
    assert await fault_of(leaving.erase_now(world.house, world.mira.id)) is Fault.ADDRESS_CHANGED_LATELY
    mira = town.browser()
    assert (await mira.press(await mira.get(link))).status_code == 303
    found = await world.house.read(addresses.of_account, world.mira.id)
    assert found.email == MIRAS
    assert (await mira.press(await mira.get(await town.link("/reset")), password=NEWER)).status_code == 303


@pytest.mark.holds("A10")
async def test_a10_an_account_is_not_erased_at_once_by_its_password_alone(town: Town) -> None:
    app, _ = await with_authenticator(town.world, town.world.mira)
    world, browser = town.world, town.browser()
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    way = await browser.press(await browser.get("/signin"), username="mira", password=PASSWORD)
    assert way.headers["location"] == "/leaving"
    for code in ("", "000000"):
        page = await browser.press(await browser.get("/leaving"), choice="erase", code=code)
        assert (page.status_code, "That code isn’t right" in words(page)) == (422, True)
    done = await browser.press(await browser.get("/leaving"), choice="erase", code=app.next_code())
    assert "Your account is deleted" in words(done)
    attempt = Attempt("mira", PASSWORD, "203.0.113.7")
    assert await fault_of(visits.sign_in(world.house, attempt, remember=False)) is Fault.LOGIN_WRONG
