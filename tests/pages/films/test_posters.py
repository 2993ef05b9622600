"""Posters beside one's own films: there where an operator keeps pictures, never in the way where not."""

import dataclasses
import os
import re
from pathlib import Path

import pytest

from admitone.pages.films.posters import LARGEST
from tests.pages.browser import SITE, Browser
from tests.pages.films.shelf import EPISODE, FILM, OTHER, SERIES, rate
from tests.world import World

PICTURE = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures of one film and one series."""
    for name in ("movie/550.jpg", "tv/1396.webp"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(PICTURE)
    return tmp_path


@pytest.fixture
async def viewer(world: World, folder: Path) -> Browser:
    """Mira's browser at a site with posters, and what she rated."""
    for subject in (FILM, OTHER, SERIES, EPISODE):
        await rate(world, subject, 17)
    browser = Browser(world, dataclasses.replace(SITE, posters=folder))
    await browser.sign_in("mira")
    return browser


def shown(text: str) -> list[str]:
    """The addresses of a page's pictures, without what changes with the picture."""
    return [address.partition("?")[0] for address in re.findall(r'<img class="poster" src="([^"]+)"', text)]


async def listed(browser: Browser) -> str:
    """A list with both films; its address."""
    made = await browser.press(await browser.get("/lists/new"), name="Fights")
    path = made.headers["location"]
    for subject in ("movie/550", "movie/597"):
        page = await browser.get(f"{path}/{subject}")
        await browser.press(page)
    return str(path)


async def test_they_are_beside_the_titles_that_have_one(viewer: Browser) -> None:
    films = await viewer.get("/ratings")
    assert shown(films.text) == ["/posters/movie/550"]
    assert films.text.count('<span class="poster"></span>') == 1
    for kind in ("tv", "episode"):
        assert shown((await viewer.get(f"/ratings?type={kind}")).text) == ["/posters/tv/1396"]
    assert shown((await viewer.get("/ratings/search?query=fight+club")).text) == ["/posters/movie/550"]
    await viewer.press(await viewer.get("/favourites/movie/550"))
    for page in ("/favourites", "/favourites/search?query=fight+club", await listed(viewer)):
        assert shown((await viewer.get(page)).text) == ["/posters/movie/550"], page


async def test_the_picture_comes_from_us_and_is_kept_until_it_changes(viewer: Browser, folder: Path) -> None:
    before = re.findall(r'/posters/[^"]+', (await viewer.get("/ratings")).text)
    answer = await viewer.get(before[0])
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/jpeg", PICTURE)
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await viewer.get("/posters/movie/550")).headers["cache-control"] == "private, no-cache"
    os.utime(folder / "movie/550.jpg", (1, 1))
    after = re.findall(r'/posters/[^"]+', (await viewer.get("/ratings")).text)
    assert len(before) == len(after) == 1
    assert before != after


@pytest.mark.parametrize("name", ["movie/550.svg", "movie/550.html", "movie/0550.jpg", "movie/550.jpg/x.jpg"])
async def test_what_is_no_picture_of_a_title_is_never_shown(viewer: Browser, folder: Path, name: str) -> None:
    (folder / "movie/550.jpg").unlink()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(PICTURE)
    assert shown((await viewer.get("/ratings")).text) == []
    assert (await viewer.get("/posters/movie/550")).status_code == 404


async def test_a_picture_that_is_too_large_is_left_out(viewer: Browser, folder: Path) -> None:
    for size, there in ((LARGEST, ["/posters/movie/550"]), (LARGEST + 1, [])):
        os.truncate(folder / "movie/550.jpg", size)
        assert shown((await viewer.get("/ratings")).text) == there
        assert (await viewer.get("/posters/movie/550")).status_code == (200 if there else 404)


@pytest.mark.parametrize(
    "path", ["movie/597", "person/550", "movie/..%2F..%2Fkeys", "movie/550.jpg", "..%2Fmovie/550", "movie/0", "tv/%00"]
)
async def test_nothing_else_of_the_machine_can_be_had(viewer: Browser, path: str) -> None:
    assert (await viewer.get(f"/posters/{path}")).status_code == 404


async def test_without_a_folder_there_are_none_and_no_room_for_them(mira: Browser, world: World) -> None:
    await rate(world, FILM, 17)
    assert 'class="poster"' not in (await mira.get("/ratings")).text
    assert (await mira.get("/posters/movie/550")).status_code == 404


async def test_only_who_is_signed_in_is_shown_them(world: World, folder: Path) -> None:
    stranger = Browser(world, dataclasses.replace(SITE, posters=folder))
    answer = await stranger.get("/posters/movie/550")
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/signin")
