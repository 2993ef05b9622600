"""Every page in every state: nothing for axe to find, nothing cut off, in each size and theme."""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser

from tests.browser.film_scenes import FILM_SCENES
from tests.browser.people_scenes import PEOPLE_SCENES
from tests.browser.scenes import SCENES, Scene, approve
from tests.browser.stage import Stage
from tests.browser.tab import Tab

SIZES = {390: 844, 1280: 900}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What would be cut off: text wider than the button, heading or paragraph that holds it.
CUT_OFF = """() => [...document.querySelectorAll('h1, h2, p, a, button, dd, dt, label, li, strong')]
    .filter(each => !each.closest('.visually-hidden, .skip'))
    .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline')
    .map(each => each.outerHTML)"""
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden])')]
    .filter(each => !each.matches('.skip, .visually-hidden') && each.checkVisibility())
    .map(each => [each.getBoundingClientRect(), each])
    .filter(([box]) => box.width < 24 || box.height < 24)
    .map(([, each]) => each.outerHTML)"""
UNMARKED = "() => document.querySelectorAll('[style], style, script:not([src])').length"


@pytest.fixture
def screens(tmp_path: Path) -> Path:
    """Where the pictures go: a folder of the test, or the one that whoever wants to look at them has named."""
    folder = Path(os.environ.get("ADMITONE_SCREENS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("scene", [*SCENES, *PEOPLE_SCENES, *FILM_SCENES], ids=lambda scene: scene.__name__)
async def test_every_page_in_every_size_and_theme(tab: Tab, stage: Stage, screens: Path, scene: Scene) -> None:
    await scene(tab, stage)
    assert await tab.page.evaluate(UNMARKED) == 0
    if not stage.on_sqlite:
        return  # the same page, drawn alike: what matters here is that this database leads to it
    for width, height in SIZES.items():
        await tab.page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            # Without motion there is no moment between two colours to be caught in.
            await tab.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            await tab.page.screenshot(path=screens / f"{scene.__name__}-{width}-{theme}.png", full_page=True)
            # Colours do not depend on the width, nor does the order of things on the theme.
            if (width, theme) != (1280, "dark"):
                assert await tab.violations() == []
        assert await tab.page.evaluate(SIDEWAYS) == 0
    await tab.page.set_viewport_size({"width": 320, "height": 640})
    assert await tab.page.evaluate(SIDEWAYS) == 0
    assert await tab.page.evaluate(CUT_OFF) == []
    assert await tab.page.evaluate(SMALL) == []
    await tab.page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    await tab.page.set_viewport_size({"width": 640, "height": 900})
    assert await tab.page.evaluate(SIDEWAYS) == 0
    assert await tab.page.evaluate(CUT_OFF) == []


async def test_on_a_phone_the_buttons_are_in_sight(tab: Tab, stage: Stage) -> None:
    await tab.page.set_viewport_size({"width": 390, "height": 844})
    await approve(tab, stage)
    box = await tab.page.get_by_role("button", name="Approve").bounding_box()
    assert box
    assert box["y"] + box["height"] < 760


async def test_deny_and_approve_are_of_one_size(tab: Tab, stage: Stage) -> None:
    await approve(tab, stage)
    boxes = [await tab.page.get_by_role("button", name=name).bounding_box() for name in ("Deny", "Approve")]
    assert boxes[0]
    assert boxes[1]
    assert [boxes[0][side] for side in ("width", "height", "y")] == [
        boxes[1][side] for side in ("width", "height", "y")
    ]


async def test_without_any_script_everything_works(chromium: Browser, stage: Stage) -> None:
    tab = await Tab.open_in(chromium, stage, java_script_enabled=False)
    app = stage.app()
    token = stage.token(app)
    await tab.ask(token)
    await tab.sees("Sign in")
    assert await tab.page.get_by_role("button", name="Show password").count() == 0
    await tab.page.get_by_label("Username").fill("mira")
    await tab.page.get_by_label("Password", exact=True).fill("wrong")
    await tab.page.get_by_role("button", name="Sign in").click()
    await tab.page.get_by_role("alert").wait_for()
    await tab.sign_in()
    await tab.press("Approve")
    await tab.sees(f"{app.app.name} is connected")
    await tab.page.goto("/")
    await tab.page.get_by_role("button", name="Sign out").click()
    await tab.sees("You are signed out")
    await tab.close()
