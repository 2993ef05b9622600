"""However often a thief changes an address, whoever had it first takes it back, and the thief cannot (A10, A17)."""

import re
from dataclasses import replace

import pytest

from admitone.basics.mail import Kept, Mail, MailError
from admitone.flows.people import addresses, outbox
from admitone.flows.records import leaving
from admitone.model.faults import Fault
from admitone.model.limits import LINKS_TO_ADDRESS
from admitone.model.people.links import LIFE_MS, Purpose
from admitone.model.people.posting import CLAIM_MS, pause_ms
from tests.pages.browser import Browser, words
from tests.pages.people.conftest import Town, enter
from tests.pages.people.test_forgot import NEWER, ask, change_address
from tests.post import MIRAS, posting
from tests.store.aside import fault_of, rows
from tests.world import NETWORK

THIEFS = "thief@example.org"
ELSEWHERE = "elsewhere@example.org"


class Slow(Kept):
    """A mail server that takes nothing for some mailboxes yet."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: set[str] = set()

    async def send(self, mail: Mail) -> None:
        if mail.to in self.waiting:
            raise MailError("later")
        await super().send(mail)


class Scene:
    """A thief who has Mira's password and two mailboxes, and Mira, who has her own."""

    def __init__(self, town: Town) -> None:
        self.sender = Slow()
        house = posting(town.world.house, self.sender)
        self.town = Town(replace(town.world, house=house), self.sender)
        self.world, self.thief, self.mira = self.town.world, self.town.browser(), self.town.browser()

    async def change(self, to: str) -> None:
        """The thief changes the address and confirms the new one."""
        await change_address(self.town, self.thief, to)
        assert (await enter(self.thief, await self.thief.get("/verify"), await self.town.code())).status_code == 303

    async def link(self, path: str, to: str) -> str:
        """The newest link of a kind that a mailbox has got."""
        mails = [mail.text for mail in await self.town.mails() if mail.to == to]
        found = [found[0] for text in mails if (found := re.search(rf"{path}/[0-9a-f]{{40}}", text))]
        return found[-1]

    async def address(self) -> str | None:
        """Mira's address as it stands."""
        return (await self.world.house.read(addresses.of_account, self.world.mira.id)).email

    async def send_what_waits(self) -> list[str]:
        """Every mailbox takes mail again, as often as it is tried: where something has come since."""
        before = len(self.sender.mails)
        self.sender.waiting.clear()
        for tries in range(1, 4):
            self.world.clock.advance((pause_ms(tries) or 0) + CLAIM_MS)
            await outbox.deliver(self.world.house)
        return [mail.to for mail in list(self.sender.mails)[before:]]


@pytest.fixture
async def scene(town: Town) -> Scene:
    """The thief is in, by the password."""
    made = Scene(town)
    await made.thief.sign_in("mira")
    return made


async def presses(browser: Browser, link: str) -> int:
    """The answer to the one button behind a link; 404 when the link does not work."""
    page = await browser.get(link)
    return page.status_code if page.status_code == 404 else (await browser.press(page)).status_code


@pytest.mark.holds("A10", "A17")
async def test_a17_a_thief_who_takes_a_second_change_back_does_not_end_the_owner_s_link(scene: Scene) -> None:
    world = scene.world
    await scene.change(THIEFS)
    await scene.change(ELSEWHERE)
    owners, thiefs = await scene.link("/revert", MIRAS), await scene.link("/revert", THIEFS)
    assert await presses(scene.thief, thiefs) == 303
    assert await scene.address() == THIEFS
    stolen = await scene.link("/reset", THIEFS)
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    assert await fault_of(leaving.erase_now(world.house, world.mira.id)) is Fault.ADDRESS_CHANGED_LATELY
    assert await presses(scene.mira, owners) == 303
    assert await scene.address() == MIRAS
    assert (await scene.thief.get(stolen)).status_code == 404
    assert await world.house.read(rows, "known_places") == 0
    own = await scene.link("/reset", MIRAS)
    assert (await scene.mira.press(await scene.mira.get(own), password=NEWER)).status_code == 303
    assert "mira" in words(await scene.mira.get("/account"))


@pytest.mark.holds("A17")
async def test_a17_taking_a_change_back_ends_the_links_to_what_came_after_it(scene: Scene) -> None:
    await scene.change(THIEFS)
    await scene.change(ELSEWHERE)
    owners, thiefs = await scene.link("/revert", MIRAS), await scene.link("/revert", THIEFS)
    assert await presses(scene.mira, owners) == 303
    assert await presses(scene.thief, thiefs) == 404
    assert await scene.address() == MIRAS


@pytest.mark.holds("A17")
async def test_a17_an_owner_whose_mailbox_was_slow_can_still_take_it_back(scene: Scene) -> None:
    scene.sender.waiting.add(MIRAS)
    await scene.change(THIEFS)
    await scene.change(ELSEWHERE)
    assert await presses(scene.thief, await scene.link("/revert", THIEFS)) == 303
    assert MIRAS in await scene.send_what_waits()
    assert await presses(scene.mira, await scene.link("/revert", MIRAS)) == 303
    assert await scene.address() == MIRAS


@pytest.mark.holds("A16", "A17")
async def test_a16_an_account_is_not_erased_before_the_old_mailbox_has_its_link(scene: Scene) -> None:
    world = scene.world
    await scene.change(THIEFS)
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    assert await fault_of(leaving.erase_now(world.house, world.mira.id)) is Fault.ADDRESS_CHANGED_LATELY
    scene.sender.waiting.add(MIRAS)
    await scene.town.mails()
    world.clock.advance(LIFE_MS[Purpose.REVERT])
    assert await fault_of(leaving.erase_now(world.house, world.mira.id)) is Fault.ADDRESS_CHANGED_LATELY
    assert MIRAS in await scene.send_what_waits()
    assert await fault_of(leaving.erase_now(world.house, world.mira.id)) is Fault.ADDRESS_CHANGED_LATELY
    assert await presses(scene.mira, await scene.link("/revert", MIRAS)) == 303
    assert await scene.address() == MIRAS


@pytest.mark.holds("A17")
async def test_a17_a_thief_s_slow_mailbox_hears_of_no_change_that_the_owner_has_taken_back(scene: Scene) -> None:
    await scene.change(THIEFS)
    scene.sender.waiting.add(THIEFS)
    await scene.change(ELSEWHERE)
    assert await presses(scene.mira, await scene.link("/revert", MIRAS)) == 303
    own = await scene.link("/reset", MIRAS)
    assert await scene.send_what_waits() == []
    assert (await scene.mira.press(await scene.mira.get(own), password=NEWER)).status_code == 303


@pytest.mark.holds("A2", "A17")
async def test_a17_however_many_were_asked_for_a_new_password_is_due_to_who_took_a_change_back(scene: Scene) -> None:
    for _ in range(LINKS_TO_ADDRESS.burst + 1):
        await ask(scene.thief, MIRAS)
    before = (await scene.town.mails())[-1]
    await scene.change(THIEFS)
    assert await presses(scene.mira, await scene.link("/revert", MIRAS)) == 303
    own = await scene.link("/reset", MIRAS)
    assert own not in before.text
    assert (await scene.mira.press(await scene.mira.get(own), password=NEWER)).status_code == 303


@pytest.mark.holds("A17")
async def test_a17_a_thief_s_slow_mailbox_gets_no_new_password_once_the_owner_has_one(scene: Scene) -> None:
    await scene.change(THIEFS)
    await scene.change(ELSEWHERE)
    thiefs = await scene.link("/revert", THIEFS)
    scene.sender.waiting.add(THIEFS)
    assert await presses(scene.thief, thiefs) == 303
    await scene.town.mails()
    assert await presses(scene.mira, await scene.link("/revert", MIRAS)) == 303
    own = await scene.link("/reset", MIRAS)
    assert await scene.send_what_waits() == []
    assert (await scene.mira.press(await scene.mira.get(own), password=NEWER)).status_code == 303
