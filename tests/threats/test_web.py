"""What browsers, and all that stands between, are told: redirects, origins, hosts, kinds (B8, B10, B12, B14, B16)."""

import itertools
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from admitone import app as assembly
from admitone.app import make_app
from admitone.flows import visits
from admitone.flows.people import outbox
from admitone.model.limits import LINKS_TO_ADDRESS
from admitone.model.visits import FRESH_MS
from admitone.pages.routes import PAGES
from admitone.settings import Settings
from admitone.wire.openapi import operation_ids
from tests.factors import STEP_MS, with_authenticator
from tests.pages.browser import HONEST, SITE, Browser, Form
from tests.pages.places import address_of
from tests.pages.test_forgery import REACHED_ELSEWHERE, TYPED
from tests.post import MIRAS, Scripted, give_address, posting
from tests.wire.situation import Situation
from tests.world import PASSWORD, World

SOURCE = Path(assembly.__file__).parent
VISIT = "__Host-visit"


@pytest.fixture
async def whole(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Wire and pages together, as they are served."""
    served = make_app(world.house, Settings(public_url=SITE.public_url))
    transport = httpx.ASGITransport(served, client=("203.0.113.7", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=SITE.public_url) as client:
        yield client


@pytest.mark.holds("B8")
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # which one has no say in this
async def test_a_form_is_answered_with_a_page_or_with_303(world: World) -> None:
    """With 307 or 308 the browser would send the form, and the password in it, once more to the new place."""
    seen = set()
    for page in PAGES:
        if page.act and page.path not in REACHED_ELSEWHERE:
            browser = Browser(world)
            await browser.sign_in()
            fourth = page.path.startswith("/auth/access")
            token = await (world.access_request if fourth else world.token)(world.reelsync)
            path = await address_of(world, page.path, token)
            form = Form((await browser.get(f"/auth/access?request_token={token}" if fourth else path)).text)
            for fields, headers in ((TYPED, HONEST), (TYPED, {})):
                seen.add((await browser.send(path, {**form.hidden, **fields}, headers)).status_code)
    assert seen <= {200, 303, 404, 422}
    assert {200, 303, 422} <= seen


@pytest.mark.holds("B8")
def test_no_other_redirect_is_written_anywhere() -> None:
    rooms = [file for room in ("pages", "wire") for file in (SOURCE / room).rglob("*.py")]
    assert len(rooms) > 50
    told = {found for file in rooms for found in re.findall(r"\b(?:301|302|307|308)\b", file.read_text())}
    assert told == set()
    redirects = [file for file in rooms if "RedirectResponse(" in file.read_text()]
    assert redirects
    for file in redirects:
        for call in re.findall(r"RedirectResponse\((.*)\)", file.read_text()):
            assert "303" in call or "status_code=SEE_OTHER" in call, (file, call)


ORIGINS = (None, "null", SITE.public_url, "https://evil.example", "http://admit.example", "https://sub.admit.example")
METHODS = ("GET", "POST", "DELETE", "PUT", "OPTIONS")
CORS = [*itertools.product(ORIGINS, METHODS, ("wire", "pages"), (False, True))]


@pytest.mark.holds("B10", "ASVS 3.4.2", "ASVS 3.5.8")
async def test_other_origins_read_what_programs_may_and_no_cookie_counts_there(
    world: World, whole: httpx.AsyncClient
) -> None:
    assert len(CORS) == 120
    mira = Browser(world)
    await mira.sign_in()
    cookie = f"{VISIT}={mira.cookie(VISIT)}"
    told: dict[tuple[str, str], set[tuple[int, bytes]]] = {}
    for origin, method, place, signed_in in CORS:
        path = f"/3/account?api_key={world.cineshelf.key}" if place == "wire" else "/account/profile"
        headers = {"cookie": cookie} if signed_in else {}
        headers |= {"origin": origin, "sec-fetch-site": "cross-site"} if origin else {}
        if method == "OPTIONS":
            headers |= {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
        answer = await whole.request(method, path, headers=headers)
        opened = {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}
        row = (origin, method, place, signed_in)
        assert "access-control-allow-credentials" not in opened, row
        if place == "pages":
            assert opened == {}, row
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        else:
            assert opened["access-control-allow-origin"] == "*", row
            assert ("access-control-allow-methods" in opened) is (method == "OPTIONS"), row
            # The same bytes for every origin, with the cookie and without.
            told.setdefault((method, path), set()).add((answer.status_code, answer.content))
    assert all(len(answers) == 1 for answers in told.values())
    assert {status for answers in told.values() for status, _ in answers} == {200, 401, 405}


def hosts() -> Iterator[str]:
    """What could stand in a Host header: 250 forms of somewhere else, and of almost here."""
    names = (
        *("evil.example", "EVIL.example", "admit.example.evil.example", "evil.example.admit.example"),
        *("admit.example.", "admit"),
        *("localhost", "127.0.0.1", "0.0.0.0", "169.254.169.254", "2130706433", "0x7f000001", "[::1]"),
        "[::ffff:1.2.3.4]",
        *("xn--dmit-boa.example", "\u0430dmit.example", "admit。example", "admit%2eexample", "admit_example"),
        *("-", "..", "*"),
    )  # fmt: skip
    for name, port in itertools.product(names, ("", ":80", ":443", ":8443", ":0", ":99999", ":x", ":443:80")):
        yield name + port
    twists = ("@", "/", "\\", "?", "#", ",", " ", "\t", ";", "//", "%00", "%0d%0a", "<", '"', "'", "&", "|", "\x7f")
    for twist in twists:
        yield from (f"admit.example{twist}evil.example", f"evil.example{twist}admit.example", f"{twist}evil.example")
    yield from (
        "",
        " ",
        ":",
        ":443",
        "a" * 5_000,
        "admit.example, evil.example",
        "http://evil.example",
        "[",
        "[::1",
        "]",
    )
    yield from (
        "[::1]:443@evil.example",
        "user:pass@evil.example",
        "evil.example:443/..",
        "\xff",
        "\xe9vil.example",
        "é",
    )


HOSTS = [*dict.fromkeys(hosts())]


@pytest.mark.holds("B14")
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # which one has no say in this
async def test_no_host_header_gets_into_a_redirect_or_a_mail(world: World) -> None:
    assert len(HOSTS) >= 240
    post = Scripted()
    house = posting(world.house, post)
    await house.write(give_address, world.mira.id, MIRAS)
    browser = Browser(replace(world, house=house))
    token = await world.token(world.reelsync)
    spare = [(b"x-forwarded-host", b"evil.example"), (b"forwarded", b"host=evil.example"), (b"x-host", b"evil.example")]
    paths = itertools.cycle((f"/authenticate/{token}", "/account", "/signin", "/nowhere/", "/authenticate/x"))
    honest = [(b"origin", HONEST["origin"].encode()), (b"sec-fetch-site", b"same-origin")]
    form = Form((await browser.get("/forgot")).text)
    for host, path in zip(HOSTS, paths, strict=False):
        said = [(b"host", host.encode("utf-8")), *spare]
        sent = {**form.hidden, "username": "mira"}
        answers = [
            await browser.http.get(path, headers=said),
            await browser.http.post("/forgot", data=sent, headers=[*honest, *said]),
        ]
        assert answers[1].status_code == 303, host
        for answer in answers:
            assert answer.status_code < 500, host
            assert re.match(r"/(?!/)|$", answer.headers.get("location", "")), host
            assert "evil" not in answer.text, host
        await outbox.deliver(house)
        world.clock.advance(LINKS_TO_ADDRESS.interval_ms)
        if len(post.mails) % 5 == 0:
            form = Form((await browser.get("/forgot")).text)  # it lives for half a day
    assert len(post.mails) == len(HOSTS)
    for mail in post.mails:
        links = re.findall(r"https?://[^\s<\"]+", mail.text + (mail.html or ""))
        assert links
        assert all(link.startswith(f"{SITE.public_url}/") for link in links)


@pytest.mark.holds("B16", "ASVS 3.2.1", "ASVS 3.4.4")
async def test_every_answer_says_what_it_is_and_nothing_is_sniffed(world: World, whole: httpx.AsyncClient) -> None:
    situation, kinds = Situation(world), set()
    for route in operation_ids():
        path = re.sub(r"{\w+}", "550", route.path)
        for query in ({"api_key": await situation.fill("{key}")}, {}, {"api_key": "<script>", "language": "<b>"}):
            kinds.add(_kind(await whole.request(route.method, path, params=query)))
    assert kinds == {"application/json;charset=utf-8"}
    for page in PAGES:
        path = re.sub(r"{\w+(:\w+)?}", "7", page.path)
        answer = await whole.get(path)
        if not answer.is_redirect:
            assert _kind(answer) == "text/html; charset=utf-8", path
    for path in ("/openapi.json", "/robots.txt", "/favicon.ico", "/static/nothing.css", "/docs", "/nowhere"):
        assert "charset=utf-8" in _kind(await whole.get(path)) or path == "/favicon.ico"


def _kind(answer: httpx.Response) -> str:
    assert answer.headers["x-content-type-options"] == "nosniff"
    kind: str = answer.headers["content-type"]
    return kind


@pytest.mark.holds("B16")
async def test_json_is_no_markup_whatever_is_in_it(world: World, whole: httpx.AsyncClient) -> None:
    session = await world.session(world.cineshelf, world.mira)
    mine = {"api_key": world.cineshelf.key, "session_id": session}
    name = "</script><script>alert(1)</script><!--"
    made = await whole.post("/3/list", params=mine, json={"name": name, "description": name, "language": "en"})
    listed = await whole.get(f"/3/list/{made.json()['list_id']}", params=mine)
    assert listed.json()["name"] == name
    called = await whole.get(f"/3/list/{made.json()['list_id']}", params={**mine, "callback": "show"})
    for answer in (listed, called):
        assert b"<" not in answer.content


@pytest.mark.holds("B12", "ASVS 7.2.4")
async def test_every_step_up_makes_a_new_visit_and_ends_the_old_one(world: World) -> None:
    """Signing in, the second step, proving it once more; a visit that somebody planted is never the one that counts."""
    planter = Browser(world)
    await planter.sign_in("tomas")
    planted = planter.cookie(VISIT)
    assert planted
    app, _ = await with_authenticator(world, world.mira)
    victim = Browser(world)
    victim.http.cookies.set(VISIT, planted, domain="admit.example")
    halfway = await victim.press(await victim.get("/signin?for="), username="mira", password=PASSWORD)
    assert halfway.headers["location"].startswith("/signin/code")
    world.clock.advance(STEP_MS)
    ids: list[str] = [planted]
    for path, typed in (("/signin/code", {}), ("/account/password", {"password": PASSWORD})):
        answer = await victim.press(await victim.get(path), **typed, code=app.next_code())
        assert answer.status_code == 303
        now = [cookie.value for cookie in victim.http.cookies.jar if cookie.name == VISIT and cookie.value != planted]
        assert len(now) == 1
        assert now[0] not in ids
        ids.append(str(now[0]))
        world.clock.advance(FRESH_MS)
    assert [await world.house.read(visits.find, each) is not None for each in ids[1:]] == [False, True]
