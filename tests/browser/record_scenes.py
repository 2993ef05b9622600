"""The pages on which people bring what they have, take it away, and leave."""

from playwright.async_api import FilePayload

from admitone.flows import accounts
from admitone.flows.records import works
from tests.browser.stage import Stage
from tests.browser.tab import Tab
from tests.model.records import samples
from tests.world import PASSWORD


async def records(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await tab.page.goto("/account/data")
    await tab.page.get_by_role("button", name="Make").click()
    await tab.page.goto("/account/data")
    await tab.page.get_by_role("link", name="Download (ZIP").wait_for()


async def import_error(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await _choose(tab, "holiday.csv", b"a,b\n1,2\n")
    await tab.page.get_by_role("alert").wait_for()


async def import_shown(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await _choose(tab, "letterboxd.zip", samples.LETTERBOXD)
    await tab.sees("Import this?")


async def import_done(tab: Tab, stage: Stage) -> None:
    await import_shown(tab, stage)
    await tab.page.get_by_role("button", name="Import", exact=True).click()
    stage.run(works.work(stage.world.house))
    await tab.page.goto("/account/data/import")
    await tab.sees("Your import is done")


async def delete_error(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await tab.page.goto("/account/delete")
    await tab.page.get_by_label("Type your username").fill("somebody")
    await tab.page.get_by_role("button", name="Delete my account").click()
    await tab.page.get_by_role("alert").wait_for()


async def leaving(tab: Tab, stage: Stage) -> None:
    name = f"leaver{stage.clock.now()}"
    stage.run(accounts.add(stage.world.house, name, PASSWORD))
    stage.clock.advance(1)
    await tab.sign_in(name)
    await tab.page.goto("/account/delete")
    await tab.page.get_by_label("Type your username").fill(name)
    await tab.page.get_by_role("button", name="Delete my account").click()
    await tab.sees("Your account is set to be deleted")
    await tab.page.goto("/signin")
    await tab.page.get_by_label("Username").fill(name)
    await tab.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await tab.page.keyboard.press("Enter")
    await tab.page.get_by_role("button", name="Delete it now").wait_for()


async def _choose(tab: Tab, name: str, content: bytes) -> None:
    await tab.page.goto("/account/data/import?new=1")
    kind = "application/zip" if name.endswith("zip") else "text/csv"
    sent = FilePayload(name=name, mimeType=kind, buffer=content)
    await tab.page.get_by_label("File or files").set_input_files(sent)
    await tab.page.get_by_role("button", name="Read the file").click()
