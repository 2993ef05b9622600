"""Nothing that anybody sends breaks a page, leads anywhere unlisted or tells what it should not."""

import itertools
import re
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admitone.basics.digests import Kind
from admitone.flows import accounts, apps, sessions
from admitone.flows.apps import Registration
from admitone.model.faults import Refused
from admitone.model.request_tokens import Decision, State
from admitone.pages.routes import PAGES
from tests.factors import STEP_MS, with_authenticator
from tests.pages.browser import CALLBACK, HONEST, Browser, Form, state_of, words
from tests.wire.conftest import Log, logged
from tests.world import MINUTE, NETWORK, PASSWORD, Registered, World

__all__ = ["logged"]

MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg/onload=alert(1)>', "{{7*7}}", "{% raw %}",
    "&lt;b&gt;", "'-alert(1)-'", "</title><h1>x", "${7*7}", "<!-- x", "]]>x", "%3Cscript%3E", "a\u202eb", "Ünï ☃ 名前",
]  # fmt: skip
TOKENS = [
    "x", "0" * 39, "0" * 40, "0" * 41, "F" * 40, "0" * 10_000, "%00", "a%00b", "%ff%fe", "%ed%a0%80", "%", "%zz",
    "..", ".", "%2e%2e", "a%2fb", "a%5cb", "%c0%ae", "\uff10" * 40, "x.css", "null", "[]", "{token}", "%0d%0aX:1",
    "allow ", "-1", "'", "a;b",
]  # fmt: skip
ADDRESSES = [
    "https://evil.example", "https://evil.example/back", "//evil.example", "///evil.example", "\\\\evil.example",
    "/\\evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example",
    "http://paperboy.example/back", "https://paperboy.example@evil.example/back",
    "https://paperboy.example:pw@evil.example/", "https://paperboy.example.evil.example/back",
    "https://evil.example/https://paperboy.example/back", "https://paperboy.example\\@evil.example/back",
    "https://paperboy.example%2eevil/", "https://paperboy.example/back/", "https://paperboy.example/back?x=1",
    "https://paperboy.example/BACK", "https://paperboy.example/%62ack", "https://paperboy.example:444/back",
    "https://paperboy.example/back#x", "https://paperboy.example/./back", "https://paperboy.example/a/../back",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x",
    "file:///etc/passwd", "blob:x", "about:blank", "intent://x#Intent;end", "paperboy:back", "paperboy:///back",
    "paperboy://back/", "paperboy2://back", "http://127.0.0.2/back", "http://localhost/back",
    "http://127.0.0.1:99999/back", "http://0x7f.1/back", "http://2130706433/back", "http://[::1]/back",
    "https://paperboy.example/back\r\nSet-Cookie: a=b", "https://paperboy.example/back\0",
    " https://paperboy.example/back", "https://paperboy.example/back ", "https://p\u0430perboy.example/back",
    "https://paperboy\u3002example/back", "https://PAPERBOY.example./back", "a" * 9000, "https://", "https://?", "x",
]  # fmt: skip


@pytest.mark.holds("F17")
async def test_a_token_of_nothing_is_the_page_of_an_expired_one(mira: Browser, world: World) -> None:
    expired = await world.token(world.reelsync)
    world.clock.advance(60 * MINUTE)
    expected = await mira.get(f"/authenticate/{expired}")
    for token in TOKENS:
        answer = await raw(mira, f"/authenticate/{token}".encode())
        assert (answer.status_code, answer.content) == (404, expected.content), token


@pytest.mark.holds("F17")
async def test_no_state_of_a_token_can_be_told_from_another(mira: Browser, world: World) -> None:
    expired = await world.token(world.reelsync)
    world.clock.advance(60 * MINUTE)
    denied, approved, spent = [await world.token(world.reelsync) for _ in range(3)]
    await world.decide(denied, world.tomas, Decision.DENY)
    await world.decide(approved, world.tomas)
    await world.decide(spent, world.tomas)
    await world.house.write(sessions.exchange, world.reelsync.app.id, spent, NETWORK)
    stranger = Browser(world)
    answers = set()
    for token, who in itertools.product((expired, denied, approved, spent, "0" * 40, "x", ""), (mira, stranger)):
        for query in ("", f"?redirect_to={CALLBACK}", "?redirect_to=javascript:x", "?state=x"):
            for ending in ("", "/allow", "/deny", "/other"):
                if token or not ending:
                    answer = await who.get(f"/authenticate/{token}{ending}{query}")
                    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
                    answers.add((answer.status_code, answer.content, tuple(headers.items())))
    assert len(answers) == 1


@pytest.mark.holds("F4", "F5", "F24", "B9", "ASVS 3.7.2")
async def test_no_address_that_is_not_listed_is_ever_in_a_location(
    mira: Browser, world: World, listed: Registered
) -> None:
    """F4, F5, F24: every state of a token, with every address asked for, signed in and out."""
    stranger = Browser(world)
    tokens = {"unknown": "0" * 40, **{state: await world.token(listed) for state in ("pending", "approved", "denied")}}
    await world.decide(tokens["approved"], world.mira)
    await world.decide(tokens["denied"], world.mira, Decision.DENY)
    honest = {token: await mira.get(f"/authenticate/{token}?redirect_to={CALLBACK}") for token in tokens.values()}
    for address, token in itertools.product(ADDRESSES, tokens.values()):
        written = quote(address, safe="", errors="surrogatepass")
        paths = [f"/authenticate/{token}{ending}?redirect_to={written}" for ending in ("", "/allow")]
        answers = [await who.get(path) for who in (mira, stranger) for path in paths]
        if honest[token].status_code == 200:
            answers += [
                await mira.press(honest[token], decision=decision, redirect_to=address)
                for decision in ("approve", "deny")
            ]
        for answer in answers:
            assert answer.status_code < 500
            assert answer.headers.get("location", "/").startswith("/")
            assert "//" not in answer.headers.get("location", "/")
            assert "a=b" not in answer.headers.get("set-cookie", "")
    assert await state_of(world, tokens["pending"]) is State.PENDING


@pytest.mark.parametrize(
    "query",
    ["redirect_to=a&redirect_to=b", "redirect_to=%ff", "redirect%5Fto=x&redirect_to=https://paperboy.example/back"],
)
async def test_an_address_that_can_be_read_two_ways_is_refused(
    mira: Browser, world: World, listed: Registered, query: str
) -> None:
    answer = await mira.get(f"/authenticate/{await world.token(listed)}?{query}")
    assert answer.status_code == 400


async def test_the_log_keeps_no_part_of_an_address_that_nobody_encoded(
    browser: Browser, world: World, listed: Registered, logged: Log
) -> None:
    await browser.get(f"/authenticate/{await world.token(listed)}?redirect_to={CALLBACK}?a=b&wombat77=x&W%6Fmbat&page")
    (line,) = [line for line in logged.lines() if line["event"] == "request"]
    assert line["query"] == ["redirect_to", "?", "?", "page"]


@pytest.mark.parametrize("name", MARKUP)
@pytest.mark.holds("B5", "ASVS 3.2.2")
async def test_names_are_shown_as_they_are_and_do_nothing(browser: Browser, world: World, name: str) -> None:
    try:
        app, credentials = await world.house.write(apps.add, Registration(name, "tomas"))
    except Refused:
        pytest.fail("these names are allowed")
    await accounts.add(world.house, "person", PASSWORD, name)
    token = await world.token(Registered(app, credentials))
    signin = await browser.follow(f"/authenticate/{token}")
    ticket = await browser.get((await browser.press(signin, username="person", password=PASSWORD)).headers["location"])
    approved = await browser.follow((await browser.press(ticket, decision="approve")).headers["location"])
    shown = " ".join(name.replace("\u202e", "").split())
    for page in (signin, ticket, approved, await browser.get("/")):
        assert "<" not in OURS.sub("", page.text)
        assert not re.search(r"<[^>]*\son\w+=", page.text)
        assert [page.text.count(tag) for tag in ("<h1", "<title", "</title")] == [1, 1, 1]
        assert page.text.count("<script") == (2 if page is signin else 0)  # ours: of all pages, of passkeys
    assert f"Connect {shown} to your account?" in words(ticket)


# Every element that our templates use; h1 and title more than once would be somebody else's.
OURS = re.compile(
    r"<!doctype html>|</?(?:a|article|bdi|body|button|circle|dd|div|dl|dt|footer|form|h1|h2|head|header|html|input"
    r"|label|li|link|main|meta|p|path|script|section|span|strong|svg|time|title|ul)\b[^<>]*>"
)

BODIES = [
    b"", b"\0", b"\xff\xfe", b"=", b"&&&", b"a", b"form_key", b"form_key=%ff", b"form_key=%ed%a0%80", b"form_key=%",
    b"form_key=%zz", b"form_key=x&form_key=y", b"decision=approve&decision=deny", b"x=1&" * 60,
    b"form_key="+b"." * 5000, b"form_key=.", b"form_key=a.b", b"form_key=%00.%00", b'{"decision":"approve"}',
    b"[" * 5000, b"username=%00&password=%00", b"a="+b"b" * 70_000,
]  # fmt: skip
KINDS = [
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=x", "application/json", "text/plain", "", "\xff", "a/b;;;=",
]  # fmt: skip


@pytest.mark.parametrize("path", ["/signin", "/signout", "/authenticate/{token}", "/authenticate/{token}/allow"])
@pytest.mark.parametrize("signed_in", [True, False])
async def test_no_body_breaks_a_page(browser: Browser, world: World, path: str, signed_in: bool) -> None:
    if signed_in:
        await browser.sign_in()
    path = path.replace("{token}", await world.token(world.reelsync))
    for body, kind, encoding in itertools.product(BODIES, KINDS, (None, "gzip")):
        headers = [(b"origin", HONEST["origin"].encode()), (b"content-type", kind.encode("latin-1"))]
        headers += [(b"content-encoding", encoding.encode())] if encoding else []
        answer = await browser.http.post(path, content=body, headers=headers)
        assert answer.status_code in (200, 303, 400, 413, 415, 422), (body[:20], kind, encoding)
        assert not answer.headers.get("location", "/").startswith("http")


COOKIES = [
    "", ";", "=", "a", "__Host-visit", "__Host-visit=", "__Host-visit=\xff", "__Host-visit="+"a" * 64,
    "__Host-visit="+"'" * 64, "__Host-form=x", "__Host-ask-", "__Host-ask-=x.y", "__Host-ask-000000000000=W10.AQID",
    "__Host-ask-x="+"a" * 9000, "\xe9=\xe9", '"', "a=b; a=c",
]  # fmt: skip


async def test_no_cookie_breaks_a_page(browser: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    paths = ("/", "/signin", "/signin?for=000000000000", "/signin?for=", "/signout", f"/authenticate/{token}")
    for cookie, path in itertools.product(COOKIES, paths):
        answer = await browser.http.get(path, headers=[(b"cookie", cookie.encode("latin-1"))])
        assert answer.status_code in (200, 303), cookie


async def seals(world: World) -> dict[str, str]:
    """Every text that this server seals for browsers, by what it is for: one browser's, taken as a person can."""
    browser = Browser(world)
    asked, decided = await world.token(world.reelsync), await world.access_request(world.reelsync)
    await browser.get(f"/authenticate/{await world.token(world.reelsync)}?redirect_to=https://reel.example/")
    await browser.sign_in()
    form = Form((await browser.get(f"/authenticate/{asked}?redirect_to=https://reel.example/")).text)
    onward = (await browser.send(form.action, {**form.hidden, "decision": "approve"})).headers["location"]
    fourth = await browser.get(f"/auth/access?request_token={decided}")
    await browser.press(fourth, submit="Approve")
    history = Form((await browser.get("/account/history")).text).hidden
    await browser.send("/account/history", {**history, "elsewhere": "1"})
    cookies = {cookie.name: cookie.value or "" for cookie in browser.http.cookies.jar}
    setup = Form((await browser.get("/account/security/authenticator")).text).hidden
    taken = {**cookies, **setup, "onward": onward.partition("onward=")[2]}
    await with_authenticator(world, world.tomas)
    world.clock.advance(STEP_MS)
    other = Browser(world)
    await other.press(await other.get("/signin"), username="tomas", password=PASSWORD)
    taken["__Host-halfway"] = other.cookie("__Host-halfway") or ""
    digests, until = world.house.digests, world.clock.now() + 10 * MINUTE
    taken["proved"] = digests.seal(Kind.HALFWAY, f"proved {'ab' * 33}", until)
    for name, kind in itertools.product(ODD, (Kind.PENDING, Kind.HALFWAY)):
        taken[f"{name} {kind}"] = digests.seal(kind, name, until)
    return {name: value for name, value in taken.items() if "." in value}


# What may look like one of ours: a list of each length, and what is none.
ODD = ["{}", "null", '["x",[],{}]', "[1,2,3,4]", '["a","b","c","d","e"]', "[[],[],[],[],[],[]]"]


@pytest.mark.holds("S8")
async def test_no_text_of_ours_in_anothers_place_breaks_a_page(mira: Browser, world: World) -> None:
    kept = await seals(world)
    await mira.sign_in()  # the other browser has signed this one out
    token = await world.token(world.reelsync)
    await world.decide(token, world.mira)
    assert {"onward", "setup", "form_key", "proved", "__Host-halfway", "__Host-said", "__Host-decided"} <= kept.keys()
    assert any(name.startswith("__Host-ask-") for name in kept)
    visit = mira.cookie("__Host-visit")
    places = ["__Host-halfway", "__Host-decided", "__Host-said", "__Host-leaving", "__Host-proved"]
    places += [name for name in kept if name.startswith("__Host-ask-")]
    pages = ["/signin/code", "/leaving", "/auth/access/approve", "/account", "/signin?for=000000000000"]
    for name, sealed in kept.items():
        cookie = "; ".join([f"__Host-visit={visit}", *(f"{place}={sealed}" for place in places)])
        for path in (*pages, f"/authenticate/{token}/allow?onward={sealed}"):
            answer = await mira.http.get(path, headers=[(b"cookie", cookie.encode())])
            assert answer.status_code in (200, 303, 404), (name, path)


NUMBERS = ["9" * 4_301, "9" * 19, "9" * 18, "0" * 4_301, "0", "-1", "\uff11", "\u00b2", "1_0", "+1", "x", "%00"]


@pytest.mark.holds("S8")
async def test_no_number_in_an_address_breaks_a_page(mira: Browser, world: World) -> None:
    stranger = Browser(world)
    for page, number in itertools.product((page for page in PAGES if "{" in page.path), NUMBERS):
        path = re.sub(r"{[^}]*}", quote(number, safe="%"), page.path)
        for who in (stranger, mira):
            assert (await who.get(path)).status_code in (200, 303, 400, 404), path[:60]


async def test_no_header_breaks_a_page(browser: Browser) -> None:
    names = ("origin", "sec-fetch-site", "sec-purpose", "host", "x-forwarded-for", "content-type", "accept-language")
    values = (b"", b"\xff\xfe", b"," * 500, b"a" * 5000, b"[", b"::1", b"http://[", b"null", b"1e9")
    for name, value, method in itertools.product((*names, "referer", "content-length"), values, ("GET", "POST")):
        answer = await browser.http.request(method, "/signin", headers=[(name.encode(), value)])
        assert answer.status_code in (200, 303, 400, 422, 503), (name, value)


async def test_anything_at_all_below_the_pages_is_answered(world: World) -> None:
    browser = Browser(world)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        path=st.binary(max_size=60),
        query=st.binary(max_size=60),
        method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS"]),
    )
    def shots(path: bytes, query: bytes, method: str) -> None:
        collected.append((path, query, method))

    collected: list[tuple[bytes, bytes, str]] = []
    shots()
    for path, query, method in collected:
        for start in (b"/", b"/authenticate/", b"/signin?for="):
            answer = await raw(browser, start + path, query, method)
            assert answer.status_code < 500


async def raw(browser: Browser, path: bytes, query: bytes = b"", method: str = "GET") -> httpx.Response:
    """Send a path as a server hands it on: decoded, with what is no UTF-8 replaced."""
    sent: dict[str, Any] = {}
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.http.cookies.jar)
    path, _, more = path.partition(b"?")
    scope = {
        "type": "http", "method": method, "scheme": "https", "http_version": "1.1", "root_path": "",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"), "raw_path": path, "query_string": more or query,
        "headers": [(b"host", b"admit.example"), (b"cookie", cookies.encode())],
        "client": ("203.0.113.7", 1), "server": ("admit.example", 443),
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.setdefault("body", b"")
        sent["body"] += message.get("body", b"")
        if message["type"] == "http.response.start":
            sent.update(status=message["status"], headers=message["headers"])

    await browser.pages(scope, receive, send)
    return httpx.Response(sent["status"], headers=sent["headers"], content=sent["body"])
