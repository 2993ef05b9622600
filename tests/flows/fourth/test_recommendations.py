"""Recommendations on both engines: from others with the same taste, never what one rated, in four statements."""

from typing import Any

from admitone.flows import accounts
from admitone.flows.fourth.recommendations import recommended
from admitone.flows.house import House
from admitone.flows.media import ratings, titles
from admitone.flows.media.ratings import Rater
from admitone.model.accounts import Account
from admitone.model.media import MediaType, RatedType, Subject
from admitone.model.paging import Page
from tests.flows.conftest import Counted, without_catalogue
from tests.world import PASSWORD, World, title

MOVIE = MediaType.MOVIE


async def rate(world: World, person: Account, points: dict[int, float], kind: RatedType = RatedType.MOVIE) -> None:
    """Rate films; each a moment later than the last."""
    for film, value in points.items():
        world.clock.advance(1)
        subject = Subject(kind, film)
        await world.house.write(ratings.rate, Rater(person.id), world.cineshelf.app.id, subject, int(value * 2))


async def ids(house: House, person: Account, media_type: MediaType = MOVIE, page: int = 1) -> list[int]:
    found: Page[Any] = await house.read(recommended, person.id, media_type, page)
    return [each.id for each in found.rows]


async def test_nothing_is_recommended_to_who_likes_nothing_or_alone(world: World) -> None:
    assert await ids(world.house, world.mira) == []
    await rate(world, world.mira, {550: 9, 11: 6.5})
    await rate(world, world.tomas, {11: 9, 278: 9})
    assert await ids(world.house, world.mira) == []


async def test_what_those_like_who_like_the_same_comes_first_where_more_is_the_same(world: World) -> None:
    nia = await accounts.add(world.house, "nia", PASSWORD)
    await rate(world, world.mira, {550: 9, 11: 8})
    await rate(world, world.tomas, {550: 10, 278: 9})
    await rate(world, nia, {550: 7, 11: 7, 597: 8, 278: 6.5})
    assert await ids(world.house, world.mira) == [597, 278]
    assert await ids(world.house, world.mira, page=2) == []
    assert await ids(world.house, nia) == []  # 278 she rated herself
    await rate(world, world.mira, {597: 2})
    assert await ids(world.house, world.mira) == [278]


async def test_films_and_series_are_apart(world: World) -> None:
    await rate(world, world.mira, {550: 9})
    await rate(world, world.tomas, {550: 9, 278: 9})
    await rate(world, world.tomas, {1396: 9}, RatedType.TV)
    assert await ids(world.house, world.mira, MediaType.TV) == []
    await rate(world, world.mira, {1416: 8}, RatedType.TV)
    await rate(world, world.tomas, {1416: 8}, RatedType.TV)
    assert await ids(world.house, world.mira, MediaType.TV) == [1396]


async def test_pages_follow_each_other(world: World) -> None:
    films = range(1000, 1025)
    await world.house.write(titles.load, [title("movie", film, f"Film {film}") for film in films])
    await rate(world, world.mira, {550: 9})
    await rate(world, world.tomas, {550: 9, **dict.fromkeys(films, 8.0)})
    assert await ids(world.house, world.mira) == list(films[:20])
    assert await ids(world.house, world.mira, page=2) == list(films[20:])


async def test_without_a_catalogue_numbers_are_recommended(world: World) -> None:
    house = without_catalogue(world.house)
    for person in (world.mira, world.tomas):
        await house.write(ratings.rate, Rater(person.id), world.cineshelf.app.id, Subject(RatedType.MOVIE, 9), 18)
    await house.write(ratings.rate, Rater(world.tomas.id), world.cineshelf.app.id, Subject(RatedType.MOVIE, 7), 18)
    assert await ids(house, world.mira) == [7]


async def test_it_costs_four_statements_at_most(counted: Counted, world: World) -> None:
    await ids(counted.house, world.mira)
    assert counted.store.cost() == ["read 1"]
    await rate(world, world.mira, {550: 9})
    await ids(counted.house, world.mira)
    assert counted.store.cost() == ["read 2"]
    await rate(world, world.tomas, {550: 9, 278: 9})
    await ids(counted.house, world.mira)
    assert counted.store.cost() == ["read 4"]
