"""The pages of ratings: read, look up, rate, change and take back, without a line of script."""

import dataclasses
import re
from itertools import product

from hypothesis import given as examples
from hypothesis import strategies as st

from admitone.flows.connected import undo
from admitone.flows.media import titles
from admitone.model.connected.changes import Undone
from admitone.model.media import LARGEST_ID, RatedType, Subject
from admitone.model.paging import ROWS, Sorting
from admitone.pages.films.views import View, anchor, path_of
from tests.pages.browser import Browser, Form, title, words
from tests.pages.films.shelf import EPISODE, FILM, OTHER, SERIES, anchors, given, landed, push, rate, rows
from tests.world import World
from tests.world import title as title_row

EMPTY = "You haven’t rated anything yet. Apps you connect can do it for you, or search here."


async def test_with_nothing_rated_the_page_says_what_can_be_done(mira: Browser) -> None:
    page = await mira.get("/ratings")
    assert title(page) == "Ratings – Admit One"
    assert EMPTY in words(page)
    assert 'action="/ratings/search"' in page.text
    for kind, said in (("tv", "You haven’t rated a series yet."), ("episode", "You haven’t rated an episode yet.")):
        assert said in words(await mira.get(f"/ratings?type={kind}"))


async def test_rows_say_what_when_and_with_which_app(mira: Browser, world: World) -> None:
    await rate(world, FILM, 17, world.cineshelf.app.id)
    await rate(world, SERIES, 20)
    await rate(world, EPISODE, 1)
    films = rows(await mira.get("/ratings"))
    assert films == {
        "movie-550": "Fight Club Film 2 minutes ago rated with CineShelf My rating: 8.5 Change… Fight Club"
    }
    assert rows(await mira.get("/ratings?type=tv")) == {
        "tv-1396": "Breaking Bad TV series 1 minute ago My rating: 10 Change… Breaking Bad"
    }
    episode = rows(await mira.get("/ratings?type=episode"))["episode-1396-1-2"]
    assert episode.startswith("Breaking Bad season 1, episode 2 less than a minute ago My rating: 0.5 ")
    assert episode.endswith("Change… Breaking Bad, season 1, episode 2")


async def test_kinds_orders_and_pages_are_parts_of_the_address(mira: Browser, world: World) -> None:
    films = [title_row("movie", 1000 + number, f"Film {number:02}") for number in range(ROWS + 1)]
    await world.house.write(titles.load, films)
    for number in range(ROWS + 1):
        await rate(world, Subject(RatedType.MOVIE, 1000 + number), 10)
    newest = [f"movie-{1000 + number}" for number in reversed(range(ROWS + 1))]
    first = await mira.get("/ratings")
    assert anchors(first) == newest[:ROWS]
    assert "Page 1 of 2" in words(first)
    last = await mira.get("/ratings?page=2")
    assert anchors(last) == newest[ROWS:]
    assert anchors(await mira.get("/ratings?sort_by=created_at.asc&page=2")) == newest[:1]
    assert anchors(await mira.get("/ratings?sort_by=title.desc")) == newest[:ROWS]
    for nowhere in ("page=3", "page=0", "page=x", "page=501", "sort_by=a&sort_by=b"):
        assert (await mira.get(f"/ratings?{nowhere}")).status_code in (404, 422)
    # What nobody knows counts for nothing.
    assert anchors(await mira.get("/ratings?sort_by=nonsense&type=person")) == newest[:ROWS]


async def test_whoever_looks_for_a_title_rates_it_and_comes_back_to_its_row(mira: Browser, world: World) -> None:
    found = await mira.get("/ratings/search?query=fight+clubb")
    assert "Rate… Fight Club" in rows(found)["movie-550"]
    form = await mira.get("/ratings/movie/550")
    assert Form(form.text).action == "/ratings/movie/550"
    address, page = await landed(mira, await push(mira, form, "/ratings/movie/550", value="8.5"))
    assert address == "/ratings#movie-550"
    assert "Fight Club: you gave it 8.5." in words(page)
    assert 'role="status"' in page.text
    assert await given(world) == {FILM: 17}
    assert "My rating: 8.5 Change… Fight Club" in rows(await mira.get("/ratings/search?query=fight"))["movie-550"]


async def test_a_rating_is_changed_where_it_is_seen_in_the_order_it_was_seen_in(mira: Browser, world: World) -> None:
    films = [title_row("movie", 1000 + number, f"Film {number:02}") for number in range(ROWS + 1)]
    await world.house.write(titles.load, films)
    for number in range(ROWS + 1):
        await rate(world, Subject(RatedType.MOVIE, 1000 + number), 2 + number % 2)
    page = await mira.get("/ratings?sort_by=title.asc&page=2")
    way = re.search(r'href="(/ratings/movie/1020[^"]*)"', page.text)
    assert way
    form = await mira.get(way[1].replace("&amp;", "&"))
    assert Form(form.text).typed["value"]
    answer = await push(mira, form, "/ratings/movie/1020", value="7")
    address, _ = await landed(mira, answer)
    assert address == "/ratings?sort_by=title.asc&page=2#movie-1020"
    # In the order of ratings the row moves, and is found where it went.
    for order, page_number in ((Sorting.VOTED_REVERSED, 1), (Sorting.VOTED, 2), (Sorting.CREATED, 2)):
        query = View(sort=order, page=2).query
        form = await mira.get(f"/ratings/movie/1020{query}")
        address, _ = await landed(mira, await push(mira, form, "/ratings/movie/1020", value="7"))
        assert address == f"/ratings{View(sort=order, page=page_number).query}#movie-1020"


async def test_the_form_shows_what_was_given_once_for_each_width(mira: Browser, world: World) -> None:
    await rate(world, FILM, 17, world.cineshelf.app.id)
    page = await mira.get("/ratings/movie/550")
    assert "You gave it 8.5, less than a minute ago. It was rated with CineShelf." in words(page)
    assert page.text.count('type="radio"') == 20
    assert re.findall(r'value="([^"]*)" checked', page.text) == ["8.5"]
    assert re.findall(r'value="([^"]*)" selected', page.text) == ["8.5"]
    for nothing in ("", "0", "10.5", "8.3", "-1", "x", "1e1", "nan", "\uff18"):
        answer = await push(mira, page, "/ratings/movie/550", value=nothing)
        assert answer.status_code == 422
        assert title(answer) == "Error: Fight Club – Admit One"
        assert "Choose a rating from 0.5 to 10." in words(answer)
    assert (await push(mira, page, "/ratings/movie/550")).status_code == 422
    assert await given(world) == {FILM: 17}


async def test_an_episode_is_rated_by_its_numbers(mira: Browser, world: World) -> None:
    series = await mira.get("/ratings/tv/1396")
    assert "Rate an episode" in words(series)
    answer = await mira.get("/ratings/tv/1396/episode?season=+1&episode=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ratings/episode/1396/1/2")
    page = await mira.get("/ratings/episode/1396/1/2")
    assert title(page) == "Breaking Bad, season 1, episode 2 – Admit One"
    address, _ = await landed(mira, await push(mira, page, "/ratings/episode", value="9"))
    assert address == "/ratings?type=episode#episode-1396-1-2"
    assert await given(world) == {EPISODE: 18}
    for season, episode, wrong in (("", "", 2), ("x", "2", 1), ("1", "-2", 1), ("1", "999999", 1)):
        answer = await mira.get(f"/ratings/tv/1396/episode?season={season}&episode={episode}")
        assert answer.status_code == 422
        assert answer.text.count('class="error"') == wrong
        assert "Type a number." in words(answer)


async def test_a_rating_is_removed_and_the_page_it_was_on_follows(mira: Browser, world: World) -> None:
    await rate(world, FILM, 17)
    await rate(world, EPISODE, 3)
    page = await mira.get("/ratings/movie/550?sort_by=title.asc")
    answer = await push(mira, page, "/ratings/movie/550/remove")
    address, shown = await landed(mira, answer)
    assert address == "/ratings?sort_by=title.asc"
    assert "Fight Club: the rating is removed." in words(shown)
    assert await given(world) == {EPISODE: 3}
    # Sent twice, it says the same.
    assert (await push(mira, page, "/ratings/movie/550/remove")).headers["location"] == address
    assert "Remove rating" not in words(await mira.get("/ratings/movie/550"))
    page = await mira.get("/ratings/episode/1396/1/2?page=7")
    address, _ = await landed(mira, await push(mira, page, "/ratings/episode/1396/1/2/remove"))
    assert address == "/ratings?type=episode"
    assert await given(world) == {}


async def test_what_a_person_does_by_hand_is_no_app_s_and_is_kept_when_an_app_is_undone(
    mira: Browser, world: World
) -> None:
    await world.session(world.cineshelf, world.mira)
    for subject in (FILM, OTHER):
        await rate(world, subject, 3, world.cineshelf.app.id)
    page = await mira.get("/ratings/movie/550")
    await push(mira, page, "/ratings/movie/550", value="10")
    assert "rated with" not in rows(await mira.get("/ratings"))["movie-550"]
    report = await undo.everything(world.house, world.mira.id, world.cineshelf.app.public_id)
    assert report.outcomes == {Undone.DONE: 1, Undone.PERSON: 1}
    assert await given(world) == {FILM: 20}


async def test_nobody_sees_or_changes_what_somebody_else_rated(mira: Browser, world: World) -> None:
    await rate(world, FILM, 17)
    tomas = Browser(world)
    await tomas.sign_in("tomas")
    assert rows(await tomas.get("/ratings")) == {}
    page = await tomas.get("/ratings/movie/550")
    assert "You gave it" not in words(page)
    await push(tomas, page, "/ratings/movie/550", value="1")
    form = Form((await mira.get("/ratings/movie/550")).text)
    assert (await tomas.send(form.action, {**form.hidden, "value": "1"})).status_code == 422
    assert await given(world) == {FILM: 17}


async def test_a_key_for_one_title_is_good_for_no_other(mira: Browser, world: World) -> None:
    hidden = Form((await mira.get("/ratings/movie/550")).text).hidden
    for other in ("/ratings/movie/597", "/ratings/tv/1396", "/ratings/episode/1396/1/2", "/ratings/movie/597/remove"):
        assert (await mira.send(other, {**hidden, "value": "5"})).status_code == 422
    assert await given(world) == {}


NOWHERE = [
    "movie/7777", "movie/0", "movie/x", "movie/-1", "movie/2147483648", "movie/" + "9" * 5000, "person/550",
    "tv/550", "movie/%C2%B2", "movie/550/1/2", "episode/1396/x/2", "episode/1396/1/-2", "episode/1396/1",
    "episode/7777/1/2", "episode/1396/999999/1", "movie/55%00", "Movie/550",
]  # fmt: skip


async def test_what_is_no_title_is_nowhere(mira: Browser) -> None:
    for path, ending in product(NOWHERE, ("", "/remove")):
        assert (await mira.get(f"/ratings/{path}{ending}")).status_code == 404, path
        assert (await mira.send(f"/ratings/{path}{ending}", {"value": "5"})).status_code in (404, 405), path


async def test_where_no_catalogue_is_installed_a_number_is_a_title(mira: Browser, world: World) -> None:
    browser = Browser(dataclasses.replace(world, house=dataclasses.replace(world.house, catalogue=False)))
    await browser.sign_in()
    found = rows(await browser.get("/ratings/search?query=7777"))
    assert list(found) == ["movie-7777", "tv-7777"]
    assert "Film number 7777" in found["movie-7777"]
    page = await browser.get("/ratings/tv/7777")
    address, shown = await landed(browser, await push(browser, page, "/ratings/tv/7777", value="5"))
    assert "Series number 7777: you gave it 5." in words(shown)
    assert address == "/ratings?type=tv#tv-7777"
    for nothing in ("0", str(LARGEST_ID + 1), "9" * 200, "seven"):
        assert rows(await browser.get(f"/ratings/search?query={nothing}")) == {}
    # With one, a title that it lost is still there for whoever rated it.
    assert "Series number 7777" in words(await mira.get("/ratings/tv/7777"))


async def test_what_is_looked_for_is_shown_as_it_was_typed_and_finds_only_what_a_person_wants(
    mira: Browser, world: World
) -> None:
    await world.house.write(titles.load, [{**title_row("movie", 9000, "Night Shift"), "adult": 1}])
    page = await mira.get("/ratings/search?query=%22%3E%3Cq%3Ezqx+%2B%26%E2%80%AE")
    assert 'value="&#34;&gt;&lt;q&gt;zqx +&amp;"' in page.text
    assert 'Nothing was found for “ "><q>zqx +& ”.' in words(page)
    assert rows(await mira.get("/ratings/search?query=night+shift")) == {}
    profile = await mira.get("/account/profile")
    await mira.press(profile, name="Mira", language="en", country="US", adult="1")
    assert list(rows(await mira.get("/ratings/search?query=night+shift"))) == ["movie-9000"]
    assert words(await mira.get("/ratings/search")) == "Ratings Search Search films and series Search"


async def test_hostile_titles_are_only_text(mira: Browser, world: World) -> None:
    names = ("<script>alert(1)</script>", "a\u202eb\u200b", "W" * 300, " ")
    await world.house.write(titles.load, [title_row("movie", 9001 + at, name) for at, name in enumerate(names)])
    for number in range(9001, 9001 + len(names)):
        await rate(world, Subject(RatedType.MOVIE, number), 5)
        page = await mira.get(f"/ratings/movie/{number}")
        _, shown = await landed(mira, await push(mira, page, f"/ratings/movie/{number}", value="1"))
        for each in (page, shown):
            assert "<script>" not in each.text
            assert "\u202e" not in each.text


SUBJECTS = st.builds(
    Subject, st.sampled_from(RatedType), st.integers(1, LARGEST_ID), st.integers(0, 9), st.integers(0, 9)
)


@examples(SUBJECTS, SUBJECTS)
def test_no_two_titles_share_a_row_or_an_address(one: Subject, other: Subject) -> None:
    def plain(subject: Subject) -> Subject:
        return subject if subject.type is RatedType.EPISODE else subject._replace(season=0, episode=0)

    for told in (anchor, path_of):
        assert (told(one) == told(other)) == (plain(one) == plain(other))
        assert re.fullmatch(r"[a-z0-9/-]+", told(one))


@examples(st.sampled_from(RatedType), st.sampled_from(Sorting), st.integers(1, 500), st.sampled_from(RatedType))
def test_a_view_keeps_its_order_wherever_there_is_one(
    kind: RatedType, sort: Sorting, page: int, other: RatedType
) -> None:
    view = View(kind, sort, page)
    moved = view.of(other)
    assert (moved.kind, moved.page) == (other, 1)
    assert moved.sort in moved.sorts
    assert moved.sort is sort or sort not in moved.sorts
    assert moved.at(page).page == page
