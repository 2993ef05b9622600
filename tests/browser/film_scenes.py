"""The pages of a person's own films, each as a person would come to it."""

from admitone.flows.fourth import lists as fourth
from admitone.flows.fourth.lists import Item
from admitone.flows.media import lists, marks, ratings, titles
from admitone.flows.media.lists import NewList
from admitone.flows.media.marks import Marked
from admitone.flows.media.ratings import Rater
from admitone.model.media import Mark, MediaType, RatedType, Subject
from tests.browser.stage import Stage
from tests.browser.tab import Tab
from tests.world import MINUTE
from tests.world import title as title_row

LONG = {**title_row("movie", 9_000, "W" * 120), "release_date": "2024-05-01"}
WORDY = {
    **title_row("movie", 9_001, "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb, Once More"),
    "release_date": "1964-01-29",
}


def rate(stage: Stage, subject: Subject, halves: int, app_id: int | None = None) -> None:
    """Mira gives something so many half points."""
    stage.clock.advance(MINUTE)
    stage.run(stage.world.house.write(ratings.rate, Rater(stage.world.mira.id), app_id, subject, halves))


async def rated(tab: Tab, stage: Stage) -> None:
    stage.run(stage.world.house.write(titles.load, [LONG, WORDY]))
    for number, film in enumerate((9_000, 278, 9_001, 597, 550)):
        rate(
            stage, Subject(RatedType.MOVIE, film), 20 - number * 3, stage.world.cineshelf.app.id if number % 2 else None
        )
    await tab.sign_in()
    await tab.page.goto("/ratings/movie/550")
    await tab.page.get_by_role("radio", name="8.5").check()
    await tab.page.get_by_role("button", name="Save").click()
    await tab.page.get_by_role("status").wait_for()


async def rated_nothing(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in("tomas")
    await tab.page.goto("/ratings?type=episode")
    await tab.sees("Ratings")


async def rating_error(tab: Tab, stage: Stage) -> None:
    rate(stage, Subject(RatedType.TV, 1396), 19, stage.world.cineshelf.app.id)
    await tab.sign_in()
    await tab.page.goto("/ratings/tv/1416")
    await tab.page.get_by_role("button", name="Save").click()
    await tab.page.get_by_text("Choose a rating from 0.5 to 10.").first.wait_for()


async def rating(tab: Tab, stage: Stage) -> None:
    rate(stage, Subject(RatedType.MOVIE, 11), 19, stage.world.cineshelf.app.id)
    await tab.sign_in()
    await tab.page.goto("/ratings/movie/11")
    await tab.sees("Star Wars")


async def search(tab: Tab, stage: Stage) -> None:
    await rated_nothing(tab, stage)
    await tab.page.get_by_label("Search films and series").fill("star wars")
    await tab.page.keyboard.press("Enter")
    await tab.page.get_by_role("link", name="Rate… Star Wars").wait_for()


async def favourites(tab: Tab, stage: Stage) -> None:
    app_id = stage.world.cineshelf.app.id
    mira = stage.world.mira.id
    stage.run(stage.world.house.write(marks.unmark, mira, None, Marked(Mark.FAVORITE, MediaType.MOVIE, 550)))
    stage.clock.advance(MINUTE)
    for film in (597, 11, 278):
        which = Marked(Mark.FAVORITE, MediaType.MOVIE, film)
        stage.run(stage.world.house.write(marks.mark, mira, app_id, which))
    await tab.sign_in()
    await tab.page.goto("/favourites/search?query=fight+club")
    await tab.page.get_by_role("button", name="Add Fight Club").click()
    await tab.page.get_by_role("status").wait_for()


async def favourite(tab: Tab, stage: Stage) -> None:
    await favourites(tab, stage)
    await tab.page.get_by_role("link", name="Remove… Titanic").click()
    await tab.page.get_by_role("button", name="Remove from favourites").wait_for()


def noir(stage: Stage) -> int:
    """A list of Mira's with a few films on it, one with much said of it; its number."""
    stage.run(stage.world.house.write(titles.load, [LONG, WORDY]))
    mira, app_id = stage.world.mira.id, stage.world.cineshelf.app.id
    new = NewList(f"Noir {stage.number()}", "Dark ones.\nAnd darker ones.", "en", public=True)
    made = stage.run(stage.world.house.write(lists.create, mira, app_id, new))
    for film in (9_000, 278, 9_001, 597):
        stage.run(stage.world.house.write(lists.add_item, mira, app_id, made, MediaType.MOVIE, film))
    said = Item(MediaType.MOVIE, 597, comments=True, comment="Seen twice.\n" + "W" * 90)
    stage.run(stage.world.house.write(fourth.comment, mira, None, made, [said]))
    return made


async def lists_of_one(tab: Tab, stage: Stage) -> None:
    noir(stage)
    for name in ("W" * 200, "Rainy afternoons"):
        new = NewList(name, "", "en", public=False)
        stage.run(stage.world.house.write(lists.create, stage.world.mira.id, None, new))
    await tab.sign_in()
    await tab.page.goto("/lists")
    await tab.sees("Lists")


async def list_error(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await tab.page.goto("/lists/new")
    await tab.page.get_by_role("button", name="Make the list").click()
    await tab.page.get_by_text("Give the list a name.").wait_for()


async def one_list(tab: Tab, stage: Stage) -> None:
    made = noir(stage)
    await tab.sign_in()
    await tab.page.goto(f"/lists/{made}")
    await tab.page.get_by_role("button", name="Up Titanic").click()
    await tab.page.get_by_text("Titanic is at place 3 now.").wait_for()


async def list_entry(tab: Tab, stage: Stage) -> None:
    await one_list(tab, stage)
    await tab.page.get_by_role("link", name="Change… Titanic").click()
    await tab.page.get_by_label("Place on the list").fill("0")
    await tab.page.get_by_role("button", name="Move", exact=True).click()
    await tab.page.get_by_text("Choose a place from 1 to 4.").wait_for()


async def list_clear(tab: Tab, stage: Stage) -> None:
    made = noir(stage)
    await tab.sign_in()
    await tab.page.goto(f"/lists/{made}/clear")
    await tab.page.get_by_role("button", name="Clear").wait_for()


FILM_SCENES = (
    rated, rated_nothing, rating, rating_error, search, favourites, favourite, lists_of_one, list_error, one_list,
    list_entry, list_clear,
)  # fmt: skip
