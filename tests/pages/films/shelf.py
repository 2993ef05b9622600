"""What the tests of a person's films share: rows and forms of a page, and what is kept."""

import re
from html import unescape

import httpx

from admitone.flows.films import shelves
from admitone.flows.media import ratings
from admitone.flows.media.ratings import Rater
from admitone.model.media import RatedType, Subject
from admitone.model.paging import Sorting
from tests.pages.browser import Browser, Form, words
from tests.world import MINUTE, World

FILM, OTHER = Subject(RatedType.MOVIE, 550), Subject(RatedType.MOVIE, 597)
SERIES, EPISODE = Subject(RatedType.TV, 1396), Subject(RatedType.EPISODE, 1396, 1, 2)


def rows(page: httpx.Response) -> dict[str, str]:
    """What the rows of a shelf say, by their anchors."""
    found = re.findall(r'<li id="([^"]+)">(.*?)</li>', page.text, re.DOTALL)
    return {name: " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split()) for name, text in found}


def anchors(page: httpx.Response) -> list[str]:
    """The rows of a shelf, in their order."""
    return list(rows(page))


async def push(browser: Browser, page: httpx.Response, action: str, **fields: str) -> httpx.Response:
    """Send one of the forms of a page: the first that goes to an address that begins so."""
    form = Form(page.text, action)
    assert form.action, action
    return await browser.send(form.action, {**form.hidden, **fields})


async def landed(browser: Browser, answer: httpx.Response) -> tuple[str, httpx.Response]:
    """Where an answer leads, and the page there: the row that it names is on it."""
    assert answer.status_code == 303, words(answer)
    address = answer.headers["location"]
    path, _, name = address.partition("#")
    page = await browser.get(path)
    assert page.status_code == 200
    if name:
        assert name in rows(page), address
    return address, page


async def given(world: World) -> dict[Subject, int]:
    """What Mira rated, in half points."""
    found: dict[Subject, int] = {}
    for kind in RatedType:
        page = await world.house.read(shelves.rated, world.mira.id, kind, Sorting.CREATED, 1)
        found |= {entry.subject: entry.halves for entry in page.rows}
    return found


async def rate(world: World, subject: Subject, halves: int, app_id: int | None = None) -> None:
    """Mira rates something, or an app does it for her, a minute after what was before."""
    world.clock.advance(MINUTE)
    await world.house.write(ratings.rate, Rater(world.mira.id), app_id, subject, halves)
