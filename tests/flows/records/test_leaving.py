"""Whoever leaves is gone: at once for apps and browsers, after 14 days from every table."""

from typing import Any

import pytest
from sqlalchemy import LargeBinary, Text, select

from admitone.flows import accounts, sessions
from admitone.flows.house import House
from admitone.flows.media import lists, marks, ratings
from admitone.flows.media.lists import NewList
from admitone.flows.media.marks import Marked
from admitone.flows.media.ratings import Rater
from admitone.flows.records import exporting, importing, leaving, works
from admitone.flows.sweep import sweep
from admitone.model.faults import Fault, Refused
from admitone.model.media import Mark, MediaType, RatedType, Subject
from admitone.model.paging import Order
from admitone.model.records.jobs import DAY_MS, GRACE_MS
from admitone.store.engine.statements import Statement
from admitone.store.engine.tx import Tx
from admitone.store.tables import metadata
from tests.model.records import samples
from tests.model.records.samples import file
from tests.world import NETWORK, PASSWORD, World

EVERYTHING = {table.name: Statement(select(table), tuple) for table in metadata.sorted_tables}
FILM = Subject(RatedType.MOVIE, 550)


async def rows(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""

    async def flow(_house: House, tx: Tx) -> dict[str, list[tuple[Any, ...]]]:
        return {name: [tuple(row) for row in await tx.all(statement)] for name, statement in EVERYTHING.items()}

    return await house.read(flow)


async def live(world: World, account_id: int, name: str) -> None:
    """Do everything that leaves a trace."""
    house = world.house
    await house.write(ratings.rate, Rater(account_id), world.reelsync.app.id, FILM, 7)
    await house.write(ratings.rate, Rater(account_id), world.reelsync.app.id, Subject(RatedType.EPISODE, 1396, 1, 2), 9)
    await house.write(marks.mark, account_id, world.reelsync.app.id, Marked(Mark.FAVORITE, MediaType.MOVIE, 550))
    list_id = await house.write(lists.create, account_id, None, NewList(f"{name}’s nights", name, "en", True))
    await house.write(lists.add_item, account_id, None, list_id, MediaType.MOVIE, 550)
    await importing.begin(house, account_id, [file(f"{name}.csv", samples.TMDB), file("x.csv", samples.IMDB)])
    await house.write(importing.start, account_id)
    await exporting.begin(house, account_id)
    assert await works.work(house) == 2


@pytest.mark.holds("A16")
async def test_after_14_days_nothing_of_a_person_is_left_in_any_table(world: World) -> None:
    house = world.house
    leaver = await accounts.add(house, "leaverleaver", PASSWORD, "Leaver Leaver")
    await world.session(world.reelsync, leaver)
    before = await rows(house)
    await live(world, leaver.id, "leaverleaver")
    await house.write(leaving.ask, leaver.id, "198.51.100.77/32", "a day")
    world.clock.advance(GRACE_MS - 1)
    assert (await sweep(house, rest=0)).accounts == 0
    world.clock.advance(1)
    assert (await sweep(house, rest=0)).accounts == 1
    after = await rows(house)

    ids = {
        (table.name, column.name) for table in metadata.sorted_tables for column in table.columns if _is_person(column)
    }
    assert ("ratings", "account_id") in ids
    for table in metadata.sorted_tables:
        for row in after[table.name]:
            told = dict(zip(table.columns.keys(), row, strict=True))
            assert all(told[column] != leaver.id for name, column in ids if name == table.name), (table.name, told)
            for column in table.columns:
                value = told[column.name]
                if isinstance(column.type, Text):
                    assert "leaver" not in str(value).lower(), (table.name, column.name)
                    assert "198.51.100.77" not in str(value)
                elif isinstance(column.type, LargeBinary) and value:
                    assert b"leaver" not in bytes(value).lower()
    # What others have is as it was: the counts of votes too.
    assert after["accounts"] == [row for row in before["accounts"] if row[0] != leaver.id]
    assert [row for row in after["votes"] if row[-2] or row[-1]] == []
    assert len(after["events"]) > len(before["events"])


def _is_person(column: Any) -> bool:
    return column.name == "account_id" or any(key.column.table.name == "accounts" for key in column.foreign_keys)


async def test_votes_of_others_stay(world: World) -> None:
    for person in (world.mira, world.tomas):
        await world.house.write(ratings.rate, Rater(person.id), world.cineshelf.app.id, FILM, 8)
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    await leaving.erase_now(world.house, world.mira.id)
    page = await world.house.read(ratings.rated_titles, Rater(world.tomas.id), RatedType.MOVIE, Order.OLDEST_FIRST, 1)
    assert [(row.title.votes, row.title.halves) for row in page.rows] == [(1, 8)]


async def test_apps_of_one_s_own_go_along(world: World) -> None:
    session = await world.session(world.cineshelf, world.tomas)
    assert [(app.name, app.people) for app in await world.house.read(leaving.own_apps, world.mira.id)] == [
        ("CineShelf", 1)
    ]
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    await leaving.erase_now(world.house, world.mira.id)
    assert await world.house.read(leaving.own_apps, world.mira.id) == []
    with pytest.raises(Refused):
        await world.house.write(sessions.end, world.cineshelf.app.id, session, NETWORK)


@pytest.mark.holds("A16")
async def test_kept_it_is_as_it_was(world: World) -> None:
    await live(world, world.mira.id, "mira")
    before = await rows(world.house)
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    world.clock.advance(13 * DAY_MS)
    await world.house.write(leaving.keep, world.mira.id)
    after = await rows(world.house)
    changed = {name for name, found in after.items() if set(found) != set(before[name])}
    assert changed <= {"events", "visits"}
    with pytest.raises(Refused) as refused:
        await world.house.write(leaving.keep, world.mira.id)
    assert refused.value.fault is Fault.ACCOUNT_UNKNOWN


async def test_nobody_is_deleted_twice_or_without_having_asked(world: World) -> None:
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    with pytest.raises(Refused) as twice:
        await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    assert twice.value.fault is Fault.ACCOUNT_SWITCHED_OFF
    with pytest.raises(Refused) as unasked:
        await leaving.erase_now(world.house, world.tomas.id)
    assert unasked.value.fault is Fault.ACCOUNT_UNKNOWN


async def test_whoever_keeps_it_while_it_is_being_erased_keeps_what_is_left(world: World) -> None:
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    await world.house.write(leaving.keep, world.mira.id)
    with pytest.raises(Refused):
        await leaving._erase(world.house, world.mira.id)
    assert (await world.house.read(accounts.find, "mira")).id == world.mira.id


@pytest.mark.holds("A16")
async def test_a_name_stays_free_for_90_days(world: World) -> None:
    await world.house.write(leaving.ask, world.mira.id, NETWORK, "a day")
    await leaving.erase_now(world.house, world.mira.id)
    with pytest.raises(Refused) as refused:
        await accounts.add(world.house, "MIRA", PASSWORD)
    assert refused.value.fault is Fault.USERNAME_TAKEN
    world.clock.advance(90 * DAY_MS)
    await sweep(world.house, rest=0)
    await accounts.add(world.house, "mira", PASSWORD)
    assert (await rows(world.house))["reserved_names"] == []
