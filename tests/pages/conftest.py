"""What the tests of the pages share."""

from collections.abc import AsyncIterator

import pytest

from admitone.flows import apps
from admitone.flows.apps import Registration
from tests.pages.browser import CALLBACK, Browser
from tests.world import Registered, World


@pytest.fixture
async def browser(world: World) -> AsyncIterator[Browser]:
    """A browser on which nobody is signed in."""
    browser = Browser(world)
    yield browser
    await browser.http.aclose()


@pytest.fixture
async def mira(browser: Browser) -> Browser:
    """Mira's browser, signed in."""
    await browser.sign_in("mira")
    return browser


@pytest.fixture
async def listed(world: World) -> Registered:
    """An app that has registered where people may be sent back to, one address of each kind."""
    addresses = (CALLBACK, "http://127.0.0.1/back", "paperboy://back")
    return Registered(*await world.house.write(apps.add, Registration("Paper Boy", "tomas", addresses=addresses)))
