"""What people change of themselves, signed in: password (A15), profile, and what apps are told then (wire D.1)."""

import hashlib

import pytest

from admitone.flows import accounts, callers
from admitone.flows.callers import Credential
from admitone.flows.records import exporting
from admitone.model.people.joining import SignUp
from admitone.model.visits import FRESH_MS
from tests.pages.browser import Browser, title, words
from tests.pages.people.conftest import Town, form_of
from tests.post import MIRAS
from tests.world import PASSWORD

NEW = "eleven quiet harbours sing"


async def signed_in(town: Town, username: str = "mira") -> Browser:
    browser = town.browser()
    await browser.sign_in(username)
    return browser


async def change(browser: Browser, **fields: str):
    page = await browser.get("/account/password")
    return await browser.send("/account/password", {**form_of(page).hidden, "present_password": PASSWORD, **fields})


async def told(town: Town) -> dict[str, object]:
    """What /3/account says of Mira."""
    session = await town.world.session(town.world.cineshelf, town.world.mira)
    found = await town.world.house.read(callers.recognise, Credential(town.world.cineshelf.key, None, session))
    assert found.person is not None
    return found.person._asdict()


@pytest.mark.holds("ASVS 6.2.2", "ASVS 7.4.3")
async def test_a_new_password_signs_every_other_browser_out_and_keeps_apps(town: Town) -> None:
    here, there = await signed_in(town), await signed_in(town)
    session = await town.world.session(town.world.cineshelf, town.world.mira)
    done = await change(here, password=NEW)
    assert (done.status_code, done.headers["location"]) == (303, "/account/password/apps")
    question = await here.get("/account/password/apps")
    assert "Your password is changed, and every other browser is signed out." in words(question)
    assert (await there.get("/account")).status_code == 303
    assert "Your password was changed" in [mail.subject for mail in await town.mails()]
    found = await town.world.house.read(callers.recognise, Credential(town.world.cineshelf.key, None, session))
    assert found.person is not None


@pytest.mark.parametrize(("answer", "works"), [("keep", True), ("disconnect", False)])
async def test_the_question_about_apps_that_follows_it_is_obeyed(town: Town, answer: str, works: bool) -> None:
    browser = await signed_in(town)
    session = await town.world.session(town.world.cineshelf, town.world.mira)
    await change(browser, password=NEW)
    question = await browser.get("/account/password/apps")
    done = await browser.send("/account/password/apps", {**form_of(question).hidden, "answer": answer})
    found = await town.world.house.read(callers.recognise, Credential(town.world.cineshelf.key, None, session))
    assert (done.headers["location"], found.person is not None) == ("/account", works)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"present_password": "wrong", "password": NEW}, "That isn’t the password you use now."),
        ({"password": "short"}, "Use at least 15 characters: this has 5."),
        ({"password": "qwertyuiopqwertyuiop"}, "lists of passwords that attackers try first"),
        ({"password": "Mira Okafor mira okafor"}, "too easy to guess"),
        ({"password": "x" * 2000}, "Choose a shorter password."),
    ],
)
@pytest.mark.holds("ASVS 6.2.3")
async def test_what_is_wrong_with_a_password_is_said_and_nothing_changes(
    town: Town, fields: dict[str, str], said: str
) -> None:
    browser = await signed_in(town)
    answer = await change(browser, **fields)
    assert (answer.status_code, title(answer)) == (422, "Error: Password – Admit One")
    assert said in words(answer)
    assert await town.mails() == []
    await (await signed_in(town)).get("/account")


@pytest.mark.parametrize("path", ["/account/password", "/account/email"])
@pytest.mark.holds("B3", "ASVS 7.5.1")
async def test_what_is_sensitive_asks_again_after_a_quarter_of_an_hour(town: Town, path: str) -> None:
    browser = await signed_in(town)
    town.world.clock.advance(FRESH_MS)
    assert title(await browser.get(path)) == "Confirm it’s you – Admit One"
    assert (await town.browser().get(path)).headers["location"].startswith("/signin?next=")


@pytest.mark.holds("A15")
async def test_a15_passwords_that_differ_late_or_in_their_accents_only_are_told_apart_or_not(town: Town) -> None:
    long = "a quite long sentence with a great many words in it, longer than bcrypt reads: "
    await accounts.set_password(town.world.house, "mira", long + "one", end_sessions=False)
    for password, status in ((long + "two", 422), (long + "one", 303)):
        browser = town.browser()
        answer = await browser.press(await browser.get("/signin"), username="mira", password=password)
        assert answer.status_code == status
    await accounts.set_password(town.world.house, "mira", "caf\u00e9s \u00e9tranges le soir", end_sessions=False)
    browser = town.browser()
    decomposed = "cafe\u0301s e\u0301tranges le soir"
    answer = await browser.press(await browser.get("/signin"), username="mira", password=decomposed)
    assert answer.status_code == 303


async def save(browser: Browser, **fields: str):
    typed = {"name": "Mira Okafor", "language": "en", "country": "US", **fields}
    page = await browser.get("/account/profile")
    return await browser.send("/account/profile", {**form_of(page).hidden, **typed})


async def test_a_profile_is_kept_and_told_to_apps(town: Town) -> None:
    browser = await signed_in(town)
    done = await save(browser, name=" Mira <b>  O. ", language="de", country="AT", adult="1", gravatar="1")
    assert (done.status_code, done.headers["location"]) == (303, "/account/profile")
    page = await browser.get("/account/profile")
    assert 'lang="de"' in page.text
    assert 'value="Mira &lt;b&gt; O."' in page.text
    assert '<option value="AT" selected>' in page.text
    person = await told(town)
    assert (person["name"], person["iso_639_1"], person["iso_3166_1"]) == ("Mira <b> O.", "de", "AT")
    assert person["include_adult"] == 1
    assert person["gravatar_hash"] == hashlib.md5(MIRAS.encode()).hexdigest()
    await save(browser, name="", language="ja", country="JP")
    person = await told(town)
    assert (person["name"], person["include_adult"]) == ("", 0)
    assert person["gravatar_hash"] == hashlib.md5(b"mira").hexdigest()  # nobody's address


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"language": "qq"}, 422),
        ({"language": ""}, 422),
        ({"country": "ZZ"}, 422),
        ({"country": "us"}, 422),
        ({"name": "x" * 61}, 422),
        ({"name": "\u0301" * 5}, 422),
        ({"name": "\u202e\u200b"}, 303),
        ({"name": "x" * 50_000}, 422),
    ],
)
async def test_a_profile_that_cannot_be_is_not_kept(town: Town, fields: dict[str, str], status: int) -> None:
    browser = await signed_in(town)
    assert (await save(browser, **fields)).status_code == status
    if status == 422:
        assert (await told(town))["name"] == "Mira Okafor"


async def test_gravatar_needs_a_confirmed_address(town: Town) -> None:
    browser = await signed_in(town, "tomas")
    answer = await save(browser, name="Tomas", gravatar="1")
    assert (answer.status_code, "Confirm your e-mail address first" in words(answer)) == (403, True)


async def test_every_page_of_these_is_there_without_a_mail_server(town: Town) -> None:
    browser = town.having(post=None, sign_up=SignUp.OPEN).browser()
    await browser.sign_in("tomas")
    for path in ("/account/profile", "/account/email", "/account/password", "/verify", "/signup"):
        assert (await browser.get(path)).status_code == 200
    assert "This server doesn’t send e-mail" in words(await browser.get("/account/email"))


async def test_whoever_has_their_archive_made_is_told_how_they_hear_of_it(town: Town) -> None:
    browser = await signed_in(town)
    page = words(await browser.get("/account/data"))
    assert "It is made in the background and kept for 7 days." in page
    await exporting.begin(town.world.house, town.world.mira.id)
    assert "We’ll send you an e-mail when it is ready." in words(await browser.get("/account/data"))
    silent = Browser(town.having(post=None).world)
    await silent.sign_in()
    waiting = words(await silent.get("/account/data"))
    assert "It is being made." in waiting
    assert "e-mail" not in waiting
