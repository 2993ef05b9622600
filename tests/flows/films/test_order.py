"""A list stands in the order that its person gave it, whatever is moved, added, taken off, undone or cleared."""

import random
from typing import Any

import pytest

from admitone.flows.connected import undo
from admitone.flows.films import own_lists
from admitone.flows.fourth import lists as fourth
from admitone.flows.fourth.lists import Item, NewFourthList
from admitone.flows.media import lists, titles
from admitone.model.connected.changes import Undone
from admitone.model.faults import Fault
from admitone.model.lists import ListSort
from admitone.model.media import MediaType, RatedType, Subject
from tests.store.aside import fault_of
from tests.world import MINUTE, World
from tests.world import title as title_row

FILMS = list(range(1000, 1012))
NEW = NewFourthList("Noir", "", "en", "US", public=False, sort=ListSort.ORIGINAL)


class Shelf:
    """A list of Mira's with all the films on it, an app of hers, and what is done a minute apart."""

    def __init__(self, world: World, list_id: int) -> None:
        self.world, self.list_id = world, list_id
        self.mira, self.app = world.mira.id, world.cineshelf.app.id

    async def do(self, flow: Any, *arguments: Any) -> Any:
        self.world.clock.advance(MINUTE)
        return await self.world.house.write(flow, *arguments)

    async def move(self, film: int, to: int) -> int:
        now_at: int = await self.do(own_lists.move, self.mira, self.list_id, Subject(RatedType.MOVIE, film), to)
        return now_at

    async def step(self, film: int, by: int) -> int:
        now_at: int = await self.do(own_lists.step, self.mira, self.list_id, Subject(RatedType.MOVIE, film), by)
        return now_at

    async def add(self, film: int, app_id: int | None = None) -> None:
        await self.do(lists.add_item, self.mira, app_id, self.list_id, MediaType.MOVIE, film)

    async def remove(self, film: int, app_id: int | None = None) -> None:
        await self.do(lists.remove_item, self.mira, app_id, self.list_id, MediaType.MOVIE, film)

    async def undo(self) -> dict[Undone, int]:
        self.world.clock.advance(MINUTE)
        report = await undo.everything(self.world.house, self.mira, self.world.cineshelf.app.public_id)
        return dict(report.outcomes)

    async def films(self) -> list[int]:
        """In the order of the third generation, which is that of the fourth, and its reverse from behind."""
        read = self.world.house.read
        _, third = await read(lists.show, self.list_id, self.mira, 1)
        found = [title.id for title in third.rows]
        _, shown = await read(fourth.show, self.list_id, self.mira, ListSort.ORIGINAL, 1)
        _, back = await read(fourth.show, self.list_id, self.mira, ListSort.ORIGINAL_REVERSED, 1)
        assert [row.title.id for row in shown.rows] == found
        assert [row.title.id for row in reversed(back.rows)] == found
        return found


@pytest.fixture
async def shelf(world: World) -> Shelf:
    await world.session(world.cineshelf, world.mira)
    await world.house.write(titles.load, [title_row("movie", film, f"Film {film}") for film in FILMS])
    made = Shelf(world, await world.house.write(own_lists.create, world.mira.id, NEW))
    for film in FILMS[:6]:
        await made.add(film)
    return made


async def test_whatever_is_moved_added_and_taken_off_the_order_is_what_it_was_told_to_be(shelf: Shelf) -> None:
    draw, expected = random.Random(7), FILMS[:6]
    for _ in range(60):
        what, film = draw.choice(("move", "move", "step", "add", "remove")), draw.choice(FILMS)
        if what == "add" and film not in expected:
            await shelf.add(film)
            expected.append(film)
        elif what == "remove" and film in expected and len(expected) > 2:
            await shelf.remove(film)
            expected.remove(film)
        elif film in expected and what in ("move", "step"):
            before = expected.index(film) + 1
            to = draw.randint(-2, len(expected) + 3) if what == "move" else before + draw.choice((-1, 1))
            now_at = await (shelf.move(film, to) if what == "move" else shelf.step(film, to - before))
            assert now_at == min(max(to, 1), len(expected))
            expected.remove(film)
            expected.insert(now_at - 1, film)
        assert await shelf.films() == expected


async def test_there_is_always_room_between_two(shelf: Shelf) -> None:
    """Moved between the same two neighbours until no number is left between them, and on."""
    for _ in range(70):
        # The first of three goes between the other two, each time into half of what room is left.
        first, second, third, *rest = await shelf.films()
        assert await shelf.move(first, 2) == 2
        assert await shelf.films() == [second, first, third, *rest]
    expected = await shelf.films()
    for _ in range(60):
        assert await shelf.move(expected[0], 6) == 6
        expected = [*expected[1:], expected[0]]
    assert await shelf.films() == expected
    await shelf.add(FILMS[6])
    assert (await shelf.films())[-1] == FILMS[6]


async def test_what_is_added_after_the_last_was_taken_off_comes_last(shelf: Shelf) -> None:
    await shelf.move(FILMS[5], 1)
    await shelf.move(FILMS[4], 6)
    await shelf.remove(FILMS[4])
    await shelf.add(FILMS[8])
    assert await shelf.films() == [FILMS[5], *FILMS[:4], FILMS[8]]
    await shelf.do(lists.clear, shelf.mira, None, shelf.list_id)
    for film in (FILMS[3], FILMS[1]):
        await shelf.add(film)
    assert await shelf.films() == [FILMS[3], FILMS[1]]


async def test_what_an_app_took_off_comes_back_to_its_old_place(shelf: Shelf) -> None:
    await shelf.move(FILMS[5], 2)
    before = await shelf.films()
    for film in (FILMS[5], FILMS[0], FILMS[3]):
        await shelf.remove(film, shelf.app)
    assert await shelf.undo() == {Undone.DONE: 3}
    assert await shelf.films() == before
    await shelf.do(lists.clear, shelf.mira, shelf.app, shelf.list_id)
    assert await shelf.undo() == {Undone.DONE: 6}
    assert await shelf.films() == before
    await shelf.do(lists.delete, shelf.mira, shelf.app, shelf.list_id)
    assert await shelf.undo() == {Undone.DONE: 7}
    assert await shelf.films() == before


async def test_what_a_person_moved_is_kept_and_what_stood_beside_it_is_undone(shelf: Shelf) -> None:
    for film in FILMS[6:9]:
        await shelf.add(film, shelf.app)
    await shelf.move(FILMS[7], 1)
    assert await shelf.undo() == {Undone.DONE: 2, Undone.PERSON: 1}
    assert await shelf.films() == [FILMS[7], *FILMS[:6]]


async def test_an_app_that_comments_on_what_a_person_moved_is_undone_to_the_place_it_has(shelf: Shelf) -> None:
    await shelf.move(FILMS[5], 1)
    said = Item(MediaType.MOVIE, FILMS[5], comments=True, comment="Theirs.")
    await shelf.do(fourth.comment, shelf.mira, shelf.app, shelf.list_id, [said])
    assert await shelf.undo() == {Undone.DONE: 1}
    assert await shelf.films() == [FILMS[5], *FILMS[:5]]


async def test_only_its_own_person_moves_what_stands_on_a_list(shelf: Shelf) -> None:
    world, film = shelf.world, Subject(RatedType.MOVIE, FILMS[0])
    for flow in (own_lists.move, own_lists.step):
        theirs = world.house.write(flow, world.tomas.id, shelf.list_id, film, 3)
        assert await fault_of(theirs) is Fault.LIST_UNKNOWN
        absent = world.house.write(flow, shelf.mira, shelf.list_id, film._replace(id=FILMS[9]), 3)
        assert await fault_of(absent) is Fault.LIST_ITEM_ABSENT
    assert await shelf.films() == FILMS[:6]
