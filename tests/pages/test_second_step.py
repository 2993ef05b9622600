"""The second step of signing in: nothing is reached by the password alone, and what waits goes on waiting."""

import pytest

from admitone.flows import accounts
from admitone.model.people.factors import HALFWAY_MS, RECOVERY_CODES
from tests.factors import STEP_MS, AuthenticatorApp, with_authenticator
from tests.pages.browser import HONEST, Browser, Form, title, words
from tests.world import PASSWORD, World

DAY = 24 * 60 * 60_000
LISTED = "password1"


@pytest.fixture
async def phone(world: World) -> AuthenticatorApp:
    """Mira's authenticator app, a moment after she set it up."""
    app, _ = await with_authenticator(world, world.mira)
    world.clock.advance(STEP_MS)
    return app


async def halfway(browser: Browser, path: str = "/signin", **fields: str) -> str:
    """Give the right password; where it leads."""
    answer = await browser.press(await browser.follow(path), username="mira", password=PASSWORD, **fields)
    assert answer.status_code == 303
    assert browser.cookie("__Host-visit") is None
    return answer.headers["location"]


@pytest.mark.holds("A10")
async def test_the_password_alone_signs_nobody_in(browser: Browser, phone: AuthenticatorApp) -> None:
    assert await halfway(browser) == "/signin/code"
    page = await browser.get("/signin/code")
    assert title(page) == "Enter your code – Admit One"
    assert "Enter the code from your authenticator app." in words(page)
    for path in ("/account", "/account/history"):
        assert (await browser.get(path)).status_code in (303, 404)
    answer = await browser.press(page, code=phone.code())
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Mira Okafor" in words(await browser.get("/"))
    assert browser.cookie("__Host-halfway") is None


@pytest.mark.parametrize("spaced", ["{a} {b}", "{a}-{b}", " {a}{b}\t", "{a}\u2009{b}"])
async def test_a_code_is_taken_however_it_is_spaced(browser: Browser, phone: AuthenticatorApp, spaced: str) -> None:
    await halfway(browser)
    code = phone.code()
    typed = spaced.format(a=code[:3], b=code[3:])
    assert (await browser.press(await browser.get("/signin/code"), code=typed)).status_code == 303


@pytest.mark.parametrize(
    "code",
    [
        "",
        "000000",
        "12345",
        "1234567",
        "abcdef",
        "\uff11\uff12\uff13\uff14\uff15\uff16",
        "\u0660" * 6,
        "\0",
        "9" * 5_000,
    ],
)
async def test_a_wrong_code_is_said_to_be_wrong(
    browser: Browser, phone: AuthenticatorApp, world: World, code: str
) -> None:
    await halfway(browser)
    answer = await browser.press(await browser.get("/signin/code"), code=code)
    assert answer.status_code == 422
    assert title(answer) == "Error: Enter your code – Admit One"
    said = "That code isn’t right, or it’s too old Wait for the next one and try again."
    assert said in words(answer)
    assert browser.cookie("__Host-visit") is None
    assert (await browser.press(answer, code=phone.code())).status_code == 303


@pytest.mark.parametrize(("offset", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
@pytest.mark.holds("ASVS 6.5.5")
async def test_one_step_before_and_after_is_taken(
    browser: Browser, phone: AuthenticatorApp, world: World, offset: int, taken: bool
) -> None:
    world.clock.advance(10 * STEP_MS)
    await halfway(browser)
    answer = await browser.press(await browser.get("/signin/code"), code=phone.code(offset))
    assert answer.status_code == (303 if taken else 422)


@pytest.mark.holds("A7", "ASVS 6.5.1")
async def test_a_code_works_once_also_on_another_browser(
    browser: Browser, phone: AuthenticatorApp, world: World
) -> None:
    await halfway(browser)
    code = phone.code()
    assert (await browser.press(await browser.get("/signin/code"), code=code)).status_code == 303
    other = Browser(world, address="198.51.100.9")
    await halfway(other)
    assert (await other.press(await other.get("/signin/code"), code=code)).status_code == 422
    # Nor does the one before it, which nobody has used.
    assert (await other.press(await other.get("/signin/code"), code=phone.code(-1))).status_code == 422
    assert (await other.press(await other.get("/signin/code"), code=phone.next_code())).status_code == 303


@pytest.mark.holds("A1")
async def test_a_password_that_attackers_try_first_is_told_of_after_both_steps(browser: Browser, world: World) -> None:
    nora = await accounts.add_for_tests(world.house, "nora", LISTED)
    phone, _ = await with_authenticator(world, nora)
    world.clock.advance(STEP_MS)
    answer = await browser.press(await browser.get("/signin"), username="nora", password=LISTED)
    assert answer.headers["location"] == "/signin/code"
    answer = await browser.press(await browser.get("/signin/code"), code=phone.code())
    assert answer.headers["location"] == "/account"
    assert "Your password is on lists of passwords that attackers try first." in words(await browser.get("/account"))


async def test_what_waits_goes_on_waiting(browser: Browser, phone: AuthenticatorApp, world: World) -> None:
    token = await world.token(world.reelsync)
    where = await halfway(browser, f"/authenticate/{token}?redirect_to=https://reel.example/cb")
    assert where.startswith("/signin/code?for=")
    page = await browser.get(where)
    assert "cross-origin-opener-policy" not in page.headers
    answer = await browser.press(page, code=phone.code())
    assert answer.headers["location"] == f"/authenticate/{token}?redirect_to=https%3A%2F%2Freel.example%2Fcb"


async def test_the_page_that_was_wanted_is_reached(browser: Browser, phone: AuthenticatorApp) -> None:
    where = await halfway(browser, "/account")
    assert where == "/signin/code?next=%2Faccount"
    answer = await browser.press(await browser.get(where), code=phone.code())
    assert answer.headers["location"] == "/account"


@pytest.mark.parametrize("next_page", ["//evil.example", "https://evil.example", "/\\evil.example", "/account/../x"])
async def test_nobody_is_led_elsewhere(browser: Browser, phone: AuthenticatorApp, next_page: str) -> None:
    await halfway(browser)
    page = await browser.get(f"/signin/code?next={next_page}")
    assert Form(page.text).action == "/signin/code"
    assert (await browser.press(page, code=phone.code())).headers["location"] == "/"


@pytest.mark.holds("A8", "ASVS 6.5.1")
async def test_a_recovery_code_lets_in_once_and_says_how_many_are_left(browser: Browser, world: World) -> None:
    _, codes = await with_authenticator(world, world.mira)
    assert len(set(codes)) == RECOVERY_CODES
    await halfway(browser)
    page = await browser.get("/signin/recovery")
    assert title(page) == "Use a recovery code – Admit One"
    answer = await browser.press(page, code=codes[3].lower().replace("-", " "))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "You have 9 recovery codes left." in words(await browser.get("/account"))
    other = Browser(world)
    await halfway(other)
    for code in (codes[3], "0000-0000-0000-0000", ""):
        assert (await other.press(await other.get("/signin/recovery"), code=code)).status_code == 422
    assert (await other.press(await other.get("/signin/recovery"), code=codes[0])).status_code == 303


async def test_the_second_step_must_follow_within_ten_minutes(
    browser: Browser, phone: AuthenticatorApp, world: World
) -> None:
    await halfway(browser)
    page = await browser.get("/signin/code")
    world.clock.advance(HALFWAY_MS)
    answer = await browser.press(page, code=phone.code())
    assert answer.status_code == 422
    assert "Please sign in again That took too long." in words(answer)
    assert (await browser.get("/signin/code")).headers["location"] == "/signin"


async def test_it_must_follow_on_the_same_browser(browser: Browser, phone: AuthenticatorApp, world: World) -> None:
    await halfway(browser)
    thief = Browser(world)
    stolen = browser.cookie("__Host-halfway")
    assert stolen
    thief.http.cookies.set("__Host-halfway", stolen, domain="admit.example")
    assert (await thief.get("/signin/code")).headers["location"] == "/signin"


async def test_a_password_changed_in_between_ends_it(browser: Browser, phone: AuthenticatorApp, world: World) -> None:
    await halfway(browser)
    await accounts.set_password(world.house, "mira", "another sentence entirely", end_sessions=False)
    answer = await browser.press(await browser.get("/signin/code"), code=phone.code())
    assert answer.status_code == 422
    assert "Please sign in again" in words(answer)
    assert browser.cookie("__Host-visit") is None


async def test_a_trusted_browser_is_not_asked_for_thirty_days(
    browser: Browser, phone: AuthenticatorApp, world: World
) -> None:
    await halfway(browser, remember="1")
    await browser.press(await browser.get("/signin/code"), code=phone.code(), trust="1")
    for days, asked in ((1, False), (28, False), (2, True)):
        world.clock.advance(days * DAY)
        await browser.press(await browser.get("/signout"))
        answer = await browser.press(await browser.get("/signin"), username="mira", password=PASSWORD)
        assert (answer.headers["location"] == "/signin/code") is asked
    stranger = Browser(world)
    await halfway(stranger)


@pytest.mark.parametrize("path", ["/signin/code", "/signin/recovery"])
@pytest.mark.parametrize("forged", ["no key", "another form's key", "foreign origin", "no origin"])
async def test_a_forged_form_does_nothing(browser: Browser, phone: AuthenticatorApp, path: str, forged: str) -> None:
    await halfway(browser)
    fields = {**Form((await browser.get(path)).text).hidden, "code": phone.code()}
    headers = dict(HONEST)
    if forged == "no key":
        fields["form_key"] = ""
    if forged == "another form's key":
        fields["form_key"] = Form((await browser.get("/signin")).text).hidden["form_key"]
    if forged == "foreign origin":
        headers["origin"] = "https://evil.example"
    if forged == "no origin":
        headers = {}
    answer = await browser.send(path, fields, headers)
    assert answer.status_code == 422
    assert "open for a long time" in words(answer)
    assert browser.cookie("__Host-visit") is None


@pytest.mark.holds("A10", "ASVS 6.3.4")
async def test_confirming_takes_the_code_as_well(browser: Browser, phone: AuthenticatorApp, world: World) -> None:
    await halfway(browser)
    await browser.press(await browser.get("/signin/code"), code=phone.code())
    world.clock.advance(15 * 60_000)
    page = await browser.get("/account/security/recovery-codes")
    assert "Confirm it’s you" in words(page)
    assert (await browser.press(page, password=PASSWORD)).status_code == 422
    assert (await browser.press(page, password=PASSWORD, code="000000")).status_code == 422
    assert (await browser.press(page, password="wrong", code=phone.code())).status_code == 422
    assert (await browser.press(page, password=PASSWORD, code=phone.code())).status_code == 303
    assert "Confirm it’s you" not in words(await browser.get("/account/security/recovery-codes"))
