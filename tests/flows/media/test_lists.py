"""A list is changed by its owner only; a private one is seen by nobody else."""

from collections.abc import Awaitable

import pytest

from admitone.flows.media import lists
from admitone.flows.media.lists import NewList
from admitone.model.faults import Fault
from admitone.model.media import MediaType
from tests.flows.conftest import without_catalogue
from tests.store.aside import fault_of, rows
from tests.world import FILMS, World

FIGHT_CLUB = 550


async def made(world: World, *, public: bool = True) -> int:
    """A list of Mira's."""
    return await world.house.write(lists.create, world.mira.id, None, NewList("Noir", "Dark ones", "de", public))


async def add(world: World, list_id: int, media_id: int, media_type: MediaType = MediaType.MOVIE) -> None:
    await world.house.write(lists.add_item, world.mira.id, None, list_id, media_type, media_id)


async def on(world: World, list_id: int) -> list[int]:
    _, page = await world.house.read(lists.show, list_id, world.mira.id, 1)
    return [title.id for title in page.rows]


async def test_a_list_is_what_its_person_said(world: World) -> None:
    list_id = await made(world)
    shown, page = await world.house.read(lists.show, list_id, None, 1)
    assert (shown.id, shown.account_id, shown.username) == (list_id, world.mira.id, "mira")
    assert (shown.name, shown.description, shown.iso_639_1, shown.public) == ("Noir", "Dark ones", "de", 1)
    assert (shown.item_count, page.rows, page.total) == (0, [], 0)


async def test_titles_stand_in_the_order_of_adding(world: World) -> None:
    list_id = await made(world)
    for film in (597, 11, 550):
        await add(world, list_id, film)
    await add(world, list_id, 1396, MediaType.TV)
    assert await on(world, list_id) == [597, 11, 550, 1396]
    await world.house.write(lists.remove_item, world.mira.id, None, list_id, MediaType.MOVIE, 11)
    await add(world, list_id, 11)
    assert await on(world, list_id) == [597, 550, 1396, 11]
    shown, page = await world.house.read(lists.show, list_id, None, 1)
    assert shown.item_count == page.total == 4
    assert [title.title for title in page.rows] == ["Titanic", "Fight Club", "Breaking Bad", "Star Wars"]


async def test_a_title_stands_once_on_a_list_and_on_many_lists(world: World) -> None:
    first, second = await made(world), await made(world)
    await add(world, first, FIGHT_CLUB)
    assert await fault_of(add(world, first, FIGHT_CLUB)) is Fault.LIST_ITEM_TWICE
    await add(world, second, FIGHT_CLUB)
    await world.house.write(lists.remove_item, world.mira.id, None, first, MediaType.MOVIE, FIGHT_CLUB)
    again = world.house.write(lists.remove_item, world.mira.id, None, first, MediaType.MOVIE, FIGHT_CLUB)
    assert await fault_of(again) is Fault.LIST_ITEM_ABSENT
    assert [await on(world, first), await on(world, second)] == [[], [FIGHT_CLUB]]


async def test_only_what_exists_can_be_added(world: World) -> None:
    list_id = await made(world)
    for media_type, media_id in ((MediaType.MOVIE, 999), (MediaType.TV, FIGHT_CLUB)):
        assert await fault_of(add(world, list_id, media_id, media_type)) is Fault.TITLE_UNKNOWN
    await without_catalogue(world.house).write(lists.add_item, world.mira.id, None, list_id, MediaType.MOVIE, 999)
    assert await on(world, list_id) == [999]


@pytest.mark.parametrize("public", [True, False])
async def test_nobody_changes_the_list_of_another(world: World, public: bool) -> None:
    list_id = await made(world, public=public)
    await add(world, list_id, FIGHT_CLUB)
    changes: list[Awaitable[None]] = [
        world.house.write(lists.add_item, world.tomas.id, None, list_id, MediaType.MOVIE, 11),
        world.house.write(lists.remove_item, world.tomas.id, None, list_id, MediaType.MOVIE, FIGHT_CLUB),
        world.house.write(lists.delete, world.tomas.id, None, list_id),
    ]
    assert [await fault_of(change) for change in changes] == [Fault.LIST_OF_OTHER] * 3
    assert await on(world, list_id) == [FIGHT_CLUB]


async def test_a_private_list_is_seen_by_its_owner_only(world: World) -> None:
    list_id = await made(world, public=False)
    await add(world, list_id, FIGHT_CLUB)
    assert await on(world, list_id) == [FIGHT_CLUB]
    for account_id in (world.tomas.id, None):
        assert await fault_of(world.house.read(lists.show, list_id, account_id, 1)) is Fault.LIST_PRIVATE


async def test_a_deleted_list_is_gone_with_all_that_was_on_it(world: World) -> None:
    first, second = await made(world), await made(world)
    for list_id in (first, second):
        await add(world, list_id, FIGHT_CLUB)
    await world.house.write(lists.delete, world.mira.id, None, first)
    assert await world.house.read(rows, "list_items") == 1
    changes: list[Awaitable[object]] = [
        world.house.read(lists.show, first, world.mira.id, 1),
        add(world, first, 11),
        world.house.write(lists.remove_item, world.mira.id, None, first, MediaType.MOVIE, FIGHT_CLUB),
        world.house.write(lists.delete, world.mira.id, None, first),
    ]
    assert [await fault_of(change) for change in changes] == [Fault.LIST_UNKNOWN] * 4
    assert await on(world, second) == [FIGHT_CLUB]


async def test_the_number_of_a_deleted_list_is_not_given_again(world: World) -> None:
    list_id = await made(world)
    await world.house.write(lists.delete, world.mira.id, None, list_id)
    assert await made(world) > list_id


async def test_a_page_has_twenty_titles(world: World) -> None:
    list_id = await made(world)
    house = without_catalogue(world.house)
    for number in range(1, 22):
        await house.write(lists.add_item, world.mira.id, None, list_id, MediaType.MOVIE, number)
    pages = [(await house.read(lists.show, list_id, None, number))[1] for number in (1, 2, 3)]
    assert [[title.id for title in page.rows] for page in pages] == [list(range(1, 21)), [21], []]
    assert {(page.total, page.pages) for page in pages} == {(21, 2)}
    assert [title.title for title in pages[0].rows if title.id in FILMS] == ["Star Wars"]
