"""No door leaves the second step out: every way in, and every way to a factor, with what it takes (A10)."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import pytest

from admitone.flows import logins
from admitone.flows.logins import Attempt
from admitone.flows.people import app_passwords, factors
from admitone.model.faults import Fault
from admitone.pages.routes import PAGES, Who
from tests.factors import STEP_MS, AuthenticatorApp, with_authenticator
from tests.pages.browser import Browser, Form
from tests.pages.people.conftest import Town, form_of, town
from tests.pages.test_passkeys import created
from tests.soft_passkeys import SoftPasskey
from tests.store.aside import fault_of
from tests.world import NETWORK, PASSWORD

__all__ = ["town"]

VISIT = "__Host-visit"
NEW = "eleven quiet harbours sing"
IN, HALF, OUT = "in", "asked for the second step", "refused"


class Account(NamedTuple):
    """Mira's account with some factors, and what she has in her hands."""

    town: Town
    app: AuthenticatorApp | None
    codes: list[str]
    passkey: SoftPasskey | None

    def browser(self) -> Browser:
        """Somebody's browser on which nobody was ever known."""
        return self.town.browser()


Make = Callable[[Town], Awaitable[Account]]
Door = Callable[[Account], Awaitable[str]]


async def nothing(town: Town) -> Account:
    return Account(town, None, [], None)


async def codes(town: Town) -> Account:
    app, kept = await with_authenticator(town.world, town.world.mira)
    town.world.clock.advance(STEP_MS)
    return Account(town, app, kept, None)


async def passkey(town: Town) -> Account:
    browser = town.browser()
    await browser.sign_in("mira")
    return Account(town, None, [], await created(browser))


async def both(town: Town) -> Account:
    account = await passkey(town)
    second = await codes(town)
    return second._replace(passkey=account.passkey)


def outcome(browser: Browser, location: str | None) -> str:
    """What became of somebody who wanted in."""
    if browser.cookie(VISIT):
        return IN
    return HALF if location and location.startswith("/signin/code") else OUT


async def through(browser: Browser, path: str, **typed: str) -> str:
    answer = await browser.press(await browser.get(path), **typed)
    return outcome(browser, answer.headers.get("location"))


async def by_password(account: Account) -> str:
    return await through(account.browser(), "/signin", username="mira", password=PASSWORD)


async def by_password_and_another_account_s_cookies(account: Account) -> str:
    """A browser on which somebody else is signed in, known and trusted."""
    browser = account.browser()
    await browser.sign_in("tomas")
    browser.http.cookies.delete(VISIT)
    return await through(browser, "/signin", username="mira", password=PASSWORD)


async def by_app_password(account: Account) -> str:
    """On our own pages it is no password at all."""
    text = await account.town.world.house.write(app_passwords.add, account.town.world.mira.id, "Player", NETWORK)
    return await through(account.browser(), "/signin", username="mira", password=text)


async def by_a_code_alone(account: Account) -> str:
    browser = account.browser()
    answer = await browser.get("/signin/code")
    if "code" not in Form(answer.text).typed:
        key = Form((await browser.get("/signin")).text).hidden
        answer = await browser.send("/signin/code", {**key, "code": account.app.code() if account.app else "000000"})
    return outcome(browser, answer.headers.get("location", "").replace("/signin/code", ""))


async def by_a_recovery_code_alone(account: Account) -> str:
    browser = account.browser()
    key = Form((await browser.get("/signin")).text).hidden
    code = account.codes[0] if account.codes else "0000-0000-0000-0000"
    answer = await browser.send("/signin/recovery", {**key, "code": code})
    return outcome(browser, answer.headers.get("location", "").replace("/signin/code", ""))


async def by_a_new_password_by_mail(account: Account) -> str:
    browser = account.browser()
    await browser.press(await browser.get("/forgot"), username="mira")
    return await through(browser, await account.town.link("/reset"), password=NEW)


async def by_the_mailbox_alone(account: Account) -> str:
    """Whoever has the mailbox opens the link, and does not choose another password."""
    browser = account.browser()
    await browser.press(await browser.get("/forgot"), username="mira")
    await browser.get(await account.town.link("/reset"))
    return outcome(browser, None)


async def by_passkey(account: Account) -> str:
    browser = account.browser()
    form = Form((await browser.get("/signin")).text, "/signin/passkey")
    key = account.passkey or SoftPasskey(browser.site.public_url, b"nobody's")
    sent = {**form.hidden, "credential": key.sign(form.said["data-options"])}
    answer = await browser.send(form.action, sent)
    return outcome(browser, answer.headers.get("location"))


async def by_an_app_with_the_password(account: Account) -> str:
    return await _by_an_app(account, PASSWORD)


async def by_an_app_with_an_app_password(account: Account) -> str:
    text = await account.town.world.house.write(app_passwords.add, account.town.world.mira.id, "Player", NETWORK)
    return await _by_an_app(account, text)


async def _by_an_app(account: Account, password: str) -> str:
    world = account.town.world
    attempt = Attempt("mira", password, "198.51.100.77")
    app_id, token = world.cineshelf.app.id, await world.token(world.cineshelf)
    fault = await fault_of(logins.validate_with_login(world.house, app_id, token, attempt))
    assert fault in (None, Fault.SECOND_STEP_NEEDED, Fault.LOGIN_WRONG)
    return IN if fault is None else OUT


ACCOUNTS: tuple[Make, ...] = (nothing, codes, passkey, both)
# What each door makes of an account with: nothing beside the password, codes, a passkey, codes and a passkey.
DOORS: dict[Door, tuple[str, str, str, str]] = {
    by_password: (IN, HALF, IN, HALF),
    by_password_and_another_account_s_cookies: (IN, HALF, IN, HALF),
    by_app_password: (OUT, OUT, OUT, OUT),
    by_a_code_alone: (OUT, OUT, OUT, OUT),
    by_a_recovery_code_alone: (OUT, OUT, OUT, OUT),
    by_a_new_password_by_mail: (IN, OUT, IN, OUT),  # the code is asked before a password can be chosen
    by_the_mailbox_alone: (OUT, OUT, OUT, OUT),
    by_passkey: (OUT, OUT, IN, IN),  # a passkey is two factors by itself: the device, and its owner's finger or PIN
    by_an_app_with_the_password: (IN, OUT, IN, OUT),
    by_an_app_with_an_app_password: (IN, IN, IN, IN),
}


@pytest.mark.holds("A10", "F19", "ASVS 6.3.4", "ASVS 6.4.3")
@pytest.mark.parametrize("number", range(len(ACCOUNTS)), ids=[each.__name__ for each in ACCOUNTS])
async def test_every_door_asks_for_what_the_account_is_protected_with(town: Town, number: int) -> None:
    account = await ACCOUNTS[number](town)
    # The one that changes the password comes last.
    doors = sorted(DOORS, key=lambda door: door is by_a_new_password_by_mail)
    assert {door.__name__: await door(account) for door in doors} == {
        door.__name__: DOORS[door][number] for door in doors
    }
    kept = await town.world.house.read(factors.of_account, town.world.mira.id)
    assert (bool(kept.authenticator), bool(kept.passkeys)) == (bool(account.app), bool(account.passkey))


SENSITIVE = {page.path for page in PAGES if page.who is Who.CONFIRMED}


@pytest.mark.holds("A10", "B3", "ASVS 7.5.1", "ASVS 7.5.3")
async def test_every_page_that_changes_a_factor_takes_all_of_them_again(town: Town) -> None:
    """With codes on, neither the password alone nor a code alone opens any of them, a quarter of an hour after."""
    changes = {page.path for page in PAGES if page.path.startswith("/account/security/")}
    assert changes | {"/account/email", "/account/password", "/account/delete", "/account/data/archive"} <= SENSITIVE
    account = await codes(town)
    assert account.app
    browser = account.browser()
    await browser.press(await browser.get("/signin"), username="mira", password=PASSWORD)
    await browser.press(await browser.get("/signin/code"), code=account.app.code())
    town.world.clock.advance(16 * 60_000)
    for path in sorted(SENSITIVE):
        page = await browser.get(path.replace("{number}", "1"))
        assert "password" in form_of(page).typed, path
        assert "code" in form_of(page).typed, path
    page = await browser.get("/account/security/authenticator/off")
    for typed in ({"password": PASSWORD}, {"code": account.app.code()}, {"password": PASSWORD, "code": "000000"}):
        assert (await browser.press(page, **typed)).status_code == 422
    town.world.clock.advance(STEP_MS)
    assert (await browser.press(page, password=PASSWORD, code=account.app.code())).status_code == 303
