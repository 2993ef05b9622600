"""A forgotten password is replaced by whoever has the mailbox, and asking tells nobody anything (A4, A12, A13, A17)."""

import pytest

from admitone.flows import callers, visits
from admitone.flows.callers import Credential
from admitone.flows.logins import Attempt
from admitone.flows.people import addresses
from admitone.model.faults import Fault
from admitone.model.limits import LINKS_BY_NETWORK, LINKS_TO_ADDRESS, LOGIN_BY_ACCOUNT
from admitone.model.people.links import LIFE_MS, Purpose
from admitone.model.people.profile import RECOVERY_MS
from tests.flows.counting import CountingStore
from tests.pages.browser import Browser, title, words
from tests.pages.people.conftest import Town, enter, form_of
from tests.post import MIRAS
from tests.store.aside import audit, fault_of
from tests.wire.dumps import changed, dump
from tests.world import PASSWORD

NEW = "eleven quiet harbours sing"
NEWER = "twelve louder harbours hum"


async def ask(browser: Browser, whom: str) -> str:
    answer = await browser.press(await browser.get("/forgot"), username=whom)
    assert (answer.status_code, answer.headers["location"]) == (303, "/forgot?sent=1")
    page = await browser.get("/forgot?sent=1")
    assert "If that matches an account, we’ve sent a link. It works for one hour." in words(page)
    return words(page)


async def session_works(town: Town, session: str) -> bool:
    found = await town.world.house.read(callers.recognise, Credential(town.world.cineshelf.key, None, session))
    return found.person is not None


@pytest.mark.parametrize("whom", ["mira", MIRAS])
async def test_a_link_leads_to_a_new_password_and_in(town: Town, whom: str) -> None:
    world, browser, elsewhere = town.world, town.browser(), town.browser()
    await elsewhere.sign_in("mira")
    session = await world.session(world.cineshelf, world.mira)
    await ask(browser, whom)
    connected, mail = await town.mails()
    assert connected.subject == "An app was connected to your account"
    assert (mail.to, mail.subject) == (MIRAS, "Set a new password")
    page = await browser.get(await town.link("/reset"))
    assert 'name="username" value="mira" autocomplete="username"' in page.text
    done = await browser.press(page, password=NEW)
    assert (done.status_code, done.headers["location"]) == (303, "/account/password/apps")
    assert (await elsewhere.get("/account")).status_code == 303
    assert "Your password was changed" in [mail.subject for mail in await town.mails()]
    question = await browser.get("/account/password/apps")
    assert "Also disconnect your apps?" in words(question)
    kept = await browser.send("/account/password/apps", {**form_of(question).hidden, "answer": "keep"})
    assert (kept.headers["location"], await session_works(town, session)) == ("/account", True)
    gone = await browser.send("/account/password/apps", {**form_of(question).hidden, "answer": "disconnect"})
    assert (gone.headers["location"], await session_works(town, session)) == ("/account", False)
    assert "Your apps are disconnected." in words(await browser.get("/account"))
    assert [event.kind for event in await world.house.read(audit)][-1] == "all apps disconnected"


async def test_whoever_cannot_sign_in_is_told_to_set_a_new_password_where_they_can(town: Town) -> None:
    for there, said in (
        (town, "or set a new password."),
        (town.having(post=None), "ask the person who runs this server"),
    ):
        browser = there.browser()
        answer = await browser.press(await browser.get("/signin"), username="mira", password="a guess")
        assert (answer.status_code, said in words(answer)) == (422, True)


@pytest.mark.holds("A4", "ASVS 6.3.8")
async def test_a4_asking_for_anybody_says_and_does_the_same(town: Town) -> None:
    store = CountingStore(town.world.house.store)
    browser = town.having(store=store).browser()
    said, costs = set(), set()
    for whom in ("mira", MIRAS, "nobody", "nobody@example.org", "tomas", "@", "x" * 5000):
        form = form_of(await browser.get("/forgot"))
        store.cost()
        answer = await browser.send("/forgot", {**form.hidden, "username": whom})
        costs.add((answer.status_code, answer.headers["location"], *store.cost()))
        said.add((await browser.get("/forgot?sent=1")).text.partition('name="form_key"')[0])
    assert len(said) == len(costs) == 1
    assert len(await town.mails()) == 2


async def test_a13_a_mailbox_is_not_flooded(town: Town) -> None:
    for number in range(60):
        browser = Browser(town.world, address=f"203.0.{number}.7")
        await ask(browser, "mira" if number % 2 else MIRAS)
    assert len(await town.mails()) == LINKS_TO_ADDRESS.burst


@pytest.mark.holds("A13")
async def test_a13_a_network_asks_so_often_and_then_waits(town: Town) -> None:
    browser = town.browser()
    for number in range(LINKS_BY_NETWORK.burst):
        await ask(browser, f"somebody{number}")
    answer = await browser.press(await browser.get("/forgot"), username="mira")
    assert (answer.status_code, "Too many tries" in words(answer)) == (429, True)


@pytest.mark.holds("A12")
async def test_a12_a_link_works_once_for_an_hour_and_ends_with_what_it_was_for(town: Town) -> None:
    browser = town.browser()
    await ask(browser, "mira")
    first = await town.link("/reset")
    page = await browser.get(first)
    before = await dump(town.world.house)
    await browser.get(first)
    assert changed(before, await dump(town.world.house)) == set()
    await ask(browser, "mira")
    second = await town.link("/reset")
    assert (await browser.get(first)).status_code == 404  # a newer one was sent
    assert (await browser.press(page, password=NEW)).status_code == 404
    assert (await browser.press(await browser.get(second), password=NEW)).status_code == 303
    assert (await browser.get(second)).status_code == 404
    await ask(browser, "mira")
    third = await town.link("/reset")
    town.world.clock.advance(LIFE_MS[Purpose.RESET])
    answer = await browser.get(third)
    assert (answer.status_code, title(answer)) == (404, "Error: This link no longer works – Admit One")


@pytest.mark.holds("A12")
async def test_a12_a_link_ends_when_the_password_changes_otherwise(town: Town) -> None:
    browser = town.browser()
    await ask(browser, "mira")
    link = await town.link("/reset")
    await browser.sign_in("mira")
    page = await browser.get("/account/password")
    done = await browser.send(
        "/account/password", {**form_of(page).hidden, "present_password": PASSWORD, "password": NEW}
    )
    assert done.status_code == 303
    assert (await browser.get(link)).status_code == 404


async def test_a_bad_new_password_uses_nothing_up(town: Town) -> None:
    browser = town.browser()
    await ask(browser, "mira")
    link = await town.link("/reset")
    for bad, said in (
        ("short", "this has 5"),
        ("passwordpassword", "lists of passwords"),
        ("mira@example.org 1", "easy"),
    ):
        answer = await browser.press(await browser.get(link), password=bad)
        assert (answer.status_code, said in words(answer)) == (422, True)
    assert (await browser.press(await browser.get(link), password=NEW)).status_code == 303


@pytest.mark.holds("A2")
async def test_a2_a_new_password_by_mail_ends_a_lockout(town: Town) -> None:
    browser = town.browser()
    await ask(browser, "mira")
    page = await browser.get(await town.link("/reset"))
    for number in range(LOGIN_BY_ACCOUNT.burst + 1):
        stranger = Attempt("mira", "a guess", f"198.51.{number}.1")
        await fault_of(visits.sign_in(town.world.house, stranger, remember=False))
    right = Attempt("mira", PASSWORD, "203.0.113.7")
    assert await fault_of(visits.sign_in(town.world.house, right, remember=False)) is Fault.LOGIN_LIMITED
    done = await browser.press(page, password=NEW)
    assert (done.status_code, done.headers["location"]) == (303, "/account/password/apps")


async def test_without_a_mail_server_the_page_says_so_and_whom_to_ask(town: Town) -> None:
    page = await town.having(post=None).browser(contact="Ada, ada@example.org").get("/forgot")
    assert (page.status_code, title(page)) == (503, "This server doesn’t send e-mail – Admit One")
    assert "You can ask: Ada, ada@example.org" in words(page)


async def change_address(town: Town, browser: Browser, to: str) -> None:
    page = await browser.get("/account/email")
    done = await browser.send("/account/email", {**form_of(page, -1).hidden, "email": to})
    assert (done.status_code, done.headers["location"]) == (303, "/verify")


async def test_an_address_is_changed_when_the_new_one_is_confirmed_and_the_old_one_is_told(town: Town) -> None:
    browser = town.browser()
    await browser.sign_in("mira")
    await change_address(town, browser, "new@example.org")
    account = await town.world.house.read(addresses.of_account, town.world.mira.id)
    assert (account.email, account.email_wanted) == (MIRAS, "new@example.org")
    assert (await enter(browser, await browser.get("/verify"), await town.code())).status_code == 303
    account = await town.world.house.read(addresses.of_account, town.world.mira.id)
    assert (account.email, account.email_wanted) == ("new@example.org", None)
    told = (await town.mails())[-1]
    assert (told.to, told.subject) == (MIRAS, "Your e-mail address was changed")
    assert "/revert/" in told.text
    assert "new@example.org" not in told.text


@pytest.mark.holds("A4")
async def test_a4_an_address_that_is_another_s_is_asked_for_like_any_other(town: Town) -> None:
    browser = town.browser()
    await browser.sign_in("tomas")
    await change_address(town, browser, MIRAS)
    assert f"a link to {MIRAS}" in words(await browser.get("/verify"))
    (mail,) = await town.mails()
    assert mail.subject == "You already have an account"


@pytest.mark.holds("A2", "A13")
async def test_a2_nobody_keeps_a_new_password_away_by_asking_for_that_address_as_theirs(town: Town) -> None:
    stranger = town.browser()
    await stranger.sign_in("tomas")
    for _ in range(LINKS_TO_ADDRESS.burst + 2):
        await change_address(town, stranger, MIRAS)
        await town.mails()
    assert [mail.subject for mail in await town.mails()] == ["You already have an account"] * LINKS_TO_ADDRESS.burst
    mira = town.browser()
    await ask(mira, MIRAS)
    assert (await mira.press(await mira.get(await town.link("/reset")), password=NEW)).status_code == 303


@pytest.mark.holds("A17", "ASVS 6.3.7")
async def test_a17_a_takeover_is_taken_back(town: Town) -> None:
    """Somebody at Mira's browser changes her address and password; she still has the old mailbox."""
    thief, mira, world = town.browser(), town.browser(), town.world
    await thief.sign_in("mira")
    await change_address(town, thief, "thief@example.org")
    await enter(thief, await thief.get("/verify"), await town.code())
    page = await thief.get("/account/password")
    await thief.send("/account/password", {**form_of(page).hidden, "present_password": PASSWORD, "password": NEW})
    session = await world.session(world.cineshelf, world.mira)
    link = await town.link("/revert")
    before = await dump(world.house)
    asked = await mira.get(link)
    assert changed(before, await dump(world.house)) == set()
    assert "Take the change back?" in words(asked)
    done = await mira.press(asked)
    assert done.status_code == 303
    assert f"is {MIRAS} again" in words(await mira.get(link))
    assert (await thief.get("/account")).status_code == 303
    assert not await session_works(town, session)
    assert (await thief.press(await thief.get("/signin"), username="mira", password=NEW)).status_code == 422
    assert (await mira.press(await mira.get(await town.link("/reset")), password=NEWER)).status_code == 303
    account = await world.house.read(addresses.of_account, world.mira.id)
    assert (account.email, account.is_confirmed) == (MIRAS, True)
    assert "mira" in words(await mira.get("/account"))


@pytest.mark.holds("A17")
async def test_a17_for_a_day_after_a_new_password_by_mail_the_address_stays(town: Town) -> None:
    browser = town.browser()
    await ask(browser, "mira")
    await browser.press(await browser.get(await town.link("/reset")), password=NEW)
    page = await browser.get("/account/email")
    fields = {**form_of(page, -1).hidden, "email": "other@example.org"}
    answer = await browser.send("/account/email", fields)
    assert (answer.status_code, "this waits until a day has passed" in words(answer)) == (403, True)
    town.world.clock.advance(RECOVERY_MS)
    again = await browser.press(await browser.get("/signin"), username="mira", password=NEW)
    assert again.status_code == 303
    await change_address(town, browser, "other@example.org")
