"""People read in the time zone and the colours that they chose, and nobody else does."""

from collections.abc import Iterator

import pytest

from admitone.pages.moments import DAY, HOUR, ago, date
from admitone.pages.people import tastes
from tests.pages.browser import Browser, Form, words
from tests.world import World

NOW = 1_800_000_000_000  # 2027-01-15 08:00:00 UTC


@pytest.fixture(autouse=True)
def back() -> Iterator[None]:
    """Begin as a request does, and leave nothing to the tests that come after."""
    tastes.suit()
    yield
    tastes.suit()


async def choose(browser: Browser, **typed: str) -> int:
    page = await browser.get("/account/profile")
    form = Form(page.text, "/account/profile")
    fields = {**form.hidden, "name": "Mira", "language": "en", "country": "US", **typed}
    return (await browser.send("/account/profile", fields)).status_code


async def test_a_choice_is_kept_and_holds_on_every_page(mira: Browser) -> None:
    assert "data-theme" not in (await mira.get("/account")).text
    assert await choose(mira, time_zone="Pacific/Auckland", appearance="dark") == 303
    page = await mira.get("/account/profile")
    assert ' data-theme="dark"' in page.text
    assert '<option value="Pacific/Auckland" selected>' in page.text
    assert ' data-theme="dark"' in (await mira.get("/account/history")).text
    other = Browser(mira.world)
    assert "data-theme" not in (await other.get("/signin")).text


@pytest.mark.parametrize(
    ("typed", "status"),
    [({"time_zone": "Mars/Olympus"}, 303), ({"time_zone": "../etc/passwd"}, 303), ({"appearance": '"><script>'}, 422)],
)
async def test_nothing_else_can_be_chosen(mira: Browser, typed: dict[str, str], status: int) -> None:
    assert await choose(mira, **typed) == status
    page = await mira.get("/account/profile")
    assert "data-theme" not in page.text
    assert "selected>UTC" not in words(page)


def test_instants_are_said_in_the_reader_s_zone_and_stamped_in_utc() -> None:
    tastes.suit("Pacific/Auckland")
    assert date(NOW + 12 * HOUR).words == "16 January 2027"
    assert date(NOW + 12 * HOUR).stamp == "2027-01-15T20:00:00Z"
    assert ago(NOW - DAY, NOW).words == "yesterday at 21:00"


def test_a_zone_that_this_machine_does_not_know_is_utc() -> None:
    tastes.suit("Mars/Olympus")
    assert ago(NOW - DAY, NOW).words == "yesterday at 08:00 UTC"


def test_there_is_a_choice(world: World) -> None:
    assert world.mira
    assert "Europe/Berlin" in tastes.zones()
