"""Whatever people are given to prove who they are is in no file of the database, in no log and in no dump (S1, S2)."""

import base64
import re

import pytest

from admitone.basics import one_time_codes
from admitone.flows.people import invitations
from admitone.model.people.factors import step_of
from tests.factors import STEP_MS
from tests.pages.browser import Browser, Form
from tests.pages.people.conftest import Town, enter, form_of, sign_up, town
from tests.pages.test_passkeys import created
from tests.pages.test_security import APP_PASSWORDS, CODE, CODES, SETUP, secret_on
from tests.wire.conftest import Log, logged
from tests.wire.test_vault import Vault, found, lines_of
from tests.world import PASSWORD

__all__ = ["logged", "town"]

NEW, NEWER = "eleven quiet harbours sing", "twelve louder harbours hum"
LINK = re.compile(r"/(?:verify|reset|revert|disconnect)/([0-9a-f]{40})")


class Holder:
    """One person, who does all that there is to do with what proves them; `secrets` are all they were ever given."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.browser = town.browser()
        self.secrets: dict[str, str] = {}

    def keep(self, what: str, *secrets: str) -> None:
        """Remember secrets, each with what it is."""
        assert secrets, what
        self.secrets.update(dict.fromkeys(secrets, what))

    def cookies(self, browser: Browser) -> None:
        """Remember what a browser was given."""
        for cookie in browser.http.cookies.jar:
            if cookie.value and len(cookie.value) > 15:
                self.keep(f"cookie {cookie.name}", cookie.value)

    async def tell(self) -> None:
        """The whole story."""
        await self._factors()
        await self._ways_in()
        await self._mail()
        self.keep("invitation", (await self.town.world.house.write(invitations.invite, 7, "")).text)
        self.keep("password", PASSWORD, NEW, NEWER)
        self.keep("link in a mail", *{found for mail in await self.town.mails() for found in LINK.findall(mail.text)})

    def _code(self) -> str:
        return one_time_codes.code_at(self._secret, step_of(self.town.world.clock.now()))

    async def _factors(self) -> None:
        browser = self.browser
        await browser.sign_in("mira")
        self.cookies(browser)
        passkey = await created(browser)
        self.passkey = passkey
        page = await browser.get(SETUP)
        self._secret = secret_on(page.text)
        base32 = base64.b32encode(self._secret).decode().rstrip("=")
        self.keep("secret of an authenticator app", base32, base32.lower(), self._secret.hex())
        codes = await browser.press(page, code=self._code())
        self._keep_codes(codes.text)
        self.town.world.clock.advance(STEP_MS)
        again = await browser.press(await browser.get(CODES))
        self._keep_codes(again.text)
        made = await browser.press(await browser.get(APP_PASSWORDS), name="Player")
        shown = made if made.status_code == 200 else await browser.follow(made.headers["location"])
        app_password = CODE.findall(shown.text)
        self.keep("app password", *app_password, *(each.replace("-", "") for each in app_password))

    def _keep_codes(self, text: str) -> None:
        self.codes = list(dict.fromkeys(CODE.findall(text.partition('id="codes"')[2])))
        assert len(self.codes) == 10
        self.keep("recovery code", *self.codes, *(code.replace("-", "") for code in self.codes))

    async def _ways_in(self) -> None:
        for way in ("code", "recovery", "wrong"):
            self.town.world.clock.advance(STEP_MS)
            browser = self.town.browser()
            await browser.press(await browser.get("/signin"), username="mira", password=PASSWORD)
            self.cookies(browser)
            path = "/signin/recovery" if way == "recovery" else "/signin/code"
            typed = {"code": self._code(), "recovery": self.codes[0], "wrong": self.codes[1]}[way]
            await browser.press(await browser.get(path), code=typed)
            self.cookies(browser)
        browser = self.town.browser()
        form = Form((await browser.get("/signin")).text, "/signin/passkey")
        sent = {**form.hidden, "credential": self.passkey.sign(form.said["data-options"])}
        await browser.send(form.action, sent)
        self.cookies(browser)
        token = await self.town.world.token(self.town.world.reelsync)
        asked = self.town.browser()
        await asked.get(f"/authenticate/{token}")
        self.cookies(asked)
        self.keep("request token", token)

    async def _mail(self) -> None:
        nora = self.town.browser()
        await sign_up(nora, "nora", "nora@example.org", NEW)
        await enter(nora, await nora.get("/verify"), await self.town.code())
        page = form_of(await nora.get("/account/email"), -1)
        await nora.send(page.action, {**page.hidden, "email": "new@example.org"})
        await enter(nora, await nora.get("/verify"), await self.town.code())
        forgetful = self.town.browser()
        await forgetful.press(await forgetful.get("/forgot"), username="nora")
        await forgetful.press(await forgetful.get(await self.town.link("/reset")), password=NEWER)
        for browser in (nora, forgetful):
            self.cookies(browser)


@pytest.mark.timeout(400)  # the write-ahead log has what all other tests wrote meanwhile as well
@pytest.mark.holds("S1", "S2", "A8", "A12")
async def test_nothing_that_proves_anybody_is_anywhere(town: Town, database_url: str, logged: Log) -> None:
    vault, holder = Vault(town.world, database_url), Holder(town)
    await vault.open()
    await holder.tell()
    kinds = set(holder.secrets.values())
    assert {"recovery code", "app password", "invitation", "link in a mail", "password"} <= kinds
    assert {"cookie __Host-visit", "cookie __Host-device"} <= kinds
    assert len(holder.secrets) > 60
    assert found(holder.secrets, {**await vault.places(), **lines_of(logged)}) == []
