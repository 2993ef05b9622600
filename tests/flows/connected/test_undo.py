"""What an app wrote can be undone: to exactly what was there before, and only where nobody changed it since."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from admitone.flows.connected import undo
from admitone.flows.connected.undo import Report
from admitone.flows.fourth import lists as fourth
from admitone.flows.fourth.lists import Item, ListChange, Listed, NewFourthList
from admitone.flows.media import lists, marks, ratings, states, titles
from admitone.flows.media.lists import NewList
from admitone.flows.media.marks import Marked
from admitone.flows.media.ratings import Rater
from admitone.flows.sweep import sweep
from admitone.model.connected.changes import KEPT_MS, Kind, Thing, Undone
from admitone.model.faults import Fault
from admitone.model.lists import FourthList, ListSort
from admitone.model.media import Mark, MediaType, RatedType, Subject
from admitone.model.paging import Order
from admitone.store.connected import changes
from admitone.store.engine.statements import Statement
from admitone.store.schema import ratings as ratings_table
from tests.store.aside import fault_of
from tests.world import MINUTE, World

FILM = Subject(RatedType.MOVIE, 550)
EPISODE = Subject(RatedType.EPISODE, 1396, 1, 2)
FAVOURITE = Marked(Mark.FAVORITE, MediaType.MOVIE, 550)
NOIR = NewList("Noir", "Dark ones", "en", True)
FOURTH_NOIR = NewFourthList("Noir", "Dark ones", "fr", "CA", public=False, sort=ListSort.VOTED_REVERSED)
NOTHING = ListChange(None, None, None, None, None)
FILM_ITEM = Item(MediaType.MOVIE, 550, comments=True)
KEPT = Statement(select(ratings_table.c.halves, ratings_table.c.rated_at, ratings_table.c.app_id), tuple)


class Play:
    """Mira and two apps of hers, each step a minute after the one before."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rater = Rater(world.mira.id)
        self.shelf, self.sync = world.cineshelf.app.id, world.reelsync.app.id

    async def do(self, flow: Any, *arguments: Any) -> Any:
        self.world.clock.advance(MINUTE)
        return await self.world.house.write(flow, *arguments)

    async def rate(self, app_id: int | None, halves: int, subject: Subject = FILM) -> None:
        await self.do(ratings.rate, self.rater, app_id, subject, halves)

    async def unrate(self, app_id: int | None) -> None:
        await self.do(ratings.unrate, self.rater, app_id, FILM)

    async def kept(self) -> list[tuple[int, int, int | None]]:
        async def flow(_house: Any, tx: Any) -> Any:
            return await tx.all(KEPT)

        return await self.world.house.read(flow)

    async def votes(self) -> tuple[int, int]:
        title = await self.world.house.read(titles.show, MediaType.MOVIE, 550)
        return title.votes, title.halves

    async def undo(self) -> Counter[Undone]:
        self.world.clock.advance(MINUTE)
        return (await self.report()).outcomes

    async def report(self) -> Report:
        return await undo.everything(self.world.house, self.world.mira.id, self.world.cineshelf.app.public_id)

    async def is_favourite(self) -> bool:
        return bool((await self.world.house.read(states.of_subject, self.rater, FILM)).favorite)

    async def shown(self, list_id: int) -> tuple[FourthList, list[Listed]]:
        """A list with what is on it, as the fourth generation shows it; not when it was touched last."""
        found, page = await self.world.house.read(fourth.show, list_id, self.world.mira.id, None, 1)
        return found._replace(changed_at=0), page.rows

    async def comments(self, list_id: int) -> dict[int, str | None]:
        return {row.title.id: row.comment for row in (await self.shown(list_id))[1]}

    async def items(self, list_id: int) -> list[int]:
        _, page = await self.world.house.read(lists.show, list_id, self.world.mira.id, 1)
        return [title.id for title in page.rows]


@pytest.fixture
async def play(world: World) -> Play:
    for app in (world.cineshelf, world.reelsync):
        await world.session(app, world.mira)
    return Play(world)


async def test_a_new_rating_goes_and_its_vote_with_it(play: Play) -> None:
    await play.rate(play.shelf, 17)
    assert await play.undo() == {Undone.DONE: 1}
    assert (await play.kept(), await play.votes()) == ([], (0, 0))
    assert await play.undo() == {}


async def test_a_rating_comes_back_as_it_was_with_its_day_and_its_app(play: Play) -> None:
    await play.rate(play.sync, 10)
    before = await play.kept()
    for halves in (17, 3, 20):
        await play.rate(play.shelf, halves)
    await play.unrate(play.shelf)
    await play.rate(play.shelf, 5)
    assert await play.undo() == {Undone.DONE: 1}
    assert (await play.kept(), await play.votes()) == (before, (1, 10))


async def test_a_rating_that_was_taken_back_is_given_again(play: Play) -> None:
    await play.rate(None, 10)
    before = await play.kept()
    await play.unrate(play.shelf)
    assert await play.votes() == (0, 0)
    assert await play.undo() == {Undone.DONE: 1}
    assert (await play.kept(), await play.votes()) == (before, (1, 10))


@pytest.mark.parametrize("who", ["person", "app"])
@pytest.mark.parametrize("how", ["rates", "takes back", "rates and takes back"])
async def test_what_somebody_changed_since_is_kept_and_told(play: Play, who: str, how: str) -> None:
    by = None if who == "person" else play.sync
    await play.rate(None, 10)
    await (play.rate(play.shelf, 17) if how != "rates and takes back" else play.unrate(play.shelf))
    if "rates" in how:
        await play.rate(by, 17)  # the same value, but theirs
    if "takes back" in how:
        await play.unrate(by)
    kept = await play.kept()
    report = await play.report()
    assert report.outcomes == {Undone.PERSON if who == "person" else Undone.APP: 1}
    assert [(change.title, change.thing.media_id) for change, _ in report.kept] == [("Fight Club", 550)]
    assert await play.kept() == kept


async def test_an_app_that_writes_over_the_persons_word_is_undone_to_that(play: Play) -> None:
    await play.rate(play.shelf, 17)
    await play.rate(None, 10)
    before = await play.kept()
    await play.rate(play.shelf, 3)
    assert await play.undo() == {Undone.DONE: 1}
    assert await play.kept() == before


async def test_two_apps_are_undone_in_turn(play: Play) -> None:
    await play.rate(play.shelf, 17)
    await play.rate(play.sync, 10)
    assert await play.undo() == {Undone.APP: 1}
    await undo.everything(play.world.house, play.world.mira.id, play.world.reelsync.app.public_id)
    assert await play.undo() == {Undone.DONE: 1}
    assert await play.kept() == []


async def test_marks_come_and_go(play: Play) -> None:
    await play.do(marks.mark, play.rater.id, play.shelf, FAVOURITE)
    assert await play.undo() == {Undone.DONE: 1}
    assert not await play.is_favourite()
    for app_id in (None, play.shelf):  # twice the same is no change
        await play.do(marks.mark, play.rater.id, app_id, FAVOURITE)
    await play.do(marks.unmark, play.rater.id, play.shelf, FAVOURITE)
    assert not await play.is_favourite()
    assert await play.undo() == {Undone.DONE: 1}
    assert await play.is_favourite()
    await play.do(marks.unmark, play.rater.id, play.shelf, FAVOURITE)
    await play.do(marks.mark, play.rater.id, None, FAVOURITE)
    assert await play.undo() == {Undone.PERSON: 1}
    assert await play.is_favourite()


async def test_a_list_that_an_app_made_goes_with_what_the_app_put_on_it(play: Play) -> None:
    made = await play.do(lists.create, play.rater.id, play.shelf, NOIR)
    for film in (550, 597):
        await play.do(lists.add_item, play.rater.id, play.shelf, made, MediaType.MOVIE, film)
    assert await play.undo() == {Undone.DONE: 3}
    assert await fault_of(play.world.house.read(lists.show, made, play.rater.id, 1)) is Fault.LIST_UNKNOWN


async def test_a_list_on_which_something_else_is_stays(play: Play) -> None:
    made = await play.do(lists.create, play.rater.id, play.shelf, NOIR)
    await play.do(lists.add_item, play.rater.id, play.shelf, made, MediaType.MOVIE, 550)
    await play.do(lists.add_item, play.rater.id, None, made, MediaType.MOVIE, 597)
    assert await play.undo() == {Undone.DONE: 1, Undone.FILLED: 1}
    assert await play.items(made) == [597]


async def test_a_list_that_an_app_deleted_comes_back_with_all_that_was_on_it(play: Play) -> None:
    made = await play.do(lists.create, play.rater.id, None, NOIR)
    for film in (597, 11, 550):
        await play.do(lists.add_item, play.rater.id, None, made, MediaType.MOVIE, film)
    before = await play.world.house.read(lists.show, made, play.rater.id, 1)
    await play.do(lists.delete, play.rater.id, play.shelf, made)
    assert await play.undo() == {Undone.DONE: 4}
    after = await play.world.house.read(lists.show, made, play.rater.id, 1)
    assert after[0] == before[0]
    assert [title.id for title in after[1].rows] == [597, 11, 550]


async def test_a_list_that_an_app_made_and_deleted_stays_away(play: Play) -> None:
    made = await play.do(lists.create, play.rater.id, play.shelf, NOIR)
    await play.do(lists.add_item, play.rater.id, play.shelf, made, MediaType.MOVIE, 550)
    await play.do(lists.delete, play.rater.id, play.shelf, made)
    assert await play.undo() == {Undone.DONE: 2}
    assert await fault_of(play.world.house.read(lists.show, made, play.rater.id, 1)) is Fault.LIST_UNKNOWN


async def test_a_list_that_was_cleared_is_filled_again_and_one_that_is_gone_is_not(play: Play) -> None:
    made = await play.do(lists.create, play.rater.id, None, NOIR)
    for film in (597, 550):
        await play.do(lists.add_item, play.rater.id, None, made, MediaType.MOVIE, film)
    await play.do(lists.clear, play.rater.id, play.shelf, made)
    await play.do(lists.add_item, play.rater.id, None, made, MediaType.MOVIE, 550)
    assert await play.undo() == {Undone.DONE: 1, Undone.PERSON: 1}
    assert await play.items(made) == [597, 550]  # where it was
    await play.do(lists.remove_item, play.rater.id, play.shelf, made, MediaType.MOVIE, 597)
    await play.do(lists.delete, play.rater.id, None, made)
    assert await play.undo() == {Undone.PERSON: 1, Undone.GONE: 1}


async def test_a_list_of_the_fourth_generation_comes_back_with_all_that_was_said_of_it(play: Play) -> None:
    made = await play.do(fourth.create, play.rater.id, play.sync, FOURTH_NOIR)
    await play.do(fourth.update, play.rater.id, play.sync, made, NOTHING._replace(backdrop_path="/a.jpg"))
    await play.do(fourth.add, play.rater.id, play.sync, made, [FILM_ITEM])
    await play.do(fourth.comment, play.rater.id, play.sync, made, [FILM_ITEM._replace(comment="Twice.")])
    before = await play.shown(made)
    assert before[0].backdrop_path == "/a.jpg"
    assert before[1][0].comment == "Twice."
    await play.do(lists.delete, play.rater.id, play.shelf, made)
    assert await play.undo() == {Undone.DONE: 2}
    assert await play.shown(made) == before


async def test_what_an_app_says_of_a_list_is_undone_to_what_was_said_before(play: Play) -> None:
    made = await play.do(fourth.create, play.rater.id, play.sync, FOURTH_NOIR)
    before = await play.shown(made)
    every = ListChange("Theirs", "All of it", False, ListSort.TITLE, "/b.jpg")
    await play.do(fourth.update, play.rater.id, play.shelf, made, every)
    await play.do(fourth.update, play.rater.id, play.shelf, made, NOTHING._replace(name="Theirs again"))
    assert await play.undo() == {Undone.DONE: 1}
    assert await play.shown(made) == before
    await play.do(fourth.update, play.rater.id, play.shelf, made, every)
    await play.do(fourth.update, play.rater.id, play.sync, made, NOTHING._replace(public=True))
    kept = await play.shown(made)
    assert await play.undo() == {Undone.APP: 1}
    assert await play.shown(made) == kept


async def test_what_says_the_same_again_is_no_change(play: Play) -> None:
    made = await play.do(fourth.create, play.rater.id, play.sync, FOURTH_NOIR)
    await play.do(fourth.add, play.rater.id, play.sync, made, [FILM_ITEM])
    assert await play.do(fourth.update, play.rater.id, play.shelf, made, NOTHING._replace(name="Noir"))
    said = [FILM_ITEM, FILM_ITEM._replace(comments=False, comment="not asked for"), FILM_ITEM._replace(media_id=11)]
    assert await play.do(fourth.comment, play.rater.id, play.shelf, made, said) == [True, True, False]
    assert await play.undo() == {}


async def test_a_comment_is_undone_to_the_one_before_and_a_title_comes_back_with_its_own(play: Play) -> None:
    made = await play.do(fourth.create, play.rater.id, play.sync, FOURTH_NOIR)
    await play.do(fourth.add, play.rater.id, play.sync, made, [FILM_ITEM, FILM_ITEM._replace(media_id=597)])
    await play.do(fourth.comment, play.rater.id, play.sync, made, [FILM_ITEM._replace(comment="Twice.")])
    before = await play.comments(made)
    for comment in ("Thrice.", None):
        await play.do(fourth.comment, play.rater.id, play.shelf, made, [FILM_ITEM._replace(comment=comment)])
    assert await play.undo() == {Undone.DONE: 1}
    assert await play.comments(made) == before
    await play.do(fourth.remove, play.rater.id, play.shelf, made, [FILM_ITEM])
    assert await play.undo() == {Undone.DONE: 1}
    assert await play.comments(made) == before
    await play.do(fourth.remove, play.rater.id, play.shelf, made, [FILM_ITEM])
    await play.do(fourth.add, play.rater.id, play.shelf, made, [FILM_ITEM])
    await play.do(fourth.comment, play.rater.id, play.shelf, made, [FILM_ITEM._replace(comment="Mine.")])
    assert await play.undo() == {Undone.DONE: 1}
    assert await play.comments(made) == before


async def test_one_change_is_undone_alone_and_once(play: Play) -> None:
    await play.rate(play.shelf, 17)
    await play.rate(play.shelf, 9, EPISODE)
    public_id = play.world.cineshelf.app.public_id
    thing = Thing(Kind.RATING, 0, "movie", 550)
    for outcome in (Undone.DONE, Undone.BEFORE):
        _, became = await play.do(undo.one, play.rater.id, public_id, thing)
        assert became is outcome
    assert [halves for halves, _, _ in await play.kept()] == [9]
    for account_id, which, fault in (
        (play.world.tomas.id, thing, Fault.SESSION_NOT_FOUND),
        (play.rater.id, thing._replace(media_id=11), Fault.ROUTE_UNKNOWN),
    ):
        assert await fault_of(play.do(undo.one, account_id, public_id, which)) is fault


async def test_what_was_written_is_told_the_latest_first(play: Play) -> None:
    await play.rate(play.shelf, 17)
    made = await play.do(lists.create, play.rater.id, play.shelf, NOIR)
    await play.do(marks.mark, play.rater.id, play.shelf, FAVOURITE)
    await play.rate(None, 3, EPISODE)
    found = await play.world.house.read(undo.written, play.rater.id, play.world.cineshelf.app.public_id, 1)
    assert [change.thing for change in found.page.rows] == [
        Thing(Kind.FAVORITE, 0, "movie", 550), Thing(Kind.LIST, made), Thing(Kind.RATING, 0, "movie", 550),
    ]  # fmt: skip
    assert (found.left, found.page.total) == (3, 3)
    assert [change.list_name for change in found.page.rows] == ["", "Noir", ""]


async def test_what_an_app_did_can_be_undone_when_the_app_that_was_before_is_gone(play: Play) -> None:
    from admitone.flows import apps

    await play.rate(play.sync, 10)
    await play.rate(play.shelf, 17)
    await play.do(apps.remove, play.world.reelsync.app.public_id)
    assert await play.undo() == {Undone.DONE: 1}
    assert [(halves, app_id) for halves, _, app_id in await play.kept()] == [(10, None)]


async def test_changes_are_kept_for_thirty_days_and_no_more_than_so_many(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admitone.flows.sweep.MOST", 2)
    monkeypatch.setattr("admitone.flows.resting.FEWEST", 1)
    for number in (550, 11, 597):
        await play.rate(play.shelf, 17, Subject(RatedType.MOVIE, number))
    for number in (3, 4):
        await play.rate(play.shelf, 17, EPISODE._replace(episode=number))
    assert (await sweep(play.world.house, rest=0)).changes == 3
    which = {"account_id": play.rater.id, "app_id": play.shelf}

    async def total(_house: Any, tx: Any) -> int:
        return await tx.one(changes.TOTAL, **which) or 0

    assert await play.world.house.read(total) == 2
    play.world.clock.advance(KEPT_MS)
    await sweep(play.world.house, rest=0)
    assert await play.world.house.read(total) == 1  # exactly thirty days old, to the minute
    play.world.clock.advance(1)
    await sweep(play.world.house, rest=0)
    assert await play.world.house.read(total) == 0
    assert len(await play.kept()) == 5
    page = await play.world.house.read(ratings.rated_titles, play.rater, RatedType.MOVIE, Order.OLDEST_FIRST, 1)
    assert page.total == 3
