"""People make accounts where they may, and nobody learns from it whose an e-mail address is (A4, A11, A18)."""

import re

import pytest

from admitone.flows import accounts
from admitone.flows.people import invitations
from admitone.model.limits import METERS, SIGN_UPS
from admitone.model.people.joining import SignUp
from tests.pages.browser import Browser, Form, title, words
from tests.pages.people.conftest import PASSWORD, Town, enter, sign_up
from tests.post import MIRAS
from tests.store.aside import audit
from tests.world import World

NORA = "nora@example.org"


async def test_somebody_signs_up_is_in_at_once_and_confirms_with_the_code(town: Town) -> None:
    browser = town.browser()
    assert title(await browser.get("/signup")) == "Create an account – Admit One"
    answer = await sign_up(browser, " Nora ", f" {NORA} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/verify")
    page = await browser.get("/verify")
    assert f"We’ve sent an eight-digit code and a link to {NORA}" in words(page)
    (mail,) = await town.mails()
    assert (mail.to, mail.subject) == (NORA, "Confirm your e-mail address")
    code = await town.code()
    done = await enter(browser, page, f" {code[:4]}-{code[4:]} ")
    assert (done.status_code, done.headers["location"]) == (303, "/verify")
    confirmed = words(await browser.get("/verify"))
    assert "Your e-mail address is confirmed." in confirmed
    assert "Sign in faster next time?" in confirmed
    assert "@Nora" in words(await browser.get("/account"))
    kinds = [event.kind for event in await town.world.house.read(audit)]
    assert kinds[-3:] == ["account added", "signed in", "e-mail address confirmed"]


@pytest.mark.holds("A6")
async def test_passwords_that_are_not_taken_are_measured_so_often_from_a_network(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measuring is work for the hashing threads, and nothing else counts a form that was not taken."""
    worked = 0
    hasher = town.world.house.hasher
    run = hasher.run

    async def counted(work):
        nonlocal worked
        worked += 1
        return await run(work)

    monkeypatch.setattr(hasher, "run", counted)
    browser = town.browser()
    pages = [await sign_up(browser, "nora", NORA, password="short") for _ in range(METERS.burst + 3)]
    assert worked == METERS.burst
    told = ["What you typed was very weak." in words(page) for page in pages]
    assert told == [True] * METERS.burst + [False] * 3
    assert all("Use at least 15 characters" in words(page) for page in pages)
    town.world.clock.advance(METERS.interval_ms)
    assert "very weak" in words(await sign_up(browser, "nora", NORA, password="short"))


@pytest.mark.holds("A4")
async def test_an_address_that_is_taken_looks_the_same_and_its_owner_is_told(town: Town) -> None:
    free, taken = town.browser(), town.browser()
    answers = [await sign_up(free, "nora1", NORA), await sign_up(taken, "nora2", MIRAS.upper())]
    assert [(each.status_code, each.headers["location"]) for each in answers] == [(303, "/verify")] * 2
    pages = [await free.get("/verify"), await taken.get("/verify")]
    assert pages[0].status_code == pages[1].status_code == 200
    said = [words(page).replace(NORA, "X").replace("MIRA@example.org", "X") for page in pages]
    assert said[0] == said[1]
    mails = {mail.to: mail for mail in await town.mails()}
    assert mails[NORA].subject == "Confirm your e-mail address"
    told = mails["MIRA@example.org"]
    assert told.subject == "You already have an account"
    assert "@nora2" in told.text
    assert not re.search(r"https?://|\d{8}", told.text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"username": "mira"}, "Choose another username: this one is taken."),
        ({"username": "m\u0456ra"}, "Choose another username: use letters, numbers, dots and dashes."),
        ({"username": "..."}, "Choose another username: use letters, numbers, dots and dashes."),
        ({"username": "a" * 100_00}, "Choose another username: use letters, numbers, dots and dashes."),
        ({"email": "mira"}, "Enter an e-mail address like name@example.com."),
        ({"email": ""}, "Enter an e-mail address like name@example.com."),
        ({"email": "mira\uff20example.org@evil.example"}, "Enter an e-mail address like name@example.com."),
        ({"password": "a short"}, "Use at least 15 characters: this has 7."),
        ({"password": "x" * 1025}, "Choose a shorter password."),
        ({"password": "passwordpassword"}, "Choose another password: this one is on lists of passwords"),
        ({"password": "to be or not to be that is the question"}, "this one is on lists of passwords that attackers"),
        ({"password": "summer2024summer2024"}, "this one is too easy to guess"),
        ({"password": "nora.nora@example.org"}, "this one is too easy to guess"),
        ({"password": "qwertyuiopasdfgh"}, "Choose another password"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_the_rest_stays(
    town: Town, typed: dict[str, str], said: str
) -> None:
    browser = town.browser()
    page = await browser.get("/signup")
    answer = await browser.press(page, **{"username": "nora", "email": NORA, "password": PASSWORD, **typed})
    assert (answer.status_code, title(answer)) == (422, "Error: Create an account – Admit One")
    assert said in words(answer)
    (name,) = typed
    field = re.search(rf'<input[^>]* id="{name}"[^>]*>', answer.text)
    assert field is not None
    assert f'aria-invalid="true" autofocus aria-describedby="{name}-error {name}-hint"' in field[0]
    form = Form(answer.text)
    assert form.typed["password"] == ""
    assert all(form.typed[other] == value for other, value in (("username", "nora"), ("email", NORA)) if other != name)
    assert await town.mails() == []


async def test_two_errors_are_listed_with_links_to_their_fields(town: Town) -> None:
    browser = town.browser()
    answer = await browser.press(await browser.get("/signup"), username="", email="x", password="short")
    assert re.findall(r'<li><a href="#(\w+)">', answer.text) == ["username", "email", "password"]
    assert 'role="alert" tabindex="-1" id="problem" autofocus' in answer.text
    assert answer.text.count("autofocus") == 1


async def test_a_password_that_is_not_taken_is_measured(town: Town) -> None:
    browser = town.browser()
    page = await browser.get("/signup")
    answer = await browser.press(page, username="nora", email=NORA, password="passwordpassword")
    assert "What you typed was very weak." in words(answer)
    assert 'value="0"' in answer.text


async def test_where_sign_up_is_closed_the_page_says_whom_to_ask(town: Town) -> None:
    browser = town.having(sign_up=SignUp.CLOSED).browser(contact="Ada, ada@example.org")
    page = await browser.get("/signup")
    assert page.status_code == 403
    assert "Ada, ada@example.org" in words(page)
    assert "Create an account" not in words(await browser.get("/signin"))
    assert "Create an account" in words(await town.browser().get("/signin"))


async def test_an_invitation_lets_one_person_in(town: Town) -> None:
    by_invitation = town.having(sign_up=SignUp.INVITATION)
    house = by_invitation.world.house
    made = await house.write(invitations.invite, 7, "for Nora")
    first, second = by_invitation.browser(), by_invitation.browser()
    assert (await first.get("/signup")).status_code == 403
    assert (await first.get("/signup?invitation=made-up")).status_code == 404
    pages = [await each.get(f"/signup?invitation={made.text}") for each in (first, second)]
    answers = [
        await each.press(page, username=f"nora{number}", email=f"{number}@example.org", password=PASSWORD)
        for number, (each, page) in enumerate(zip((first, second), pages, strict=True))
    ]
    assert [answer.status_code for answer in answers] == [303, 404]
    assert [account.username for account in await house.read(accounts.everyone)] == ["mira", "tomas", "nora0"]


async def test_an_invitation_ends_with_its_time(town: Town) -> None:
    by_invitation = town.having(sign_up=SignUp.INVITATION)
    made = await by_invitation.world.house.write(invitations.invite, 1, "")
    town.world.clock.advance(24 * 3600 * 1000)
    assert (await by_invitation.browser().get(f"/signup?invitation={made.text}")).status_code == 404


async def test_without_a_mail_server_an_address_may_be_left_out(town: Town) -> None:
    browser = town.having(post=None).browser()
    assert "E-mail address (optional)" in words(await browser.get("/signup"))
    answer = await sign_up(browser, "nora", "")
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")
    offer = await browser.get("/welcome")
    assert "Sign in faster next time?" in words(offer)
    assert 'href="/account/security/passkeys/new"' in offer.text
    assert (await browser.get("/verify")).status_code == 200


@pytest.mark.holds("A18")
async def test_many_sign_ups_from_one_network_are_slowed(town: Town) -> None:
    browser = town.browser()
    taken = [await sign_up(browser, "mira", NORA) for _ in range(SIGN_UPS.burst)]
    assert {answer.status_code for answer in taken} == {422}
    answer = await sign_up(browser, "nora", NORA)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, str(SIGN_UPS.interval_ms // 1000))
    assert "Too many tries" in words(answer)


async def test_a_mail_server_that_is_another_person_s_browser_does_not_sign_up(browser: Browser, world: World) -> None:
    """By default a stranger without an invitation makes no account."""
    assert world.house.sign_up is SignUp.INVITATION
    assert (await browser.get("/signup")).status_code == 403
