"""The catalogue is loaded once; loading it again changes nothing."""

import pytest

from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.model.faults import Fault
from admitone.model.media import LARGEST_ID, MediaType
from tests.flows.conftest import without_catalogue
from tests.store.aside import fault_of, rows
from tests.world import World, title


async def test_a_catalogue_is_empty_until_something_is_loaded(house: House) -> None:
    assert await house.read(titles.is_empty)
    await house.write(titles.load, [])
    assert await house.read(titles.is_empty)
    await house.write(titles.load, [title("movie", 1, "One")])
    assert not await house.read(titles.is_empty)


async def test_what_is_there_stays_as_it_is(world: World) -> None:
    before = await world.house.read(rows, "titles")
    await world.house.write(titles.load, [title("movie", 550, "Renamed"), title("tv", 550, "A series of that number")])
    assert await world.house.read(rows, "titles") == before + 1


@pytest.mark.parametrize(
    ("media_type", "media_id", "there"),
    [
        (MediaType.MOVIE, 550, True),
        (MediaType.TV, 1396, True),
        (MediaType.TV, 550, False),
        (MediaType.MOVIE, 999, False),
    ],
)
async def test_a_title_is_known_by_kind_and_number(
    world: World, media_type: MediaType, media_id: int, there: bool
) -> None:
    fault = await fault_of(world.house.read(titles.must_exist, media_type, media_id))
    assert fault is (None if there else Fault.TITLE_UNKNOWN)
    await without_catalogue(world.house).read(titles.must_exist, media_type, media_id)


@pytest.mark.parametrize("media_id", [0, -1, LARGEST_ID + 1])
async def test_what_can_be_no_number_of_a_title_is_none_with_a_catalogue_or_without(
    world: World, media_id: int
) -> None:
    for house in (world.house, without_catalogue(world.house)):
        reading = house.read(titles.must_exist, MediaType.MOVIE, media_id)
        assert await fault_of(reading) is Fault.TITLE_UNKNOWN
