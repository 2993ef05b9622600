"""An address is confirmed by whoever has the mailbox and the account, never by opening a link (A11, A12)."""

import asyncio

import pytest
from sqlalchemy import bindparam, insert

from admitone.basics.digests import Kind
from admitone.flows.house import House
from admitone.flows.people import addresses
from admitone.model.limits import CODES, LINKS_TO_ADDRESS
from admitone.model.people.links import LIFE_MS, Purpose
from admitone.store.engine.statements import no_row
from admitone.store.engine.tx import Tx
from admitone.store.people.factor_tables import recovery_codes
from tests.pages.browser import CALLBACK, Browser, title, words
from tests.pages.people.conftest import PASSWORD, Town, enter, form_of, sign_up
from tests.store.aside import Aside, audit, rows
from tests.wire.dumps import changed, dump
from tests.world import World

NORA = "nora@example.org"
PLANT = Aside(
    insert(recovery_codes).values(
        digest=bindparam("digest"), account_id=bindparam("account_id"), made_at=bindparam("at")
    ),
    no_row,
)
VISIT = "__Host-visit"


async def nora(town: Town) -> Browser:
    """Somebody who has just signed up."""
    browser = town.browser()
    await sign_up(browser, "nora", NORA)
    return browser


async def plant(house: House, tx: Tx, account_id: int) -> None:
    """What somebody leaves in an account to come back by."""
    await tx.run(PLANT, digest=house.digests.of(Kind.MAIL, "planted"), account_id=account_id, at=tx.now)


async def again(browser: Browser) -> None:
    form = form_of(await browser.get("/verify"), 1)
    assert (await browser.send(form.action, form.hidden)).status_code == 303


async def is_confirmed(town: Town) -> bool:
    account = await town.world.house.read(addresses.of_account, 3)
    return account.is_confirmed


@pytest.mark.parametrize("agent", ["Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1", "curl/8"])
@pytest.mark.holds("F18", "A12")
async def test_opening_the_link_changes_nothing(town: Town, agent: str) -> None:
    await nora(town)
    link = await town.link("/verify")
    before = await dump(town.world.house)
    for method in ("GET", "HEAD"):
        answer = await town.browser().http.request(method, link, headers={"user-agent": agent})
        assert answer.status_code == 200
    assert changed(before, await dump(town.world.house)) == set()


async def test_the_link_confirms_with_one_button_where_its_person_is_signed_in(town: Town) -> None:
    browser = await nora(town)
    link = await town.link("/verify")
    page = await browser.get(link)
    assert f"Confirm {NORA}?" in words(page)
    assert "Password" not in words(page)
    done = await browser.press(page)
    assert done.status_code == 303
    assert "Your e-mail address is confirmed." in words(await browser.follow(done.headers["location"]))
    assert "Your e-mail address is confirmed." in words(await town.browser().get(link))  # no error the second time


@pytest.mark.holds("A11")
async def test_a11_the_mailbox_alone_confirms_nothing_and_signs_nobody_in(town: Town) -> None:
    """Somebody made an account with another's address and waits for its owner to press the button."""
    attacker, victim = await nora(town), town.browser()
    link = await town.link("/verify")
    page = await victim.get(link)
    assert "give its password as well" in words(page)
    for password in ("", "a guess"):
        answer = await victim.press(page, password=password)
        assert (answer.status_code, await is_confirmed(town)) == (422, False)
        assert "Your password isn’t right" in words(answer)
    assert victim.cookie(VISIT) is None
    assert "nora" not in words(await victim.get("/"))
    assert (await attacker.get("/verify")).status_code == 200


@pytest.mark.holds("A11")
async def test_a11_confirming_ends_every_visit_from_before(town: Town) -> None:
    attacker, person = await nora(town), town.browser()
    page = await person.get(await town.link("/verify"))
    done = await person.press(page, password=PASSWORD)
    assert (done.status_code, await is_confirmed(town)) == (303, True)
    assert person.cookie(VISIT) is None
    assert (await attacker.get("/account")).status_code == 303  # to sign in


@pytest.mark.holds("A11")
async def test_a11_whoever_has_the_mailbox_takes_the_account_over_by_a_new_password(town: Town) -> None:
    attacker, victim = await nora(town), town.browser()
    await town.world.house.write(plant, 3)
    assert await town.world.house.read(rows, "recovery_codes") == 1
    await victim.press(await victim.get("/forgot"), username=NORA)
    page = await victim.get(await town.link("/reset"))
    done = await victim.press(page, password="the owner chose another")
    assert done.status_code == 303
    assert await is_confirmed(town)
    assert await town.world.house.read(rows, "recovery_codes") == 0
    assert (await attacker.get("/account")).status_code == 303
    old = await attacker.press(await attacker.get("/signin"), username="nora", password=PASSWORD)
    assert old.status_code == 422


@pytest.mark.holds("A11")
async def test_a11_an_app_waits_until_the_address_is_confirmed(town: Town) -> None:
    browser, world = await nora(town), town.world
    token = await world.token(world.cineshelf)
    page = await browser.get(f"/authenticate/{token}?redirect_to={CALLBACK}")
    assert title(page) == "Confirm your e-mail address first – Admit One"
    assert "CineShelf can be connected once your e-mail address is confirmed." in words(page)
    forged = await browser.get("/verify")
    assert "approve" not in forged.text
    waiting = await browser.get(
        page.text.partition('href="/verify?for=')[2].partition('"')[0].join(["/verify?for=", ""])
    )
    done = await enter(browser, waiting, await town.code())
    confirmed = await browser.follow(done.headers["location"])
    assert f'href="/authenticate/{token}' in confirmed.text
    assert "Connect CineShelf to your account?" in words(await browser.get(f"/authenticate/{token}"))


@pytest.mark.holds("A12", "ASVS 6.6.2")
async def test_a12_a_code_is_good_once_for_its_account_until_a_newer_one(town: Town) -> None:
    browser = await nora(town)
    first = await town.code()
    await again(browser)
    second = await town.code()
    other = town.browser()
    await sign_up(other, "olga", "olga@example.org")
    assert first != second
    for who, code in ((browser, first), (other, second), (browser, "00000000"), (browser, ""), (browser, "1" * 5000)):
        answer = await enter(who, await who.get("/verify"), code)
        assert (answer.status_code, await is_confirmed(town)) == (422, False)
        assert "That code isn’t right" in words(answer)
    assert (await enter(browser, await browser.get("/verify"), second)).status_code == 303
    assert await is_confirmed(town)


@pytest.mark.holds("A12", "ASVS 6.5.5")
async def test_a12_a_link_ends_with_its_time_and_is_good_for_nothing_else(town: Town) -> None:
    browser = await nora(town)
    link = await town.link("/verify")
    for other in (
        link.replace("/verify/", "/reset/"),
        link.replace("/verify/", "/revert/"),
        link[:-1] + "g",
        link + "0",
    ):
        assert (await browser.get(other)).status_code == 404
    page = await browser.get(link)
    town.world.clock.advance(LIFE_MS[Purpose.CONFIRM])
    await browser.sign_in("mira")
    answer = await browser.get(link)
    assert (answer.status_code, title(answer)) == (404, "Error: This link no longer works – Admit One")
    assert "Send a new one" in words(answer)
    assert (await browser.press(page)).status_code == 404
    assert not await is_confirmed(town)


@pytest.mark.holds("A12", "ASVS 6.5.1")
async def test_a12_many_uses_at_once_are_one(town: Town) -> None:
    browser = await nora(town)
    page = await browser.get("/verify")
    code = await town.code()
    answers = await asyncio.gather(*(enter(browser, page, code) for _ in range(8)))
    # The others come too late for the code and are told what has become of it.
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [303]
    kinds = [event.kind for event in await town.world.house.read(audit)]
    assert kinds.count("e-mail address confirmed") == 1


@pytest.mark.holds("A12", "ASVS 6.6.3")
async def test_codes_cannot_be_guessed_at_leisure(town: Town) -> None:
    browser = await nora(town)
    page = await browser.get("/verify")
    tried = [(await enter(browser, page, f"{number:08}")).status_code for number in range(CODES.burst + 2)]
    assert tried == [422] * CODES.burst + [429] * 2
    assert (await enter(browser, page, await town.code())).status_code == 429


@pytest.mark.holds("A13")
async def test_a13_sending_again_sends_three_and_says_the_same(town: Town) -> None:
    browser = await nora(town)
    for _ in range(LINKS_TO_ADDRESS.burst + 3):
        await again(browser)
    assert len(await town.mails()) == LINKS_TO_ADDRESS.burst


async def test_nobody_confirms_an_address_that_another_confirmed_meanwhile(town: Town, world: World) -> None:
    first = await nora(town)
    first_code = await town.code()
    second = town.browser()
    await sign_up(second, "nora2", NORA)
    second_code = await town.code()
    assert (await enter(first, await first.get("/verify"), first_code)).status_code == 303
    answer = await enter(second, await second.get("/verify"), second_code)
    assert (answer.status_code, "belongs to another account" in words(answer)) == (409, True)
    assert await world.house.read(rows, "addresses") == 2


async def test_the_overview_asks_for_it_until_it_is_confirmed(town: Town) -> None:
    browser = await nora(town)
    asks = "Your e-mail address is not confirmed yet. Confirm it now"
    assert asks in words(await browser.get("/account"))
    mira = town.browser()
    await mira.sign_in()
    assert asks not in words(await mira.get("/account"))
