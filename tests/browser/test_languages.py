"""The main pages in German, and in letters that run from right to left: nothing overflows, nothing for axe to find."""

import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest
from sqlalchemy import update

from admitone.basics.languages import Language, languages
from admitone.store.schema import accounts
from tests.browser import people_scenes, record_scenes, scenes
from tests.browser.scenes import Scene
from tests.browser.stage import ADDRESS, Stage
from tests.browser.tab import Tab
from tests.browser.test_looks import CUT_OFF, SIDEWAYS, screens
from tests.threats.sizes import WHOLE

__all__ = ["screens"]

# Which database there is has no say in how long a word is.
ONE_ENGINE = pytest.mark.parametrize("stage", ["sqlite"], indirect=True)
WIDTHS = (320, 390, 1280)
BLANK = re.compile(r"(\{\w*\}|%\(\w+\)s|%%|<[^>]+>|&\w+;)")
LETTERS = "אבגדהוזחטיכלמנסעפצקרשת"
FIRST: tuple[Scene, ...] = (
    scenes.signin_to_connect,
    scenes.approve_caution,
    scenes.app_alone,
    scenes.security,
    people_scenes.signup,
    people_scenes.profile,
    record_scenes.records,
)
MORE: tuple[Scene, ...] = (
    *(scenes.front, scenes.front_signed_in, scenes.signin, scenes.approve, scenes.approve_own, scenes.approved),
    *(scenes.denied, scenes.expired, scenes.neutral, scenes.nowhere, scenes.help_page, scenes.privacy, scenes.account),
    *(scenes.apps_connected, scenes.app_changes, scenes.app_undo, scenes.app_disconnect, scenes.apps_disconnect_all),
    *(scenes.passkey_new, scenes.authenticator, scenes.app_passwords, scenes.history, scenes.confirm, scenes.code),
    *(people_scenes.verify, people_scenes.confirmed, people_scenes.link_dead, people_scenes.forgot),
    *(people_scenes.reset, people_scenes.email, people_scenes.password, record_scenes.import_shown),
)


class Mirrored(NullTranslations):
    """Every message in Hebrew letters and a third longer, its blanks and tags kept."""

    def gettext(self, message: str) -> str:
        return "".join(part if BLANK.fullmatch(part) else re.sub(r"\w+", _word, part) for part in BLANK.split(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def _word(found: "re.Match[str]") -> str:
    word = found[0] + "x" * (len(found[0]) // 3)
    return "".join(LETTERS[(ord(letter) + place) % len(LETTERS)] for place, letter in enumerate(word))


@pytest.fixture(scope="module", autouse=True)
def mirrored() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(languages(), "he", Language("he", "עברית", "he", Mirrored(), "rtl"))
        yield


@ONE_ENGINE
@pytest.mark.parametrize("scene", [*FIRST, *(MORE if WHOLE else ())], ids=lambda scene: scene.__name__)
async def test_in_longer_words_and_mirrored_nothing_overflows(
    tab: Tab, stage: Stage, screens: Path, scene: Scene
) -> None:
    await scene(tab, stage)
    for code, direction in (("de", "ltr"), ("he", "rtl")):
        speak(stage, code)
        await tab.page.set_extra_http_headers({"accept-language": code, "x-forwarded-for": ADDRESS})
        await tab.page.goto(tab.page.url)
        html = tab.page.locator("html")
        assert (await html.get_attribute("lang"), await html.get_attribute("dir")) == (code, direction)
        await tab.page.emulate_media(reduced_motion="reduce")
        for width in WIDTHS:
            await tab.page.set_viewport_size({"width": width, "height": 844})
            await tab.page.screenshot(path=screens / f"{scene.__name__}-{code}-{width}.png", full_page=True)
            assert await tab.page.evaluate(SIDEWAYS) == 0, (code, width)
            assert await tab.page.evaluate(CUT_OFF) == [], (code, width)
        assert await tab.violations() == [], code
    speak(stage, "en")


def speak(stage: Stage, code: str) -> None:
    """Let everybody at this stage read one language."""
    stage.change(update(accounts).values(iso_639_1=code))
