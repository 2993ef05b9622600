"""The inspector: every part in each size and theme, its buttons without a script, its news with one."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Route, expect

from admitone.testing.local import LocalSandbox
from tests.browser.tab import violations
from tests.browser.test_looks import CUT_OFF, SIDEWAYS, SIZES, SMALL, THEMES, UNMARKED, screens

__all__ = ["screens"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[LocalSandbox]:
    sandbox = LocalSandbox()
    yield sandbox
    sandbox.stop()


class Bench:
    """A world with something of everything in it."""

    def __init__(self, sandbox: LocalSandbox) -> None:
        self.http = httpx.Client(base_url=sandbox.url)
        self.made = self.http.post("/sandbox/worlds", json={"clock": "2027-01-15T08:00:00Z"}).json()
        self.page = f"{sandbox.url}/sandbox/inspect/{self.made['world']}"
        self.control = f"{sandbox.url}/sandbox/worlds/{self.made['world']}"

    def call(self, method: str, path: str, **query: str) -> httpx.Response:
        return self.http.request(method, path, params={"api_key": self.made["api_key"], **query})

    def token(self) -> str:
        text: str = self.call("GET", "/3/authentication/token/new").json()["request_token"]
        return text


@pytest.fixture
def bench(sandbox: LocalSandbox) -> Iterator[Bench]:
    bench = Bench(sandbox)
    approved = bench.token()
    bench.http.post(f"{bench.control}/approvals", json={"request_token": approved})
    session = bench.call("GET", "/3/authentication/session/new", request_token=approved).json()["session_id"]
    bench.call("GET", "/3/authentication/session/new", request_token=approved)
    bench.call("POST", "/3/movie/550/rating", session_id=session)
    bench.token()
    yield bench
    bench.http.close()


async def test_it_looks_well_in_every_size_and_theme(chromium: Browser, bench: Bench, screens: Path) -> None:
    context = await chromium.new_context()
    page = await context.new_page()
    root = bench.page.partition("/inspect")[0]
    for name, address in (("worlds", f"{root}/"), ("docs", f"{root}/docs"), ("world", bench.page)):
        await page.goto(address)
        await page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert await page.evaluate(UNMARKED) == 0
        for width, height in SIZES.items():
            await page.set_viewport_size({"width": width, "height": height})
            for theme in THEMES:
                await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                await page.screenshot(path=screens / f"inspector-{name}-{width}-{theme}.png", full_page=True)
                assert await violations(page) == []
            assert await page.evaluate(SIDEWAYS) == 0
        await page.set_viewport_size({"width": 320, "height": 640})
        assert await page.evaluate(SIDEWAYS) == 0
        assert await page.evaluate(CUT_OFF) == []
        assert await page.evaluate(SMALL) == []
    await context.close()


async def test_its_buttons_work_without_a_script(chromium: Browser, bench: Bench) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(bench.page)
    pending = page.locator("section", has=page.get_by_role("heading", name="Request tokens"))
    await pending.get_by_role("button", name=re.compile("^Approve")).click()
    await expect(pending).to_contain_text("approved by mira")
    token = bench.token()
    await page.goto(bench.page)
    await pending.get_by_role("button", name=re.compile("^Deny")).click()
    await expect(pending).to_contain_text("denied")
    assert bench.call("GET", "/3/authentication/session/new", request_token=token).status_code == 401

    clock = page.locator("section", has=page.get_by_role("heading", name="Clock"))
    await expect(clock).to_contain_text("2027-01-15 08:00:00.000 UTC")
    await clock.get_by_role("button", name="+ 15 min").click()
    await expect(clock).to_contain_text("2027-01-15 08:15:00.000 UTC")
    await clock.get_by_label("Advance by").fill("1h30m")
    await clock.get_by_role("button", name="Advance").click()
    await expect(clock).to_contain_text("2027-01-15 09:45:00.000 UTC")
    bench.token()
    await page.goto(bench.page)
    await pending.get_by_role("button", name=re.compile("^Let it expire")).first.click()
    await expect(clock).to_contain_text("2027-01-15 10:45:00.000 UTC")
    await expect(pending).to_contain_text("expired")
    await page.get_by_role("button", name="Reset this world").click()
    await expect(pending).to_contain_text("No app has asked for one yet.")
    await context.close()


async def test_news_come_by_themselves(chromium: Browser, bench: Bench) -> None:
    context = await chromium.new_context()
    page = await context.new_page()

    async def meanwhile(route: Route) -> None:
        await asyncio.to_thread(bench.call, "GET", "/3/nowhere")
        await route.continue_()

    await page.route("**/live*", meanwhile)
    await page.goto(bench.page)
    # What happens between the page and its line to the news is told as well as what happens later.
    await expect(page.get_by_text("There is no such operation or page.")).to_be_visible()
    await asyncio.to_thread(bench.call, "PUT", "/3/movie/550/rating")
    await expect(page.get_by_text("but not with this method")).to_be_visible()
    await context.close()


async def test_a_line_that_broke_goes_on_where_it_was(bench: Bench) -> None:
    newest = bench.http.get(f"{bench.control}/log").json()["newest"]
    told = {"last-event-id": str(newest - 1)}
    for headers, query in ((told, "after=0"), ({}, f"after={newest - 1}"), ({}, f"after={newest + 5}")):
        with bench.http.stream("GET", f"{bench.page}/live?{query}", headers=headers) as answer:
            lines = answer.iter_lines()
            assert next(line for line in lines if line.startswith("data:")) == f"data: {newest}"
    assert bench.http.get(f"{bench.page}/live?after=x").status_code == 422


async def test_nothing_on_it_is_a_secret(bench: Bench) -> None:
    html = bench.http.get(bench.page).text

    assert not re.findall(r"[0-9a-f]{26,}|eyJ[\w-]{9,}", html.replace("sha", ""))
    assert bench.made["people"][0]["password"] not in html
