"""The whole way through a real browser: from an app's link to where the app picks up again."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from admitone.model.request_tokens import State
from tests.browser.stage import Sink, Stage
from tests.browser.tab import Tab

CALLBACK = "https://paperboy.example/back?x=1"
ELSEWHERE = "Continue to the app on this device that opens “elsewhere:”"


@pytest.mark.parametrize(("button", "flag"), [("Approve", "approved"), ("Deny", "denied")])
async def test_back_to_a_website(tab: Tab, stage: Stage, secure_sink: Sink, button: str, flag: str) -> None:
    await tab.sign_in()
    token = stage.token(stage.app("", CALLBACK))
    await tab.ask(token, CALLBACK)
    await tab.press(button)
    await tab.sees("Back in the app")
    assert tab.page.url == f"{CALLBACK}&request_token={token}&{flag}=true"
    assert secure_sink.came[-1] == f"paperboy.example/back?x=1&request_token={token}&{flag}=true referrer=None"
    assert stage.state(token) == flag


@pytest.mark.parametrize(("button", "flag"), [("Approve", "approved"), ("Deny", "denied")])
async def test_back_to_a_program_on_this_device(tab: Tab, stage: Stage, sink: Sink, button: str, flag: str) -> None:
    await tab.sign_in()
    token = stage.token(stage.app("", "http://127.0.0.1/back"))
    await tab.ask(token, f"http://127.0.0.1:{sink.port}/back")
    await tab.press(button)
    await tab.sees("Back in the app")
    assert sink.came[-1] == f"127.0.0.1:{sink.port}/back?request_token={token}&{flag}=true referrer=None"


@pytest.mark.parametrize(("button", "flag"), [("Approve", "approved"), ("Deny", "denied")])
async def test_back_to_an_app_by_its_scheme(tab: Tab, stage: Stage, button: str, flag: str) -> None:
    await tab.sign_in()
    token = stage.token(stage.app("", "paperboy://back"))
    await tab.ask(token, "paperboy://back")
    async with tab.page.expect_event("requestfailed") as gone:
        await tab.press(button)
    request = await gone.value
    # The browser let go of it because no program here owns the scheme; a policy would have said so.
    assert (request.url, request.failure) == (f"paperboy://back?request_token={token}&{flag}=true", "net::ERR_ABORTED")


@pytest.mark.parametrize("address", [CALLBACK, "http://127.0.0.1:{port}/back", "paperboy://back"])
async def test_a_narrower_policy_would_have_stopped_each_of_them(
    tab: Tab, stage: Stage, sink: Sink, address: str
) -> None:
    """Shows that the three tests above can fail: with `form-action 'self'` the button looks dead (ux.md §6.3)."""
    address = address.format(port=sink.port)
    await tab.sign_in()
    token = stage.token(stage.app("", address))

    async def narrowed(route: Route) -> None:
        answer = await route.fetch()
        policy = answer.headers["content-security-policy"].replace("'self' https:", "'self'").replace("http:;", ";")
        policy = policy.replace("'self' http:", "'self'").replace("'self' paperboy:", "'self'")
        await route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    await tab.page.route(f"**/authenticate/{token}?*", narrowed)
    await tab.ask(token, address)
    before, came = tab.page.url, list(sink.came)
    async with tab.page.expect_console_message(lambda message: "form-action" in message.text):
        await tab.press("Approve")
    assert (tab.page.url, sink.came) == (before, came)
    assert stage.state(token) is State.APPROVED
    assert len(tab.complaints) == 1
    tab.complaints.clear()


async def test_without_an_address_our_own_page_says_it_is_done(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    app = stage.app()
    token = stage.token(app)
    await tab.ask(token)
    async with tab.page.expect_response(f"**/authenticate/{token}/allow") as answered:
        await tab.press("Approve")
    answer = await answered.value
    call = f"{stage.url}/3/authentication/session/new?request_token={token}"
    assert (answer.status, answer.headers["authentication-callback"]) == (200, call)
    await tab.sees(f"{app.app.name} is connected")
    assert tab.page.url == f"{stage.url}/authenticate/{token}/allow"
    session = await tab.context.request.get(f"{call}&api_key={app.key}")
    assert (await session.json())["success"] is True
    await tab.page.reload()
    await tab.sees(f"{app.app.name} is connected")


async def test_denying_without_an_address(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    app = stage.app()
    token = stage.token(app)
    await tab.ask(token)
    await tab.press("Deny")
    await tab.sees(f"You said no to {app.app.name}")
    assert tab.page.url == f"{stage.url}/authenticate/{token}/deny"
    assert stage.state(token) is State.DENIED


async def test_a_page_asks_before_it_goes_to_an_address_that_is_not_registered(
    tab: Tab, stage: Stage, secure_sink: Sink
) -> None:
    await tab.sign_in()
    token = stage.token(stage.app())
    await tab.ask(token, "https://elsewhere.example/cb")
    came = len(secure_sink.came)
    await tab.press("Approve")
    await expect(tab.page.get_by_text("an address it hasn’t registered")).to_be_visible()
    assert len(secure_sink.came) == came
    await tab.page.get_by_role("link", name="Continue to elsewhere.example").click()
    await tab.sees("Back in the app")
    assert secure_sink.came[-1] == f"elsewhere.example/cb?request_token={token}&approved=true referrer=None"


async def test_the_link_works_for_a_scheme_that_is_not_registered(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    token = stage.token(stage.app())
    await tab.ask(token, "elsewhere://cb")
    await tab.press("Approve")
    # A click on a link to a program that is not there leaves no trace but the frame's wish to go.
    # It also takes the browser's mind off the clicks that follow, so that this is all a test can do here.
    wish: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    cdp = await tab.context.new_cdp_session(tab.page)
    await cdp.send("Page.enable")
    cdp.once("Page.frameRequestedNavigation", lambda asked: wish.set_result(asked["url"]))
    await tab.page.get_by_role("link", name=ELSEWHERE).click()
    assert await wish == f"elsewhere://cb?request_token={token}&approved=true"


async def test_staying_is_as_easy(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    app = stage.app()
    await tab.ask(stage.token(app), "elsewhere://cb")
    await tab.press("Approve")
    onward = tab.page.get_by_role("link", name=ELSEWHERE)
    await expect(onward).to_be_visible()
    await tab.page.get_by_role("link", name="Stay here").click()
    await expect(onward).to_have_count(0)
    await tab.sees(f"{app.app.name} is connected")


async def test_an_app_that_opened_us_in_a_window_sees_it_open_until_it_is_closed(
    tab: Tab, stage: Stage, secure_sink: Sink
) -> None:
    token = stage.token(stage.app("", CALLBACK))
    await tab.page.goto("https://opener.example/")
    async with tab.page.expect_popup() as opened:
        await tab.page.evaluate(
            "address => { window.popup = window.open(address) }", f"{stage.url}/authenticate/{token}"
        )
    popup = await opened.value
    await expect(popup.get_by_role("heading", name="Sign in")).to_be_visible()
    assert not await tab.page.evaluate("() => window.popup.closed")
    await popup.get_by_label("Username").fill("mira")
    await popup.get_by_label("Password", exact=True).fill("correct horse battery staple")
    await popup.get_by_role("button", name="Sign in").click()
    await popup.hover(".ticket h1")
    await popup.get_by_role("button", name="Approve").click()
    await expect(popup.get_by_role("heading", name="is connected")).to_be_visible()
    assert not await tab.page.evaluate("() => window.popup.closed")


@pytest.mark.holds("B4", "ASVS 3.4.6")
async def test_no_other_site_can_show_us_in_a_frame(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    token = stage.token(stage.app())
    await tab.page.goto("https://opener.example/")
    script = """async address => {
        const frame = document.createElement('iframe');
        frame.src = address;
        const done = new Promise(resolve => { frame.onload = resolve; });
        document.body.append(frame);
        await done;
    }"""
    await tab.page.evaluate(script, f"{stage.url}/authenticate/{token}")
    assert "to your account" not in await tab.page.frames[-1].content()
    assert [complaint for complaint in tab.complaints if "frame-ancestors 'none'" in complaint]
    tab.complaints.clear()  # here it is wanted
