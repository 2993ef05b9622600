"""Passkeys in Chromium, with its virtual authenticator: what works, and what is refused (ux.md §10)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, CDPSession, expect

from admitone.flows.people import passkeys
from tests.browser.stage import Stage
from tests.browser.tab import Tab
from tests.world import PASSWORD

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
    "defaultBackupEligibility": True,
    "defaultBackupState": True,
}


class Device:
    """The authenticator of one tab, as its person holds it in their hand."""

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp
        self.id = ""

    @classmethod
    async def of(cls, tab: Tab, **options: Any) -> "Device":
        device = cls(await tab.context.new_cdp_session(tab.page))
        await device._cdp.send("WebAuthn.enable", {"enableUI": False})
        await device.plug_in(**options)
        return device

    async def plug_in(self, **options: Any) -> None:
        answer = await self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **options}})
        self.id = answer["authenticatorId"]

    async def unplug(self) -> None:
        await self.tell("removeVirtualAuthenticator")

    async def tell(self, command: str, **values: Any) -> Any:
        return await self._cdp.send(f"WebAuthn.{command}", {"authenticatorId": self.id, **values})

    async def credentials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.tell("getCredentials"))["credentials"]
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def tab(chromium: Browser, named_stage: Stage) -> AsyncIterator[Tab]:
    """A fresh browser at an address that passkeys can be bound to."""
    tab = await Tab.open_in(chromium, named_stage)
    yield tab
    await tab.close()
    mira = named_stage.world.mira.id
    for each in named_stage.run(named_stage.world.house.read(passkeys.all_of, mira)):
        named_stage.run(named_stage.world.house.write(passkeys.remove, mira, each.id, ""))


async def create(tab: Tab) -> None:
    """Mira creates a passkey on her own page."""
    await tab.sign_in()
    await tab.page.goto("/account/security/passkeys/new")
    await tab.page.get_by_role("button", name="Create a passkey").click()
    await expect(tab.page.get_by_role("status").first).to_have_text("Passkey created")


async def sign_out(tab: Tab) -> None:
    await tab.page.goto("/signout")
    await tab.page.get_by_role("button", name="Sign out").click()
    await tab.sees("You are signed out")


async def press(tab: Tab) -> None:
    await tab.page.get_by_role("button", name="Sign in with a passkey").click()


async def is_in(tab: Tab) -> None:
    await expect(tab.page.get_by_text("@mira")).to_be_visible()


async def is_verified_at_the_second_try(tab: Tab, device: Device) -> None:
    """On the page for signing in: the device does not know its owner at first."""
    await device.tell("setUserVerified", isUserVerified=False)
    await tab.page.goto("/signin")
    await press(tab)
    await status(tab, "That was cancelled. Try again, or use your password.")
    await device.tell("setUserVerified", isUserVerified=True)
    await press(tab)


async def status(tab: Tab, said: str) -> None:
    await expect(tab.page.get_by_role("status").last).to_have_text(said)


@pytest.mark.holds("A9")
async def test_a_passkey_is_created_once_and_signs_in_by_button(tab: Tab) -> None:
    # Without presence the question behind the autofill list stays open, and the button has to end it.
    device = await Device.of(tab)
    await create(tab)
    await tab.page.goto("/account/security/passkeys/new")
    await tab.page.get_by_role("button", name="Create a passkey").click()
    await status(tab, "This device already has a passkey for your account.")
    await sign_out(tab)
    await device.tell("setAutomaticPresenceSimulation", enabled=False)
    await tab.page.goto("/signin")
    await tab.page.evaluate("() => PublicKeyCredential.isConditionalMediationAvailable()")
    await expect(tab.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await device.tell("setAutomaticPresenceSimulation", enabled=True)
    await press(tab)
    await is_in(tab)


async def test_autofill_signs_in_by_itself(tab: Tab) -> None:
    await Device.of(tab)
    await create(tab)
    await sign_out(tab)
    await tab.page.goto("/signin")
    await is_in(tab)


async def test_who_is_not_verified_gets_nowhere_and_may_try_again(tab: Tab) -> None:
    device = await Device.of(tab)
    await create(tab)
    await sign_out(tab)
    await is_verified_at_the_second_try(tab, device)
    await is_in(tab)


async def test_a_device_without_the_passkey_gets_nowhere(tab: Tab) -> None:
    device = await Device.of(tab)
    await create(tab)
    await sign_out(tab)
    await device.tell("clearCredentials")
    await tab.page.goto("/signin")
    await press(tab)
    await status(tab, "That was cancelled. Try again, or use your password.")


@pytest.mark.holds("A9")
async def test_a_copy_whose_count_is_behind_is_turned_away(tab: Tab) -> None:
    device = await Device.of(tab)
    await create(tab)
    [kept] = await device.credentials()
    for _ in range(2):
        await sign_out(tab)
        await tab.page.goto("/signin")
        await is_in(tab)
    await sign_out(tab)
    await device.unplug()
    await device.plug_in()
    await device.tell("addCredential", credential={**kept, "signCount": 0})
    await tab.page.goto("/signin")
    await expect(tab.page.get_by_role("alert")).to_contain_text("That didn’t work")


@pytest.mark.holds("A9")
async def test_a_forged_signature_is_turned_away(tab: Tab) -> None:
    device = await Device.of(tab)
    await create(tab)
    await sign_out(tab)
    await device.tell("setResponseOverrideBits", isBogusSignature=True)
    await tab.page.goto("/signin")
    await expect(tab.page.get_by_role("alert")).to_contain_text("That didn’t work")


async def test_a_key_that_keeps_no_passkeys_creates_none(tab: Tab) -> None:
    await Device.of(tab, hasResidentKey=False)
    await tab.sign_in()
    await tab.page.goto("/account/security/passkeys/new")
    await tab.page.get_by_role("button", name="Create a passkey").click()
    await status(tab, "Nothing was created. You can try again any time.")


async def test_a_passkey_that_was_removed_here_is_said_to_be_unknown(tab: Tab) -> None:
    await Device.of(tab)
    await create(tab)
    await tab.page.get_by_role("link", name="Remove…").click()
    await tab.page.get_by_role("button", name="Remove").click()
    await expect(tab.page.get_by_text("You have no passkey yet.")).to_be_visible()
    await sign_out(tab)
    await tab.page.goto("/signin")
    await expect(tab.page.get_by_role("alert")).to_contain_text("This passkey isn’t connected to an account here.")


async def test_a_passkey_confirms_before_a_sensitive_page(tab: Tab, named_stage: Stage) -> None:
    await Device.of(tab)
    await create(tab)
    named_stage.clock.advance(15 * 60_000)
    await tab.page.goto("/account/security/app-passwords")
    await tab.sees("Confirm it’s you")
    await tab.page.get_by_role("button", name="Use a passkey").click()
    await tab.sees("App passwords")


@pytest.mark.holds("A16")
async def test_whoever_leaves_comes_back_by_passkey_and_keeps_the_account(tab: Tab) -> None:
    device = await Device.of(tab)
    await create(tab)
    await tab.page.goto("/account/delete")
    await tab.page.get_by_label("Type your username, mira").fill("mira")
    await tab.page.get_by_role("button", name="Delete my account").click()
    await tab.sees("Your account is set to be deleted")
    await is_verified_at_the_second_try(tab, device)
    await expect(tab.page.get_by_role("heading", level=1)).to_contain_text("Your account is set to be deleted on ")
    assert await tab.violations() == []
    await tab.page.get_by_role("button", name="Keep my account").click()
    await tab.sees("Your account stays")
    await tab.page.goto("/signin")
    await is_in(tab)


async def test_without_script_there_is_the_password(chromium: Browser, named_stage: Stage) -> None:
    tab = await Tab.open_in(chromium, named_stage, java_script_enabled=False)
    await tab.page.goto("/signin")
    await expect(tab.page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    await tab.page.get_by_label("Username").fill("mira")
    await tab.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await tab.page.get_by_role("button", name="Sign in").click()
    await is_in(tab)
    await tab.page.goto("/account/security/passkeys/new")
    await expect(tab.page.get_by_text("Creating a passkey needs JavaScript.")).to_be_visible()
    await tab.close()
