"""The pages on which people change how their account is protected, and what they see of it afterwards."""

import base64
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from admitone.basics import one_time_codes
from admitone.flows import logins
from admitone.flows.logins import Attempt
from admitone.model.faults import Fault
from admitone.model.people.factors import step_of
from tests.factors import STEP_MS, plant_passkey
from tests.pages.browser import HONEST, Browser, Form, title, words
from tests.post import MIRAS, give_address
from tests.store.aside import fault_of
from tests.world import PASSWORD, World

SETUP = "/account/security/authenticator"
CODES = "/account/security/recovery-codes"
APP_PASSWORDS = "/account/security/app-passwords"
CODE = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")


def secret_on(text: str) -> bytes:
    """The key that a page shows to be typed into an authenticator app."""
    found = re.search(r'id="key">([A-Z2-7 ]+)<', text)
    assert found
    key = found[1].replace(" ", "")
    return base64.b32decode(key + "=" * (-len(key) % 8))


async def set_up(mira: Browser, world: World) -> tuple[bytes, str]:
    """Connect an authenticator app by hand: its secret, and the page with the recovery codes."""
    page = await mira.get(SETUP)
    secret = secret_on(page.text)
    code = one_time_codes.code_at(secret, step_of(world.clock.now()))
    answer = await mira.press(page, code=code)
    assert answer.status_code == 200
    return secret, answer.text


async def test_the_cards_stand_in_their_order_and_each_says_how_it_stands(mira: Browser, world: World) -> None:
    await plant_passkey(world, world.mira)
    world.clock.advance(STEP_MS)
    page = await mira.get("/account/security")
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page.text)
    assert headings[:5] == ["Passkeys", "Authenticator app", "Recovery codes", "Password", "E-mail address"]
    assert "Created 15 January 2027" in words(page)
    assert "You have given no address." in words(page)
    for confirmed, said in ((False, f"You gave {MIRAS}. It isn’t confirmed yet."), (True, f"Your address is {MIRAS}.")):
        await world.house.write(give_address, world.mira.id, MIRAS, confirmed=confirmed)
        assert said in words(await mira.get("/account/security"))


async def test_an_authenticator_app_is_set_up_and_turned_off(mira: Browser, world: World) -> None:
    secret, text = await set_up(mira, world)
    assert len(set(CODE.findall(text.partition('id="codes"')[2].partition("</ul>")[0]))) == 10
    page = words(await mira.get("/account/security"))
    assert "You have 10 recovery codes left." in page
    off = await mira.get(f"{SETUP}/off")
    assert (await mira.press(off, code="000000")).status_code == 422
    world.clock.advance(STEP_MS)
    code = one_time_codes.code_at(secret, step_of(world.clock.now()))
    assert (await mira.press(off, code=code)).status_code == 303
    page = words(await mira.get("/account/security"))
    assert "Your authenticator app is turned off." in page
    assert "With an authenticator app your password alone lets nobody in." in page
    assert (await mira.get(CODES)).status_code == 303


async def test_the_qr_code_and_the_key_say_the_same_and_each_visit_has_another(mira: Browser) -> None:
    first, second = (await mira.get(SETUP)).text, (await mira.get(SETUP)).text
    assert secret_on(first) != secret_on(second)
    assert "<svg" in first
    assert "style=" not in first
    address = urlsplit(one_time_codes.address(secret_on(first), "mira", "Admit One"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query)["issuer"] == ["Admit One"]


async def test_after_a_wrong_code_the_same_key_is_shown(mira: Browser) -> None:
    page = await mira.get(SETUP)
    answer = await mira.press(page, code="123")
    assert answer.status_code == 422
    assert secret_on(answer.text) == secret_on(page.text)


async def test_nobody_connects_a_secret_that_was_not_offered_to_them(mira: Browser, world: World) -> None:
    tomas = Browser(world)
    await tomas.sign_in("tomas")
    offered = await tomas.get(SETUP)
    code = one_time_codes.code_at(secret_on(offered.text), step_of(world.clock.now()))
    own = await mira.get(SETUP)
    for setup in (Form(offered.text).hidden["setup"], "x.y", ""):
        assert (await mira.press(own, setup=setup, code=code)).status_code == 422
    assert "Off" in words(await mira.get("/account/security"))


async def test_recovery_codes_are_stored_before_one_goes_on(mira: Browser, world: World) -> None:
    _, text = await set_up(mira, world)
    form = Form(text, f"{CODES}/stored")
    answer = await mira.send(form.action, form.hidden)
    assert answer.status_code == 422
    assert "Store the codes first" in words(answer)
    assert set(CODE.findall(answer.text)) == set(CODE.findall(text))
    form = Form(answer.text, f"{CODES}/stored")
    assert (await mira.send(form.action, {**form.hidden, "stored": "1"})).headers["location"] == "/account/security"


async def test_recovery_codes_are_downloaded_as_text(mira: Browser, world: World) -> None:
    _, text = await set_up(mira, world)
    form = Form(text, f"{CODES}/download")
    answer = await mira.send(form.action, form.hidden)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert answer.headers["cache-control"] == "no-store"
    assert set(CODE.findall(answer.text)) == set(CODE.findall(text))


@pytest.mark.parametrize("ending", ["stored", "download"])
@pytest.mark.parametrize("forged", ["no key", "foreign origin", "another person's"])
async def test_a_forged_form_shows_no_codes(mira: Browser, world: World, ending: str, forged: str) -> None:
    _, text = await set_up(mira, world)
    form = Form(text, f"{CODES}/{ending}")
    fields, headers, sender = dict(form.hidden), dict(HONEST), mira
    if forged == "no key":
        fields["form_key"] = ""
    if forged == "foreign origin":
        headers["origin"] = "https://evil.example"
    if forged == "another person's":
        sender = Browser(world)
        await sender.sign_in("tomas")
    answer = await sender.send(form.action, fields, headers)
    assert answer.status_code == (303 if forged == "another person's" else 422)
    assert "attachment" not in answer.headers.get("content-disposition", "")
    assert bool(CODE.search(answer.text)) is (sender is mira)


@pytest.mark.holds("A8", "ASVS 6.5.6")
async def test_new_recovery_codes_end_the_old_ones(mira: Browser, world: World) -> None:
    _, text = await set_up(mira, world)
    answer = await mira.press(await mira.get(CODES))
    new, old = set(CODE.findall(answer.text)), set(CODE.findall(text))
    assert new.isdisjoint(old)
    other = Browser(world)
    await other.press(await other.get("/signin"), username="mira", password=PASSWORD)
    for code, status in ((old.pop(), 422), (new.pop(), 303)):
        assert (await other.press(await other.get("/signin/recovery"), code=code)).status_code == status


@pytest.mark.holds("F19", "A10")
async def test_with_an_authenticator_on_an_app_takes_only_an_app_password(mira: Browser, world: World) -> None:
    house, app_id = world.house, world.cineshelf.app.id
    attempt = Attempt("mira", PASSWORD, "198.51.100.7")
    await set_up(mira, world)
    token = await world.token(world.cineshelf)
    refused = logins.validate_with_login(house, app_id, token, attempt)
    assert await fault_of(refused) is Fault.SECOND_STEP_NEEDED
    page = await mira.press(await mira.get(APP_PASSWORDS), name="TV player")
    [text] = set(CODE.findall(page.text))
    assert text not in (await mira.get(APP_PASSWORDS)).text
    for typed in (text, text.lower().replace("-", "")):
        token = await world.token(world.cineshelf)
        approved = await logins.validate_with_login(house, app_id, token, attempt._replace(password=typed))
        assert approved.decided_by == world.mira.id
    somebody = attempt._replace(username="tomas", password=text)
    assert await fault_of(logins.validate_with_login(house, app_id, token, somebody)) is Fault.LOGIN_WRONG
    assert await fault_of(logins.check(house, attempt._replace(password=text))) is Fault.LOGIN_WRONG
    assert "TV player" in words(await mira.get(APP_PASSWORDS))
    answer = await mira.press(await mira.get(f"{APP_PASSWORDS}/1"))
    assert answer.headers["location"] == APP_PASSWORDS
    token = await world.token(world.cineshelf)
    gone = logins.validate_with_login(house, app_id, token, attempt._replace(password=text))
    assert await fault_of(gone) is Fault.LOGIN_WRONG


@pytest.mark.holds("ASVS 7.5.2")
async def test_the_history_tells_where_one_is_signed_in_and_ends_it(mira: Browser, world: World) -> None:
    other = Browser(world, address="198.51.100.7")
    other.http.headers["user-agent"] = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"
    )
    await other.sign_in()
    page = await mira.get("/account/history")
    assert title(page) == "Sign-in history – Admit One"
    said = words(page)
    assert said.index("This device") < said.index("Safari on iPhone")
    assert "198.51.100.7/32" in said
    assert "Signed in with your password" in said
    assert (await mira.press(page)).headers["location"] == "/account/history"
    assert "That browser is signed out." in words(await mira.get("/account/history"))
    assert "Mira Okafor" not in words(await other.get("/"))


@pytest.mark.holds("ASVS 7.4.3")
async def test_signing_out_everywhere_else_leaves_this_browser(mira: Browser, world: World) -> None:
    others = [Browser(world), Browser(world)]
    for other in others:
        await other.sign_in()
    tomas = Browser(world)
    await tomas.sign_in("tomas")
    page = await mira.get("/account/history")
    answer = await mira.send("/account/history", {**Form(page.text).hidden, "elsewhere": "1"})
    assert answer.status_code == 303
    for browser, signed_in in ((others[0], False), (others[1], False), (tomas, True), (mira, True)):
        assert ((await browser.get("/account")).status_code == 200) is signed_in


@pytest.mark.holds("S14")
async def test_nobody_ends_somebody_elses_visit(mira: Browser, world: World) -> None:
    second, tomas = Browser(world), Browser(world)
    await second.sign_in()
    await tomas.sign_in("tomas")
    await Browser(world).sign_in("tomas")
    theirs = Form((await mira.get("/account/history")).text).hidden["visit"]
    page = await tomas.get("/account/history")
    await tomas.sign_in("tomas")
    for visit in (theirs, "", "x", "00", "0" * 10_000):
        answer = await tomas.press(await tomas.get("/account/history"), visit=visit)
        assert answer.status_code in (200, 303, 422)
    assert page.status_code == 200
    assert (await second.get("/account")).status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", "1001", "9" * 400, "00000000199999999999999999", "\uff11", "1.0"])
async def test_no_other_page_of_the_history_exists(mira: Browser, page: str) -> None:
    assert (await mira.get(f"/account/history?page={page}")).status_code == 404
