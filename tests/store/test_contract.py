"""What both engines promise in the same words: one coroutine, one transaction, one instant, one snapshot."""

import asyncio

import pytest

from admitone.basics.clock import ManualClock
from admitone.model.faults import Fault, Refused
from admitone.store import accounts, apps, limits, titles
from admitone.store.engine import open_store
from admitone.store.engine.tx import Store, Tx
from tests.store.conftest import Elsewhere
from tests.store.tally import ROOM, add, adding, count, counting
from tests.world import START, title


async def test_a_flow_gives_back_what_it_returns(store: Store) -> None:
    async def flow(_: Tx) -> str:
        return "this"

    assert await store.read(flow) == "this"
    assert await store.write(flow) == "this"


@pytest.mark.parametrize("failure", [Refused(Fault.LOGIN_WRONG, retry_after=7), ZeroDivisionError("a bug")])
async def test_what_a_flow_raises_undoes_all_it_did_and_reaches_its_caller(store: Store, failure: Exception) -> None:
    async def flow(tx: Tx) -> None:
        assert [await add(tx), await add(tx), await add(tx, "other")] == [1, 2, 1]
        raise failure

    with pytest.raises(type(failure)) as raised:
        await store.write(flow)
    assert raised.value is failure
    assert await store.read(count) == 0
    assert await store.read(counting("other")) == 0
    assert await store.write(add) == 1


async def test_a_broken_constraint_undoes_the_flow_and_the_store_goes_on(store: Store) -> None:
    async def flow(tx: Tx) -> None:
        await add(tx)
        await tx.run(apps.ADD_RETURN, app_id=1, address="https://nobody.example")

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await store.write(flow)
    assert await store.read(count) == 0
    assert await store.write(add) == 1


async def test_flows_in_parallel_are_counted_one_by_one_and_refused_ones_hurt_nobody(store: Store) -> None:
    async def refused(tx: Tx) -> int:
        await add(tx)
        raise Refused(Fault.RATE_LIMITED)

    flows = [refused if number % 3 == 0 else add for number in range(90)]
    answers = await asyncio.gather(*map(store.write, flows), return_exceptions=True)

    assert sorted(answer for answer in answers if isinstance(answer, int)) == list(range(1, 61))
    assert [isinstance(answer, Refused) for answer in answers] == [flow is refused for flow in flows]
    assert await store.read(count) == 60


@pytest.mark.parametrize("way", ["read", "glance"])
async def test_a_flow_that_reads_cannot_write(store: Store, way: str) -> None:
    with pytest.raises(Refused) as refused:
        await getattr(store, way)(add)
    assert refused.value.fault is Fault.STORE_DOWN
    assert await store.read(count) == 0
    assert await store.write(add) == 1


async def test_a_write_is_there_for_the_next_read_here_and_elsewhere(store: Store, elsewhere: Elsewhere) -> None:
    assert await store.write(add) == 1
    assert await store.read(count) == 1
    assert elsewhere(add) == 2
    assert await store.read(count) == await store.glance(count) == 2


async def test_a_read_sees_one_snapshot(store: Store, elsewhere: Elsewhere) -> None:
    async def twice(tx: Tx) -> tuple[int, int, int]:
        return await count(tx), elsewhere(add), await count(tx)

    assert await store.read(twice) == (0, 1, 0)
    assert await store.read(count) == 1


async def test_a_write_flow_sees_what_it_wrote(store: Store) -> None:
    async def flow(tx: Tx) -> int:
        await add(tx)
        return await count(tx)

    assert await store.write(flow) == 1


async def test_a_flow_happens_at_one_instant(store: Store, clock: ManualClock) -> None:
    async def flow(tx: Tx) -> tuple[int, int]:
        before = tx.now
        await add(tx)
        clock.advance(1)
        return before, tx.now

    assert await store.write(flow) == (START, START)

    async def now(tx: Tx) -> int:
        return tx.now

    assert await store.read(now) == START + 1
    assert await store.write(now) == START + 1


async def test_statements_say_how_many_rows_they_changed_and_whether_there_is_one(store: Store) -> None:
    async def flow(tx: Tx) -> None:
        for name in (b"1", b"2", b"3"):
            await tx.one(limits.TAKE, bucket=name, now=0, interval=5, slack=ROOM)
        assert await tx.run(limits.SWEEP, before=5, most=10) == 0
        assert await tx.run(limits.SWEEP, before=6, most=2) == 2
        assert await tx.run(limits.SWEEP, before=6, most=2) == 1
        assert await tx.one(accounts.FIND, username_key="nobody") is None
        assert await tx.all(accounts.EVERYONE) == []

    await store.write(flow)


async def test_many_runs_a_statement_for_each_row(store: Store) -> None:
    async def flow(tx: Tx) -> None:
        await tx.many(titles.LOAD, [title("movie", number, f"Film {number}") for number in range(1, 1001)])
        assert await tx.one(titles.EXISTS, media_type="movie", media_id=1000) == 1000
        assert await tx.one(titles.EXISTS, media_type="movie", media_id=1001) is None

    await store.write(flow)


async def test_a_caller_that_goes_away_gets_all_or_nothing_and_hurts_nobody(store: Store) -> None:
    names = [str(number) for number in range(40)]
    callers = [asyncio.create_task(store.write(adding(name))) for name in names]
    for number, caller in enumerate(callers):
        if number % 4 == 0:
            await asyncio.sleep(0)
        if number % 2 == 0:
            caller.cancel()
    answers = await asyncio.gather(*callers, return_exceptions=True)

    kept = [await store.read(counting(name)) for name in names]
    assert all(number in (0, 1) for number in kept)
    assert kept[1::2] == answers[1::2] == [1] * 20
    assert await store.write(adding("0")) == kept[0] + 1


async def test_a_caller_that_goes_away_in_the_middle_of_a_read_leaves_the_store_working(store: Store) -> None:
    readers = [asyncio.create_task(store.read(count)) for _ in range(40)]
    await asyncio.sleep(0)
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    assert await asyncio.gather(*(store.read(count) for _ in range(40))) == [0] * 40


async def test_closing_finishes_what_waits(database_url: str, clock: ManualClock) -> None:
    store = await open_store(database_url, clock)
    callers = [asyncio.create_task(store.write(add)) for _ in range(64)]
    await asyncio.sleep(0)
    await store.aclose()
    assert sorted(await asyncio.gather(*callers)) == list(range(1, 65))

    again = await open_store(database_url, clock)
    assert await again.read(count) == 64
    await again.aclose()
