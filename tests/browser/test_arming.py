"""Approve ignores a mouse that has only just arrived, and nothing and nobody else (ux.md §4, §9)."""

import pytest
from playwright.async_api import Browser, expect

from admitone.model.request_tokens import State
from tests.browser.stage import Stage
from tests.browser.tab import Tab


async def asked(tab: Tab, stage: Stage) -> str:
    await tab.sign_in()
    token = stage.token(stage.app())
    await tab.page.mouse.move(1, 1)
    await tab.ask(token)
    await expect(tab.page.get_by_role("button", name="Approve")).to_be_visible()
    return token


async def middle(tab: Tab, name: str) -> tuple[float, float]:
    button = tab.page.get_by_role("button", name=name)
    await button.scroll_into_view_if_needed()
    box = await button.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.holds("B4")
async def test_a_click_right_after_the_mouse_arrives_is_ignored_and_a_rested_one_works(tab: Tab, stage: Stage) -> None:
    token = await asked(tab, stage)
    x, y = await middle(tab, "Approve")
    await tab.page.mouse.click(x, y)
    await tab.page.mouse.dblclick(x, y)
    assert stage.state(token) is State.PENDING
    await tab.page.wait_for_timeout(700)
    await tab.page.mouse.click(x, y)
    await tab.page.wait_for_url(f"**/authenticate/{token}/allow")


async def test_deny_never_waits(tab: Tab, stage: Stage) -> None:
    token = await asked(tab, stage)
    await tab.page.mouse.click(*await middle(tab, "Deny"))
    await tab.page.wait_for_url(f"**/authenticate/{token}/deny")


async def test_leaving_the_ticket_disarms_it_again(tab: Tab, stage: Stage) -> None:
    token = await asked(tab, stage)
    x, y = await middle(tab, "Approve")
    await tab.page.mouse.move(x, y)
    await tab.page.wait_for_timeout(700)
    await tab.page.mouse.move(1, 1)
    await tab.page.mouse.click(x, y)
    await tab.page.wait_for_timeout(200)
    assert stage.state(token) is State.PENDING


async def test_the_keyboard_works_at_once_and_deny_comes_first(tab: Tab, stage: Stage) -> None:
    token = await asked(tab, stage)
    await tab.page.get_by_role("link", name="Not you?").focus()
    await tab.page.keyboard.press("Tab")
    await expect(tab.page.get_by_role("button", name="Deny")).to_be_focused()
    await tab.page.keyboard.press("Tab")
    await expect(tab.page.get_by_role("button", name="Approve")).to_be_focused()
    await tab.page.keyboard.press("Enter")
    await tab.page.wait_for_url(f"**/authenticate/{token}/allow")


async def test_assistive_technology_works_at_once(tab: Tab, stage: Stage) -> None:
    token = await asked(tab, stage)
    await tab.page.get_by_role("button", name="Approve").evaluate("button => button.click()")
    await tab.page.wait_for_url(f"**/authenticate/{token}/allow")


async def test_a_finger_works_at_once(chromium: Browser, stage: Stage) -> None:
    size = {"width": 390, "height": 844}
    tab = await Tab.open_in(chromium, stage, has_touch=True, is_mobile=True, viewport=size)
    await tab.sign_in()
    token = stage.token(stage.app())
    await tab.ask(token)
    await tab.page.get_by_role("button", name="Approve").tap()
    await tab.page.wait_for_url(f"**/authenticate/{token}/allow")
    await tab.close()


async def test_no_motion_does_not_leave_it_dead(chromium: Browser, stage: Stage) -> None:
    tab = await Tab.open_in(chromium, stage, reduced_motion="reduce")
    token = await asked(tab, stage)
    await tab.press("Approve")
    await tab.page.wait_for_url(f"**/authenticate/{token}/allow")
    await tab.close()
