"""One person at one browser tab."""

from typing import Any, Self
from urllib.parse import quote

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.stage import ADDRESS, Stage
from tests.world import PASSWORD

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Tab:
    """A tab at a stage; closing it fails if the browser ever said that a page broke its own policy."""

    def __init__(self, stage: Stage, context: BrowserContext, page: Page) -> None:
        self.stage, self.context, self.page = stage, context, page
        self.complaints: list[str] = []
        page.on("console", lambda message: self._hear(message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"a script failed: {error}"))
        page.on("dialog", lambda dialog: self.complaints.append(f"a dialog opened: {dialog.message}"))
        page.set_default_timeout(15_000)

    @classmethod
    async def open_in(cls, chromium: Browser, stage: Stage, **options: Any) -> Self:
        """A fresh browser window with nothing kept from before."""
        options = {"ignore_https_errors": True, "extra_http_headers": {"x-forwarded-for": ADDRESS}, **options}
        context = await chromium.new_context(base_url=stage.url, **options)
        return cls(stage, context, await context.new_page())

    async def ask(self, token: str, redirect_to: str | None = None) -> None:
        """Open what an app asks."""
        query = f"?redirect_to={quote(redirect_to, safe='')}" if redirect_to else ""
        await self.page.goto(f"/authenticate/{token}{query}")

    async def sign_in(self, username: str = "mira") -> None:
        """Sign in on the page that is open, or on one of its own, by keyboard."""
        if "/signin" not in self.page.url:
            await self.page.goto("/signin")
        await self.page.get_by_label("Username").fill(username)
        await self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        await self.page.keyboard.press("Enter")
        await expect(self.page.get_by_role("heading", name="Sign in")).to_have_count(0)

    async def press(self, name: str) -> None:
        """Rest on the ticket as people do, then click."""
        await self.page.hover(".ticket h1")
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def sees(self, heading: str) -> None:
        """Wait for a page with this heading."""
        await expect(self.page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_visible()

    async def violations(self) -> list[str]:
        """What axe finds wrong with the page."""
        return await violations(self.page)

    async def close(self) -> None:
        """Close the browser window; whatever it complained of fails the test now."""
        await self.page.wait_for_timeout(50)  # complaints about policy can come late
        await self.context.close()
        assert self.complaints == []

    def _hear(self, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.complaints.append(text)


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page."""
    found = (await Axe().run(page, options={"runOnly": RULES})).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
