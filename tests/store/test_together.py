"""Holds flows that go together to what each of them would be alone: the same rows, the same refusals, one commit."""

import asyncio
import gc
from collections import Counter
from typing import Any

import asyncpg
import pytest
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from admitone.flows import request_tokens, sessions
from admitone.flows.media import ratings
from admitone.flows.media.ratings import Rater
from admitone.flows.throttle import limited
from admitone.model.faults import Fault, Refused
from admitone.model.limits import Limit
from admitone.model.media import RatedType, Subject
from admitone.store.callers import BY_KEY, BY_READ_TOKEN
from admitone.store.engine import postgres
from admitone.store.engine.arrays import written
from admitone.store.engine.company import Member
from admitone.store.engine.postgres import PostgresStore, PostgresTx
from admitone.store.engine.statements import Statement
from admitone.store.engine.tx import Store, Tx
from tests.store.aside import rows
from tests.store.tally import add, adding, count, counting
from tests.world import NETWORK, World

FILMS = (550, 11)
TOGETHER = [statement for statement in Statement.every if statement.together is not None]


async def outcomes(*asked: Any) -> list[Any]:
    """What each gave, or its fault."""
    given = await asyncio.gather(*asked, return_exceptions=True)
    return [each.fault if isinstance(each, Refused) else each for each in given]


async def test_every_statement_that_may_go_together_is_one_that_the_server_can_plan(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        for statement in TOGETHER:
            arrays = written(statement, PGDialect_asyncpg())
            prepared = await connection.prepare(arrays.sql)
            assert len(prepared.get_parameters()) == len(arrays.arrays) + len(arrays.alike)
            assert set(arrays.key) == set(statement.together or ()), "its values are all among those of a row"
    finally:
        await connection.close()
    assert len(TOGETHER) >= 10


async def test_a_session_is_found_by_its_digest_by_plans_that_are_older_than_all_sessions(postgres_url: str) -> None:
    """A server keeps to a plan until it has new statistics, and an app may have many sessions by then."""
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        for statement in (BY_KEY, BY_READ_TOKEN):
            arrays = written(statement, PGDialect_asyncpg())
            await connection.execute(f"PREPARE caller AS {arrays.sql}")
            nothing = ", ".join("NULL" for _ in (*arrays.arrays, *arrays.alike))
            plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN EXECUTE caller({nothing})"))
            assert "Index Scan using uq_sessions_digest" in plan
            await connection.execute("DEALLOCATE caller")
    finally:
        await connection.close()


async def test_ratings_go_as_they_would_one_after_the_other(world: World) -> None:
    asked = [
        (person, film, halves)
        for halves in (17, 2, 20)
        for film in (*FILMS, 999_999_999)
        for person in (world.mira, world.tomas)
    ]
    app_id = world.cineshelf.app.id

    def rating(person: Any, film: int, halves: int) -> Any:
        return world.house.join(ratings.rate, Rater(person.id), app_id, Subject(RatedType.MOVIE, film), halves)

    found = await outcomes(*(rating(*each) for each in asked))
    known = [each for each in asked if each[1] in FILMS]
    assert Counter(found) == {True: 4, False: len(known) - 4, Fault.TITLE_UNKNOWN: len(asked) - len(known)}
    assert [new for (_, film, halves), new in zip(asked, found, strict=True) if film in FILMS and halves == 17] == [
        True
    ] * 4
    for film in FILMS:
        for person in (world.mira, world.tomas):
            await world.house.write(ratings.unrate, Rater(person.id), app_id, Subject(RatedType.MOVIE, film))
    kept = await world.house.read(rows, "votes")
    assert kept == 2
    assert not await world.house.read(rows, "ratings")


async def test_a_token_is_spent_once_by_all_who_come_together(world: World) -> None:
    tokens = [await world.approved(world.cineshelf, world.mira) for _ in range(3)]
    before = await world.house.read(rows, "sessions")
    asked = [world.house.join(sessions.exchange, world.cineshelf.app.id, token, NETWORK) for token in tokens * 5]
    found = await outcomes(*asked)
    assert found.count(Fault.TOKEN_SPENT) == 12
    assert len(set(found) - {Fault.TOKEN_SPENT}) == 3
    assert await world.house.read(rows, "sessions") == before + 3


async def test_a_limit_lets_as_many_by_as_it_should(world: World) -> None:
    three = Limit("three", burst=3, interval_ms=60_000)
    issue = limited(three, NETWORK)(request_tokens.issue)
    found = await outcomes(*(world.house.join(issue, world.cineshelf.app.id, NETWORK) for _ in range(10)))
    assert found.count(Fault.RATE_LIMITED) == 7
    assert await world.house.read(rows, "request_tokens") == 3


async def test_who_is_refused_after_changing_something_is_undone_and_nobody_else(store: Store) -> None:
    async def refused(tx: Tx) -> int:
        await add(tx, "refused")
        raise Refused(Fault.TITLE_UNKNOWN)

    async def broken(tx: Tx) -> int:
        await add(tx, "refused")
        raise ZeroDivisionError

    found = await outcomes(*(store.join(flow) for flow in (adding("kept"), refused, broken, adding("kept"), refused)))
    assert sorted(each for each in found if isinstance(each, int)) == [1, 2]
    assert found.count(Fault.TITLE_UNKNOWN) == 2
    assert [type(each) for each in found].count(ZeroDivisionError) == 1
    assert await store.read(counting("kept")) == 2
    assert await store.read(counting("refused")) == 0


async def test_nobody_who_went_along_is_left_to_the_collector_of_garbage(postgres_store: PostgresStore) -> None:
    async def refused(tx: Tx) -> None:
        await count(tx)
        raise Refused(Fault.LOGIN_WRONG)

    gc.collect()
    gc.disable()
    try:
        for run in (postgres_store.glance, postgres_store.join):
            assert await outcomes(run(count), run(refused)) == [0, Fault.LOGIN_WRONG]
            await run(count)  # so that what was in hand last is this
        held = [each for each in gc.get_objects() if isinstance(each, Member)]
        assert not held
    finally:
        gc.enable()


async def test_whoever_joins_while_the_last_ones_leave_is_led_as_well(store: Store) -> None:
    async def lane(name: str) -> None:
        for _ in range(50):
            await store.note(adding(name))
            await store.join(adding(name))

    async with asyncio.timeout(60):
        await asyncio.gather(*(lane(f"lane {number % 2}") for number in range(6)))
    assert await store.read(counting("lane 0")) == 300


@pytest.mark.parametrize(("way", "company"), [("glance", "_readers"), ("join", "_writers"), ("note", "_noters")])
async def test_whoever_waits_to_set_out_together_is_waited_for(
    postgres_store: PostgresStore, way: str, company: str
) -> None:
    assert postgres_store.waited() == 0
    going = asyncio.create_task(getattr(postgres_store, way)(count))
    await asyncio.sleep(0)  # it has joined, and whoever leads sets out after this
    getattr(postgres_store, company)._waiting[0].since -= 60
    assert postgres_store.waited() >= 60
    assert await going == 0
    assert postgres_store.waited() == 0


async def test_many_ratings_cost_one_transaction_of_three_statements(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(world.house.store, PostgresStore):
        return  # there a batch is counted by its commits, see test_sqlite
    said: list[str] = []
    begin, run, together = PostgresStore._try, PostgresTx._rows, asyncpg.Connection.fetch

    async def tried(self: PostgresStore, flow: Any, kind: str) -> Any:
        said.append(kind)
        return await begin(self, flow, kind)

    async def fetched(self: Any, sql: str, *values: Any, **more: Any) -> Any:
        said.append(sql.split(" (", maxsplit=1)[0])
        return await together(self, sql, *values, **more)

    async def alone(self: PostgresTx, statement: Statement[Any], values: Any) -> Any:
        said.append("alone")
        return await run(self, statement, values)

    monkeypatch.setattr(PostgresStore, "_try", tried)
    monkeypatch.setattr(PostgresTx, "_rows", alone)
    monkeypatch.setattr(asyncpg.Connection, "fetch", fetched)
    subjects = [Subject(RatedType.MOVIE, film) for film in FILMS]
    await asyncio.gather(*(world.house.join(ratings.rate, Rater(world.mira.id), None, each, 17) for each in subjects))
    assert said == [postgres.BEGIN_WRITE, "INSERT INTO ratings", "INSERT INTO votes", "INSERT INTO changes"]
