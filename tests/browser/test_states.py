"""What a person meets on the way: signing in, links that are over, names that want to be markup."""

import pytest
from playwright.async_api import expect

from admitone.flows import sessions
from admitone.model.request_tokens import State
from tests.browser.stage import Sink, Stage
from tests.browser.tab import Tab
from tests.world import MINUTE, NETWORK

CALLBACK = "https://paperboy.example/back"
EXPIRED = "This request has expired"


async def test_signing_in_comes_back_to_the_request(tab: Tab, stage: Stage, secure_sink: Sink) -> None:
    app = stage.app("", CALLBACK)
    token = stage.token(app)
    await tab.ask(token, CALLBACK)
    await tab.sees("Sign in")
    await expect(tab.page.get_by_text(f"to connect {app.app.name} to your account")).to_be_visible()
    assert token not in tab.page.url
    assert token not in await tab.page.content()
    await tab.sign_in()
    await tab.sees(f"Connect {app.app.name} to your account?")
    await tab.press("Approve")
    await tab.sees("Back in the app")
    assert secure_sink.came[-1].startswith(f"paperboy.example/back?request_token={token}&approved=true ")


async def test_a_wrong_password_keeps_the_name_and_takes_the_focus(tab: Tab) -> None:
    page = tab.page
    await page.goto("/signin")
    await page.get_by_label("Username").fill("mira")
    await page.get_by_label("Password", exact=True).fill("wrong")
    await page.get_by_role("button", name="Show password").click()
    await expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    await page.get_by_role("button", name="Sign in").click()
    alert = page.get_by_role("alert")
    await expect(alert).to_be_focused()
    await expect(alert).to_contain_text("We couldn’t sign you in")
    await expect(page).to_have_title("Error: Sign in – Admit One")
    await expect(page.get_by_label("Username")).to_have_value("mira")
    await expect(page.get_by_label("Password", exact=True)).to_have_value("")
    await tab.sign_in()


async def test_an_expired_request(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    token = stage.token(stage.app())
    await tab.ask(token)
    stage.clock.advance(60 * MINUTE)
    await tab.press("Approve")
    await tab.sees(EXPIRED)
    assert stage.state(token) is State.PENDING


async def test_unknown_and_used_requests_look_expired(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    app = stage.app()
    used = stage.token(app)
    stage.run(stage.world.decide(used, stage.world.tomas))
    stage.run(stage.world.house.write(sessions.exchange, app.app.id, used, NETWORK))
    for token in ("0" * 40, used):
        answer = await tab.page.goto(f"/authenticate/{token}")
        assert answer
        assert answer.status == 404
        await tab.sees(EXPIRED)


async def test_opening_allow_approves_nothing(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    app = stage.app()
    token = stage.token(app)
    await tab.page.goto(f"/authenticate/{token}/allow")
    await tab.sees(f"Connect {app.app.name} to your account?")
    assert stage.state(token) is State.PENDING


@pytest.mark.holds("B5")
async def test_a_name_with_markup_is_a_name(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    name = f"<img src=x onerror=alert(1) data-stage={id(stage)}>"
    app = stage.app(name)
    token = stage.token(app)
    await tab.ask(token)
    await tab.sees(f"Connect {name} to your account?")
    await expect(tab.page).to_have_title(f"Connect {name}? – Admit One")
    assert await tab.page.locator("img").count() == 0
    await tab.press("Approve")
    await tab.sees(f"{name} is connected")


async def test_not_you_changes_the_account_and_keeps_the_request(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    token = stage.token(stage.app("", CALLBACK))
    await tab.ask(token, CALLBACK)
    await tab.page.get_by_role("link", name="Not you?").click()
    await tab.sees("Sign in")
    await tab.sign_in("tomas")
    await expect(tab.page.get_by_text("Tomas Lindqvist").last).to_be_visible()
    await expect(tab.page.get_by_text("paperboy.example")).to_be_visible()
    assert stage.state(token) is State.PENDING


async def test_a_ticket_that_was_open_while_somebody_else_signed_in_comes_back(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    app = stage.app()
    token = stage.token(app)
    await tab.ask(token)
    other = await tab.context.new_page()
    second = Tab(stage, tab.context, other)
    await second.sign_in("tomas")
    await tab.press("Approve")
    await expect(tab.page.get_by_role("alert")).to_contain_text("Please send it again.")
    await expect(tab.page.locator(".who")).to_contain_text("Tomas Lindqvist")
    assert stage.state(token) is State.PENDING
    await tab.press("Approve")
    await tab.sees(f"{app.app.name} is connected")


async def test_going_back_and_deciding_again_changes_nothing(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    app = stage.app()
    token = stage.token(app)
    await tab.ask(token)
    await tab.press("Approve")
    await tab.sees(f"{app.app.name} is connected")
    await tab.page.go_back()
    if await tab.page.locator(".ticket").count():
        await tab.press("Deny")
    await tab.sees(f"{app.app.name} is connected")
    assert stage.state(token) is State.APPROVED


async def test_signing_out(tab: Tab) -> None:
    await tab.sign_in()
    await expect(tab.page.locator(".who")).to_contain_text("Mira Okafor")
    await tab.page.get_by_role("button", name="Sign out").click()
    await tab.sees("You are signed out")
    await tab.page.goto("/")
    await expect(tab.page.get_by_role("link", name="Sign in")).to_be_visible()
