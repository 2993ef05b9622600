"""This file lets people look titles up, to rate them, keep them or put them on a list (ux.md §7.16)."""

from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from admitone.flows.films import shelves
from admitone.flows.films.shelves import Found
from admitone.model.paging import Page
from admitone.model.search import LONGEST
from admitone.pages.account.frame import sheet, signed_in
from admitone.pages.films import posters, rows
from admitone.pages.films.ratings import PATH as RATINGS
from admitone.pages.films.rows import Row
from admitone.pages.forms import Form, looked_for, page_asked_for
from admitone.pages.guard import Visitor
from admitone.pages.words import Notice

QUERY = "query"


class Search(NamedTuple):
    """What was looked for, a page of what was found, the address of such a page up to its number, and its posters."""

    query: str
    page: Page[Found]
    start: str
    posters: dict[str, str]


class Hit(NamedTuple):
    """A title that was found, as a row; `given` is what the person gave it, empty for nothing."""

    row: Row
    given: str


async def find(visitor: Visitor) -> Search:
    """Look for what the address says. Raises PAGE_BAD."""
    query = rows.visible(looked_for(visitor.request, QUERY))[:LONGEST]
    number = page_asked_for(visitor.request)
    page = await visitor.house.read(shelves.look_for, signed_in(visitor).account_id, query, number)
    page.must_be_there()
    hung = await posters.of(visitor, [each.title for each in page.rows])
    return Search(query, page, f"?{urlencode({QUERY: query})}&page=", hung)


def hit(found: Found) -> Hit:
    """A title that was found, in words."""
    given = found.states.halves
    return Hit(rows.plain(found.title, shelves.whole(found.title)), rows.points(given) if given else "")


async def show(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /ratings/search?query=…: titles to rate."""
    search = await find(visitor)
    values = {"path": RATINGS, "search": search, "hits": [hit(each) for each in search.page.rows]}
    return sheet(visitor, "films/search_ratings.html", values)
