"""What the tests of these pages share: a house that sends mail, and takes everybody."""

import re
from dataclasses import dataclass, replace

import httpx
import pytest

from admitone.basics.mail import Kept, Mail
from admitone.flows.people import outbox
from admitone.model.people.joining import SignUp
from tests.pages.browser import SITE, Browser, Form
from tests.post import MIRAS, give_address, posting
from tests.world import World

PASSWORD = "nine purple umbrellas dance"


@dataclass
class Town:
    """A world with a post office, and browsers in it."""

    world: World
    kept: Kept

    def browser(self, contact: str = "") -> Browser:
        return Browser(self.world, replace(SITE, contact=contact))

    def having(self, **choices: object) -> "Town":
        """The same town under an operator who chose otherwise."""
        return Town(replace(self.world, house=replace(self.world.house, **choices)), self.kept)  # type: ignore[arg-type]

    async def mails(self) -> list[Mail]:
        """Every mail that has been sent, after sending what waits."""
        await outbox.deliver(self.world.house)
        return list(self.kept.mails)

    async def link(self, path: str) -> str:
        """The link of this kind in the newest mail that has one."""
        for mail in reversed(await self.mails()):
            if found := re.search(rf"{path}/[0-9a-f]{{40}}", mail.text):
                return found[0]
        raise AssertionError(path)

    async def code(self) -> str:
        """The code in the newest mail that has one."""
        for mail in reversed(await self.mails()):
            if found := re.search(r"^ {4}(\d{8})$", mail.text, re.MULTILINE):
                return found[1]
        raise AssertionError


@pytest.fixture
async def town(world: World) -> Town:
    """Mira has a confirmed address; anybody may sign up."""
    kept = Kept()
    house = replace(posting(world.house, kept), sign_up=SignUp.OPEN)
    await house.write(give_address, world.mira.id, MIRAS)
    return Town(replace(world, house=house), kept)


async def sign_up(browser: Browser, username: str, email: str, password: str = PASSWORD) -> httpx.Response:
    page = await browser.get("/signup")
    return await browser.press(page, username=username, email=email, password=password)


def form_of(page: httpx.Response, number: int = 0) -> Form:
    """One of several forms of a page, by its number."""
    return Form(re.findall(r"<form.*?</form>", page.text, re.DOTALL)[number])


async def enter(browser: Browser, page: httpx.Response, code: str) -> httpx.Response:
    """Type a code into the first form of a page."""
    form = form_of(page)
    return await browser.send(form.action, {**form.hidden, "code": code})
