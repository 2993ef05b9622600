"""A rating is set, changed and taken back; pages of them come in the order of rating, each person's own only."""

import pytest

from admitone.basics.clock import ManualClock
from admitone.flows.house import House
from admitone.flows.media import ratings
from admitone.flows.media.ratings import Rater
from admitone.model.faults import Fault
from admitone.model.media import RatedType, Subject, Title, unknown_title
from admitone.model.paging import Order, Page
from admitone.store.ratings import RatedTitle
from tests.flows.conftest import without_catalogue
from tests.store.aside import fault_of, rows
from tests.world import FILMS, SERIES, World

FIGHT_CLUB, TITANIC, STAR_WARS = (
    Subject(RatedType.MOVIE, 550),
    Subject(RatedType.MOVIE, 597),
    Subject(RatedType.MOVIE, 11),
)
BREAKING_BAD = Subject(RatedType.TV, 1396)
OZYMANDIAS = Subject(RatedType.EPISODE, 1396, 5, 14)


async def rate(world: World, subject: Subject, halves: int, house: House | None = None) -> bool:
    """Mira rates; whether it is new."""
    house = house or world.house
    return await house.write(ratings.rate, Rater(world.mira.id), world.cineshelf.app.id, subject, halves)


async def page(
    world: World, rated_type: RatedType = RatedType.MOVIE, order: Order = Order.OLDEST_FIRST, number: int = 1
) -> Page[RatedTitle]:
    return await world.house.read(ratings.rated_titles, Rater(world.mira.id), rated_type, order, number)


async def test_a_rating_is_new_until_it_is_taken_back(world: World) -> None:
    assert [await rate(world, FIGHT_CLUB, halves) for halves in (17, 17, 1)] == [True, False, False]
    await world.house.write(ratings.unrate, Rater(world.mira.id), None, FIGHT_CLUB)
    assert await world.house.read(rows, "ratings") == 0
    await world.house.write(ratings.unrate, Rater(world.mira.id), None, FIGHT_CLUB)
    assert await rate(world, FIGHT_CLUB, 20)


async def test_the_last_value_is_shown_with_its_title(world: World) -> None:
    for halves in (1, 20, 17):
        await rate(world, FIGHT_CLUB, halves)
    assert (await page(world)) == Page(
        1, [RatedTitle(Title("movie", 550, "Fight Club", "Fight Club", "en", "", 1000, 0, 0, None, None, 1, 17), 17)], 1
    )


async def test_films_series_and_episodes_are_told_apart(world: World) -> None:
    same = Subject(RatedType.TV, 550)
    assert await fault_of(rate(world, same, 3)) is Fault.TITLE_UNKNOWN
    for subject in (FIGHT_CLUB, BREAKING_BAD, OZYMANDIAS, OZYMANDIAS._replace(episode=13)):
        assert await rate(world, subject, 12)
    assert (await page(world)).total == 1
    assert (await page(world, RatedType.TV)).total == 1
    await world.house.write(ratings.unrate, Rater(world.mira.id), None, OZYMANDIAS)
    assert await world.house.read(rows, "ratings") == 3


@pytest.mark.parametrize(
    "subject", [Subject(RatedType.MOVIE, 999), Subject(RatedType.TV, 11), Subject(RatedType.EPISODE, 11, 1, 1)]
)
async def test_what_the_catalogue_does_not_hold_cannot_be_rated(world: World, subject: Subject) -> None:
    assert await fault_of(rate(world, subject, 12)) is Fault.TITLE_UNKNOWN
    assert await fault_of(world.house.write(ratings.unrate, Rater(world.mira.id), None, subject)) is Fault.TITLE_UNKNOWN
    assert await world.house.read(rows, "ratings") == 0


async def test_without_a_catalogue_everything_exists_and_is_shown_by_number(world: World) -> None:
    house, unheard = without_catalogue(world.house), Subject(RatedType.MOVIE, 999)
    assert [await rate(world, unheard, 12, house), await rate(world, unheard, 13, house)] == [True, False]
    await rate(world, FIGHT_CLUB, 3, house)
    titles = [row.title for row in (await page(world)).rows]
    assert {title.id: title.title for title in titles} == {999: "", 550: "Fight Club"}
    assert unknown_title(unheard.title_type, 999)._replace(votes=1, halves=13) in titles
    await house.write(ratings.unrate, Rater(world.mira.id), None, unheard)
    assert (await page(world)).total == 1


async def test_pages_come_in_the_order_of_rating(world: World, clock: ManualClock) -> None:
    for subject in (TITANIC, FIGHT_CLUB, STAR_WARS):
        await rate(world, subject, 12)
        clock.advance(1)
    await rate(world, TITANIC, 13)
    oldest = [row.title.id for row in (await page(world)).rows]
    newest = [row.title.id for row in (await page(world, order=Order.NEWEST_FIRST)).rows]
    assert oldest == newest[::-1] == [550, 11, 597]


async def test_what_was_rated_at_one_instant_is_in_the_order_of_numbers(world: World) -> None:
    for film in sorted(FILMS, reverse=True):
        await rate(world, Subject(RatedType.MOVIE, film), 12)
    assert [row.title.id for row in (await page(world)).rows] == sorted(FILMS)
    newest = await page(world, order=Order.NEWEST_FIRST)
    assert [row.title.id for row in newest.rows] == sorted(FILMS, reverse=True)


async def test_a_page_has_twenty_rows_and_the_last_what_is_left(world: World, clock: ManualClock) -> None:
    house = without_catalogue(world.house)
    for number in range(1, 42):
        await rate(world, Subject(RatedType.MOVIE, number), 12, house)
        clock.advance(1)
    pages = [await page(world, number=number) for number in (1, 2, 3, 4, 500)]
    assert [[row.title.id for row in each.rows] for each in pages] == [
        list(range(1, 21)),
        list(range(21, 41)),
        [41],
        [],
        [],
    ]
    assert {(each.total, each.pages) for each in pages} == {(41, 3)}
    assert [each.number for each in pages] == [1, 2, 3, 4, 500]


async def test_nobody_sees_or_changes_the_ratings_of_another(world: World) -> None:
    await rate(world, FIGHT_CLUB, 17)
    page = await world.house.read(ratings.rated_titles, Rater(world.tomas.id), RatedType.MOVIE, Order.OLDEST_FIRST, 1)
    assert (page.rows, page.total) == ([], 0)
    await world.house.write(ratings.unrate, Rater(world.tomas.id), None, FIGHT_CLUB)
    assert await world.house.write(ratings.rate, Rater(world.tomas.id), world.reelsync.app.id, FIGHT_CLUB, 2)
    assert not await rate(world, FIGHT_CLUB, 17)


async def test_every_half_point_can_be_kept_and_nothing_beyond(world: World) -> None:
    for halves in range(1, 21):
        await rate(world, FIGHT_CLUB, halves)
        assert (await page(world)).rows[0].halves == halves
    for halves in (0, 21):
        with pytest.raises(Exception, match=r"(?i)check constraint"):
            await rate(world, FIGHT_CLUB, halves)
    assert (await page(world)).rows[0].halves == 20


async def test_the_series_of_the_world_can_be_rated_too(world: World) -> None:
    for series in SERIES:
        assert await rate(world, Subject(RatedType.TV, series), 19)
    assert [row.title.title for row in (await page(world, RatedType.TV)).rows] == list(SERIES.values())
