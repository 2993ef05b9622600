"""A person at a real browser: opens what an app asks of them, signs in, approves."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from playwright.sync_api import Page, expect, sync_playwright

from tests import chromium
from tests.world import PASSWORD

T = TypeVar("T")


def approve(link: str, username: str = "mira", password: str = PASSWORD) -> str:
    """Open a link, sign in, approve; the address on which the browser ends."""

    def do(page: Page) -> str:
        page.goto(link)
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(link)
        # The button is armed by a hand that rests on the ticket first.
        page.hover(".ticket h1")
        page.get_by_role("button", name="Approve", exact=True).click()
        page.wait_for_url("**/allow")
        return page.url

    return _in_chromium(do)


def approve_by_hooks(link: str, username: str = "mira", password: str = PASSWORD) -> str:
    """The same at the page of the fourth generation, as machines do it: by what they look for (client rules 15)."""

    def do(page: Page) -> str:
        page.goto(link)
        page.locator("a", has_text=re.compile("^Login$")).click()
        page.locator("#username").fill(username)
        page.locator("#password").fill(password)
        page.locator("button#login_button").click()
        page.locator('input[value="Approve"]').click()
        page.wait_for_url("**/auth/access/approve")
        return page.url

    return _in_chromium(do)


def _in_chromium(do: Callable[[Page], T]) -> T:
    """Do something in a fresh browser; on a thread, because Playwright wants an event loop for itself."""

    def run() -> T:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.path(), args=list(chromium.FLAGS))
            page = browser.new_page()
            page.set_default_timeout(60_000)
            try:
                return do(page)
            finally:
                browser.close()

    with ThreadPoolExecutor(1) as aside:
        return aside.submit(run).result()
