"""Passkeys on the pages: the question stands in the form, the answer comes as a form like any other."""

import httpx
import pytest

from admitone.flows.records import leaving
from admitone.model.records.jobs import DAY_MS, GRACE_MS
from admitone.pages.site import Site
from tests.factors import with_authenticator
from tests.pages.browser import HONEST, Browser, Form, title, words
from tests.soft_passkeys import SoftPasskey, Twist
from tests.store.aside import switch_account
from tests.world import NETWORK, PASSWORD, World

SIGN_IN = "/signin/passkey"
NEW = "/account/security/passkeys/new"


async def created(mira: Browser) -> SoftPasskey:
    passkey = SoftPasskey(mira.site.public_url)
    page = await mira.get(NEW)
    answer = await mira.press(page, credential=passkey.create(Form(page.text).said["data-options"]))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/security")
    return passkey


async def test_a_passkey_is_created_named_and_removed(mira: Browser) -> None:
    mira.http.headers["user-agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    await created(mira)
    page = await mira.get("/account/security")
    assert "Passkey created" in words(page)
    assert "Passkey on Windows" in words(page)
    assert "Synced" in words(page)
    rename = await mira.get("/account/security/passkeys/1")
    answer = await mira.press(rename, name="  My <phone>  ")
    assert answer.headers["location"] == "/account/security"
    assert "My <phone>" in words(await mira.get("/account/security"))
    assert (await mira.press(rename, name="\u202e")).status_code == 422
    remove = await mira.get("/account/security/passkeys/1/remove")
    assert "You’ll sign in with your password." in words(remove)
    assert (await mira.press(remove)).status_code == 303
    assert "You have no passkey yet." in words(await mira.get("/account/security"))
    assert (await mira.get("/account/security/passkeys/1")).status_code == 404


async def test_signing_in_by_passkey_goes_on_to_what_waits(mira: Browser, world: World) -> None:
    passkey = await created(mira)
    browser = Browser(world)
    token = await world.token(world.reelsync)
    page = await browser.follow(f"/authenticate/{token}")
    form = Form(page.text, SIGN_IN)
    assert form.action.startswith("/signin/passkey?for=")
    answer = await browser.send(form.action, {**form.hidden, "credential": passkey.sign(form.said["data-options"])})
    assert answer.headers["location"] == f"/authenticate/{token}"
    assert "Mira Okafor" in words(await browser.get("/"))


@pytest.mark.parametrize(
    ("twist", "said"),
    [
        (Twist(signature=b"x"), "That didn’t work"),
        (Twist(client={"origin": "https://evil.example"}), "That didn’t work"),
        (Twist(flags=1), "That didn’t work"),
    ],
)
async def test_a_wrong_answer_says_so_and_asks_anew(mira: Browser, world: World, twist: Twist, said: str) -> None:
    passkey = await created(mira)
    browser = Browser(world)
    form = Form((await browser.get("/signin")).text, SIGN_IN)
    fields = {**form.hidden, "credential": passkey.sign(form.said["data-options"], twist)}
    answer = await browser.send(SIGN_IN, fields)
    assert (answer.status_code, title(answer)) == (422, "Error: Sign in – Admit One")
    assert said in words(answer)
    anew = Form(answer.text, SIGN_IN)
    assert anew.said["data-options"] != form.said["data-options"]
    fields = {**anew.hidden, "credential": passkey.sign(anew.said["data-options"])}
    assert (await browser.send(SIGN_IN, fields)).status_code == 303


async def test_one_that_nobody_here_has_is_said_to_be_unknown(browser: Browser) -> None:
    form = Form((await browser.get("/signin")).text, SIGN_IN)
    stranger = SoftPasskey(browser.site.public_url, b"a stranger's")
    answer = await browser.send(SIGN_IN, {**form.hidden, "credential": stranger.sign(form.said["data-options"])})
    assert answer.status_code == 422
    assert "This passkey isn’t connected to an account here." in words(answer)


async def test_a_passkey_confirms_as_a_password_does(mira: Browser, world: World) -> None:
    passkey = await created(mira)
    world.clock.advance(15 * 60_000)
    page = await mira.get(NEW)
    form = next(each for each in (Form(page.text, NEW), _second(page.text)) if "data-options" in each.said)
    fields = {**form.hidden, "credential": passkey.sign(form.said["data-options"])}
    assert (await mira.send(NEW, fields)).headers["location"] == NEW
    assert title(await mira.get(NEW)) == "Create a passkey – Admit One"


def _second(text: str) -> Form:
    return Form(text.partition("</form>")[2])


@pytest.mark.parametrize("forged", ["no key", "another form's key", "foreign origin", "no origin"])
async def test_a_forged_form_does_nothing(mira: Browser, world: World, forged: str) -> None:
    passkey = await created(mira)
    browser = Browser(world)
    page = await browser.get("/signin")
    form = Form(page.text, SIGN_IN)
    fields = {**form.hidden, "credential": passkey.sign(form.said["data-options"])}
    headers = dict(HONEST)
    if forged == "no key":
        fields["form_key"] = ""
    if forged == "another form's key":
        fields["form_key"] = Form(page.text).hidden["form_key"]
    if forged == "foreign origin":
        headers["origin"] = "https://evil.example"
    if forged == "no origin":
        headers = {}
    answer = await browser.send(SIGN_IN, fields, headers)
    assert answer.status_code == 422
    assert "open for a long time" in words(answer)
    assert browser.cookie("__Host-visit") is None


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8080", "https://192.0.2.7", "http://admit.example"])
async def test_where_browsers_make_no_passkeys_nobody_is_asked_for_one(world: World, public_url: str) -> None:
    browser = Browser(world, Site(public_url))
    assert "data-passkey" not in (await browser.get("/signin")).text
    await browser.sign_in()
    assert "Passkeys need an address with a name and https." in words(await browser.get(NEW))


async def answered(browser: Browser, passkey: SoftPasskey, twist: Twist | None = None) -> httpx.Response:
    """The sign-in page of a browser, answered by a passkey."""
    form = Form((await browser.get("/signin")).text, SIGN_IN)
    signed = passkey.sign(form.said["data-options"], twist or Twist())
    return await browser.send(SIGN_IN, {**form.hidden, "credential": signed})


@pytest.mark.holds("A16")
async def test_whoever_leaves_comes_back_by_passkey_and_keeps_the_account(mira: Browser, world: World) -> None:
    passkey = await created(mira)
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    world.clock.advance(13 * DAY_MS)
    browser = Browser(world)
    answer = await answered(browser, passkey)
    assert (answer.status_code, answer.headers["location"]) == (303, "/leaving")
    assert browser.cookie("__Host-visit") is None
    page = await browser.get("/leaving")
    assert "Your account is set to be deleted on 29 January 2027" in words(page)
    assert "Your account stays" in words(await browser.press(page, choice="keep"))
    assert await world.house.read(leaving.of_account, world.mira.id) is None
    assert (await browser.get("/leaving")).headers["location"] == "/signin"
    assert (await answered(browser, passkey)).headers["location"] == "/"
    assert "Mira Okafor" in words(await browser.get("/"))


@pytest.mark.holds("A10")
async def test_a_passkey_is_both_steps_when_nothing_is_to_be_waited_for(mira: Browser, world: World) -> None:
    passkey = await created(mira)
    await with_authenticator(world, world.mira)
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    browser = Browser(world)
    await answered(browser, passkey)
    assert "from your authenticator app" not in words(await browser.get("/leaving"))
    # The password after it is half of a proof again, on the same browser too.
    await browser.press(await browser.get("/signin"), username="mira", password=PASSWORD)
    page = await browser.get("/leaving")
    assert "from your authenticator app" in words(page)
    assert (await browser.press(page, choice="erase")).status_code == 422
    await answered(browser, passkey)
    assert "Your account is deleted" in words(await browser.press(await browser.get("/leaving"), choice="erase"))
    assert (await answered(browser, passkey)).status_code == 422


@pytest.mark.holds("A9", "A16")
@pytest.mark.parametrize("why", ["a wrong answer", "too late", "switched off by the operator"])
async def test_nobody_else_comes_back_by_passkey(mira: Browser, world: World, why: str) -> None:
    passkey = await created(mira)
    if why == "switched off by the operator":
        await world.house.write(switch_account, world.mira.id, off=True)
    else:
        await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    if why == "too late":
        world.clock.advance(GRACE_MS)
    browser = Browser(world)
    answer = await answered(browser, passkey, Twist(signature=b"x") if why == "a wrong answer" else None)
    assert answer.status_code == (422 if why == "a wrong answer" else 403)
    assert ("Your account is switched off" in words(answer)) is (why != "a wrong answer")
    assert browser.cookie("__Host-leaving") is None
    assert (await browser.get("/leaving")).headers["location"] == "/signin"
