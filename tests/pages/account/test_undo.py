"""The pages of what apps wrote: what they tell, and that undoing says what it did and what it kept."""

from httpx import Response

from admitone.flows.fourth import lists as fourth
from admitone.flows.fourth.lists import Item, ListChange
from admitone.flows.media import lists, marks, ratings
from admitone.flows.media.lists import NewList
from admitone.flows.media.marks import Marked
from admitone.flows.media.ratings import Rater
from admitone.model.media import Mark, MediaType, RatedType, Subject
from admitone.model.paging import Order
from tests.pages.browser import Browser, Form, title, words
from tests.world import MINUTE, World

FILM, OTHER = Subject(RatedType.MOVIE, 550), Subject(RatedType.MOVIE, 597)


async def wrote(world: World) -> str:
    """What CineShelf wrote for Mira; the address of its page."""
    await world.session(world.cineshelf, world.mira)
    mira, app_id = world.mira.id, world.cineshelf.app.id
    await world.house.write(ratings.rate, Rater(mira), None, OTHER, 10)
    world.clock.advance(MINUTE)
    for subject in (FILM, OTHER):
        await world.house.write(ratings.rate, Rater(mira), app_id, subject, 17)
    await world.house.write(marks.mark, mira, app_id, Marked(Mark.WATCHLIST, MediaType.TV, 1396))
    made = await world.house.write(lists.create, mira, app_id, NewList("<i>Noir</i>", "", "en", True))
    await world.house.write(lists.add_item, mira, app_id, made, MediaType.MOVIE, 11)
    world.clock.advance(MINUTE)
    return f"/account/apps/{world.cineshelf.app.public_id}"


def sentences(page: Response) -> str:
    """What a page says; a name that is marked as one is followed by its colon."""
    return words(page).replace(" :", ":")


async def points(world: World) -> dict[int, int]:
    page = await world.house.read(ratings.rated_titles, Rater(world.mira.id), RatedType.MOVIE, Order.OLDEST_FIRST, 1)
    return {each.title.id: each.halves for each in page.rows}


async def test_what_was_written_is_told_in_words(mira: Browser, world: World) -> None:
    app = await wrote(world)
    assert f'href="{app}/changes"' in (await mira.get(app)).text
    page = await mira.get(f"{app}/changes")
    assert title(page) == "What CineShelf wrote – Admit One"
    for said in (
        "Fight Club: rated 8.5",
        "Titanic: rating changed from 5 to 8.5",
        "Breaking Bad: added to the watchlist",
        "List <i>Noir</i> made",
        "Star Wars: put on the list <i>Noir</i>",
    ):
        assert said in sentences(page)
    tomas = Browser(world)
    await tomas.sign_in("tomas")
    for path in (f"{app}/changes", f"{app}/undo"):
        assert (await tomas.get(path)).status_code == 404


async def test_what_an_app_says_of_a_list_and_of_what_is_on_it_is_told_as_a_change(mira: Browser, world: World) -> None:
    await world.session(world.cineshelf, world.mira)
    who, app_id = world.mira.id, world.cineshelf.app.id
    made = await world.house.write(lists.create, who, None, NewList("Noir", "", "en", True))
    await world.house.write(lists.add_item, who, None, made, MediaType.MOVIE, 11)
    world.clock.advance(MINUTE)
    change, item = (
        ListChange("Black", None, None, None, None),
        Item(MediaType.MOVIE, 11, comments=True, comment="Twice."),
    )
    await world.house.write(fourth.update, who, app_id, made, change)
    await world.house.write(fourth.comment, who, app_id, made, [item])
    page = await mira.get(f"/account/apps/{world.cineshelf.app.public_id}/changes")
    for said in ("List Black changed", "Star Wars: changed on the list Black"):
        assert said in sentences(page)


async def test_one_thing_is_undone_and_the_rest_stays(mira: Browser, world: World) -> None:
    app = await wrote(world)
    one = f"{app}/undo?kind=rating&media_type=movie&media_id=597"
    asked = await mira.get(one)
    assert "Titanic: rating changed from 5 to 8.5" in sentences(asked)
    assert await points(world) == {550: 17, 597: 17}
    assert (await mira.press(asked)).headers["location"] == f"{app}/changes"
    assert await points(world) == {550: 17, 597: 10}
    after = words(await mira.get(f"{app}/changes"))
    assert "It is undone." in after
    assert "Undone" in after
    await mira.press(asked)
    assert "It was undone before." in words(await mira.get(f"{app}/changes"))


async def test_everything_is_undone_but_what_was_changed_since(mira: Browser, world: World) -> None:
    app = await wrote(world)
    await world.house.write(ratings.rate, Rater(world.mira.id), None, OTHER, 3)
    asked = await mira.get(f"{app}/undo")
    assert "5 changes of the last 30 days" in words(asked)
    await mira.press(asked)
    assert await points(world) == {597: 3}
    assert "4 changes are undone. 1 was kept: changed since by you." in words(await mira.get(f"{app}/changes"))


async def test_a_form_for_one_thing_undoes_no_other_and_nonsense_is_nowhere(mira: Browser, world: World) -> None:
    app = await wrote(world)
    hidden = Form((await mira.get(f"{app}/undo?kind=rating&media_type=movie&media_id=597")).text).hidden
    for changed in ({"media_id": "550"}, {"kind": ""}):
        assert (await mira.send(f"{app}/undo", {**hidden, **changed})).status_code == 422
    for query in (
        "kind=x",
        "kind=rating&media_id=x",
        "kind=rating&media_id=-1",
        "kind=rating&media_type=%00",
        "kind=list",
        "kind=rating&season=" + "9" * 4_301,
        "kind=rating&list_id=" + "9" * 18,
        "kind=rating&media_type=episode&season=" + "9" * 18,
    ):
        assert (await mira.get(f"{app}/undo?{query}")).status_code == 404
    assert await points(world) == {550: 17, 597: 17}
