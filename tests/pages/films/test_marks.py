"""The pages of favourites and watchlist: read, look up, add and remove, without a line of script."""

from itertools import product

from admitone.flows.connected import undo
from admitone.flows.media import marks, titles
from admitone.flows.media.marks import Marked
from admitone.model.connected.changes import Undone
from admitone.model.media import Mark, MediaType
from admitone.model.paging import ROWS
from tests.pages.browser import Browser, Form, title, words
from tests.pages.films.shelf import anchors, landed, push, rows
from tests.world import MINUTE, World
from tests.world import title as title_row

SHELVES = {"/favourites": Mark.FAVORITE, "/watchlist": Mark.WATCHLIST}
NAMES = {"/favourites": "Favourites", "/watchlist": "Watchlist"}


async def keep(world: World, mark: Mark, media_id: int, app_id: int | None = None, kind: str = "movie") -> None:
    """Mira keeps a title, or an app does it for her, a minute after what was before."""
    world.clock.advance(MINUTE)
    await world.house.write(marks.mark, world.mira.id, app_id, Marked(mark, MediaType(kind), media_id))


async def test_a_title_is_found_added_seen_and_removed(mira: Browser, world: World) -> None:
    for path in SHELVES:
        empty = await mira.get(path)
        assert title(empty) == f"{NAMES[path]} – Admit One"
        assert "Apps you connect can add some for you, or search here." in words(empty)
        found = await mira.get(f"{path}/search?query=breaking")
        assert rows(found) == {"tv-1396": "Breaking Bad TV series Add Breaking Bad"}
        address, shown = await landed(mira, await push(mira, found, f"{path}/tv/1396"))
        assert address == f"{path}?type=tv#tv-1396"
        assert 'role="status"' in shown.text
        assert rows(shown) == {"tv-1396": "Breaking Bad TV series less than a minute ago Remove… Breaking Bad"}
        again = rows(await mira.get(f"{path}/search?query=breaking"))["tv-1396"]
        assert again.endswith(("One of your favourites", "On your watchlist"))
        page = await mira.get(f"{path}/tv/1396?type=tv&sort_by=title.asc")
        assert "Added less than a minute ago." in words(page)
        address, shown = await landed(mira, await push(mira, page, f"{path}/tv/1396/remove"))
        assert address == f"{path}?type=tv&sort_by=title.asc"
        assert "Breaking Bad is no longer" in words(shown)
        assert rows(shown) == {}
        # Sent once more, it says the same.
        assert (await push(mira, page, f"{path}/tv/1396/remove")).headers["location"] == address


async def test_a_title_that_was_there_keeps_its_place_and_is_shown_there(mira: Browser, world: World) -> None:
    films = [title_row("movie", 1000 + number, f"Film {number:02}") for number in range(ROWS + 1)]
    await world.house.write(titles.load, films)
    for number in range(ROWS + 1):
        await keep(world, Mark.WATCHLIST, 1000 + number)
    page = await mira.get("/watchlist?page=2")
    assert anchors(page) == ["movie-1000"]
    assert (await mira.get("/watchlist?page=3")).status_code == 404
    key = Form((await mira.get("/watchlist/movie/1000")).text).hidden
    address, _ = await landed(mira, await mira.send("/watchlist/movie/1000", key))
    assert address == "/watchlist?page=2#movie-1000"
    address, _ = await landed(mira, await mira.send("/watchlist/movie/1000?sort_by=title.asc&page=2", key))
    assert address == "/watchlist?sort_by=title.asc#movie-1000"
    # The last row of the last page goes, and the page before is shown.
    address, _ = await landed(mira, await mira.send("/watchlist/movie/1000/remove?page=2", key))
    assert address == "/watchlist"
    assert anchors(await mira.get("/watchlist?sort_by=title.desc"))[0] == "movie-1020"


async def test_rows_tell_which_app_it_was_and_what_a_person_does_is_no_app_s(mira: Browser, world: World) -> None:
    await world.session(world.cineshelf, world.mira)
    for film in (550, 597):
        await keep(world, Mark.FAVORITE, film, world.cineshelf.app.id)
    said = rows(await mira.get("/favourites"))
    assert said["movie-597"] == "Titanic Film less than a minute ago added with CineShelf Remove… Titanic"
    assert "It was added with CineShelf." in words(await mira.get("/favourites/movie/550"))
    page = await mira.get("/favourites/movie/550")
    await push(mira, page, "/favourites/movie/550/remove")
    await mira.send("/favourites/movie/550", Form(page.text).hidden)
    assert "added with" not in rows(await mira.get("/favourites"))["movie-550"]
    report = await undo.everything(world.house, world.mira.id, world.cineshelf.app.public_id)
    assert report.outcomes == {Undone.DONE: 1, Undone.PERSON: 1}
    assert anchors(await mira.get("/favourites")) == ["movie-550"]


async def test_nobody_sees_or_changes_what_somebody_else_keeps(mira: Browser, world: World) -> None:
    await keep(world, Mark.FAVORITE, 550)
    tomas = Browser(world)
    await tomas.sign_in("tomas")
    assert rows(await tomas.get("/favourites")) == {}
    assert "Added" not in words(await tomas.get("/favourites/movie/550"))
    theirs = Form((await mira.get("/favourites/movie/550")).text)
    assert (await tomas.send(theirs.action, theirs.hidden)).status_code == 422
    own = Form((await tomas.get("/favourites/movie/550")).text).hidden
    await tomas.send("/favourites/movie/550/remove", own)
    assert anchors(await mira.get("/favourites")) == ["movie-550"]
    # A key is good for one title on one shelf.
    for other in ("/watchlist/movie/550", "/favourites/movie/597", "/favourites/tv/1396", "/ratings/movie/550"):
        assert (await mira.send(other, {**theirs.hidden, "value": "5"})).status_code == 422


async def test_what_is_no_title_is_nowhere(mira: Browser) -> None:
    nowhere = ("movie/7777", "tv/550", "movie/x", "movie/0", "episode/1396", "movie/" + "9" * 5000, "%00/550")
    for path, which, ending in product(SHELVES, nowhere, ("", "/remove")):
        assert (await mira.get(f"{path}/{which}{ending}")).status_code == 404, which
        assert (await mira.send(f"{path}/{which}{ending}", {})).status_code == 404, which


async def test_from_a_title_one_comes_to_every_shelf(mira: Browser, world: World) -> None:
    await keep(world, Mark.FAVORITE, 550)
    said = words(await mira.get("/ratings/movie/550"))
    assert "Remove from favourites…" in said
    assert "Add to watchlist…" in said
    assert "favourites…" not in words(await mira.get("/ratings/episode/1396/1/2"))
    front = (await mira.get("/")).text
    account = (await mira.get("/account")).text
    for path in ("/ratings", *SHELVES, "/lists"):
        assert f'href="{path}"' in front
        assert f'href="{path}"' in account
