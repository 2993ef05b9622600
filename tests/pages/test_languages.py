"""Pages speak the language of whoever reads them, all of it, and turn round where it is written from right to left."""

import re
from gettext import NullTranslations
from html import unescape

import pytest
from sqlalchemy import bindparam, update

from admitone.basics.languages import Language, languages
from admitone.flows.house import House
from admitone.store.engine.statements import Statement, no_row
from admitone.store.engine.tx import Tx
from admitone.store.schema import accounts
from tests.pages.browser import Browser, title, words
from tests.world import PASSWORD, World

BLANK = re.compile(r"(\{\w*\}|%\(\w+\)s|%%|<[^>]+>)")
SPEAK = Statement(update(accounts).where(accounts.c.username == "mira").values(iso_639_1=bindparam("language")), no_row)
# What nobody translates: names of people, apps and places, and the mark of our own.
NAMES = re.compile(
    r"Admit One|Mira Okafor|CineShelf|@ ?mira|mira|admit\.example|[\W\d_]+|\bM\b|Deutsch|English|Español|Français"
)


class Pseudo(NullTranslations):
    """Every message, unmistakably: in brackets, its blanks and tags kept."""

    def gettext(self, message: str) -> str:
        return "".join(part if BLANK.fullmatch(part) else re.sub(r"\w+", "¤", part) for part in BLANK.split(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(languages(), "qps", Language("qps", "¤", "en_GB", Pseudo()))
    monkeypatch.setitem(languages(), "qpr", Language("qpr", "¤", "ar", Pseudo(), "rtl"))


@pytest.mark.parametrize(
    ("accepted", "heading"),
    [("de-CH, en;q=0.5", "Anmelden"), ("fr", "Se connecter"), ("es-MX", "Iniciar sesión"), ("ja", "Sign in")],
)
async def test_the_browser_chooses_for_whoever_is_not_signed_in(browser: Browser, accepted: str, heading: str) -> None:
    page = await browser.get("/signin", **{"accept-language": accepted})
    assert title(page) == f"{heading} – Admit One"
    assert page.headers["content-language"] == re.findall(r'<html lang="(\w+)" dir="ltr">', page.text)[0]
    assert {each.strip() for each in page.headers["vary"].split(",")} >= {"accept-language", "cookie"}


async def test_the_account_chooses_first(mira: Browser, world: World) -> None:
    async def speak(_house: House, tx: Tx) -> None:
        await tx.run(SPEAK, language="de")

    await world.house.write(speak)
    page = await mira.get("/account/data", **{"accept-language": "fr"})
    assert 'lang="de"' in page.text
    assert "Ihre Daten herunterladen" in words(page)


async def test_what_was_wrong_is_said_in_the_same_language(browser: Browser) -> None:
    speaks = {"accept-language": "de"}
    browser.http.headers.update(speaks)
    answer = await browser.press(await browser.get("/signin"), username="mira", password="wrong")
    assert title(answer) == "Fehler: Anmelden – Admit One"
    assert "Wir konnten Sie nicht anmelden" in words(answer)
    assert "Hier gibt es keine Seite" in words(await browser.get("/nowhere"))


PAGES = ("/signin", "/help", "/privacy", "/authenticate/allow", "/nowhere", "/leaving")
OWN = ("/", "/signout", "/account", "/account/data", "/account/data/import", "/account/delete", "/account/apps")


@pytest.mark.parametrize("code", ["qps", "qpr"])
async def test_nothing_on_a_page_is_left_in_english(browser: Browser, pseudo: None, code: str) -> None:
    browser.http.headers["accept-language"] = code
    left = {path: untranslated((await browser.get(path)).text) for path in PAGES}
    await browser.press(await browser.get("/signin"), username="mira", password=PASSWORD)

    async def speak(_house: House, tx: Tx) -> None:
        await tx.run(SPEAK, language=code)

    await browser.world.house.write(speak)
    for path in OWN:
        page = await browser.get(path)
        assert f'dir="{"rtl" if code == "qpr" else "ltr"}"' in page.text
        left[path] = untranslated(page.text)
    assert {path: found for path, found in left.items() if found} == {}


def untranslated(page: str) -> list[str]:
    """The texts of a page, read or heard, that went through no catalogue; dates are Babel's."""
    heard = re.findall(r' (?:aria-label|alt|title|placeholder)="([^"]*)"', page)
    read = re.sub(r"<time .*?</time>|<[^>]+>", "\n", page, flags=re.DOTALL).split("\n")
    return [text for text in map(unescape, [*read, *heard]) if NAMES.sub("", text.replace("¤", ""))]
