"""Holds that a grown database is what its size and seed say, whenever it was interrupted, and that it can be used."""

import asyncio
import re
from typing import Any

import pytest

from admitone.basics.clock import ManualClock
from admitone.basics.digests import Digests, KeyRing
from admitone.flows.sweep import sweep
from admitone.store.engine import migrate
from bench.growth import curve, filling, plans, writing
from bench.growth.curve import Grown
from bench.growth.draw import TABLES, Draw
from bench.growth.filling import TooMuch, fill, must_fit
from bench.growth.shape import SIZES, Size, ratings_of, sessions_of
from bench.growth.writing import Different, writer
from tests.databases import Databases
from tests.upgrades.test_under_traffic import connected
from tests.world import World

SEED = "a seed"
SMALL = Size(3_000, 9_000, 500)
# Tables of a page, and rows that no table holds.
SCANNED = {"SCAN CONSTANT", "SCAN anon_2", "Seq Scan apps", "Seq Scan app_credentials", "Seq Scan app_returns"}


@pytest.fixture(scope="module")
def draw() -> Draw:
    return Draw(SMALL, SEED, Digests(KeyRing.new()))


def quiet(_: str) -> None:
    """Nobody looks."""


async def everything(url: str) -> dict[str, Any]:
    """All that was filled in, but for the numbers that the database gave."""
    found = {}
    async with connected(url) as connection:
        for table in (*TABLES, "votes"):
            name = str(getattr(table, "name", table))
            columns = "count(*)" if name != "ratings" else "count(*), sum(halves), min(rated_at), max(media_id)"
            found[name] = [
                tuple(int(cell or 0) for cell in row) for row in await connection.rows(f"SELECT {columns} FROM {name}")
            ]
    return found


async def filled(databases: Databases, draw: Draw) -> str:
    url = await asyncio.to_thread(databases.empty)
    await migrate(url)
    await fill(url, draw, SEED, quiet)
    return url


async def test_an_interrupted_filling_goes_on_where_it_was_and_makes_the_same(
    databases: Databases, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await filled(databases, draw)
    url = await asyncio.to_thread(databases.empty)
    await migrate(url)
    said: list[str] = []
    with pytest.raises(TooMuch, match="run it again"):
        await fill(url, draw, SEED, said.append, minutes=1e-9)
    with pytest.raises(Different, match="something else"):
        await fill(url, draw, "another seed", said.append)
    broken = await writer(url)
    await broken.begin(filling.whole(SMALL, SEED))
    with pytest.raises(Exception, match=r"(?i)unique"):
        await broken.put({**draw.rows(1), "apps": draw.rows(0)["apps"]}, 1)  # nothing of this piece is kept
    await broken.close()
    await fill(url, draw, SEED, said.append)
    assert "goes on at piece 1 of 3" in said
    assert await everything(url) == await everything(whole)
    with pytest.raises(Different, match="holds people already"):
        await fill(url, draw, SEED, said.append)


async def test_what_was_filled_is_used_and_measured(databases: Databases, draw: Draw) -> None:
    url = await filled(databases, draw)
    told: list[str] = []
    cells = await curve.measure([Grown("here", url, draw)], draw_digests(draw), 2, 16, told.append)
    found = curve.document(cells, {url: await curve.weight(cells[0].grown)})
    kinds = ("the same 1,000", "anybody")
    assert told == [f"{kind}: turn {turn} of 2" for kind in kinds for turn in (1, 2)]
    assert [(row["callers"], row["call"][:2]) for row in found["rows"]] == [
        (kind, call) for kind in kinds for call in ("R1", "R2", "R3", "R3", "W1", "W2", "W3")
    ]
    assert all(row["cpu_us"] > 0 and row["of_smallest"] == 1 for row in found["rows"])
    assert found["sizes"][0]["bytes"] > 0
    looked = await plans.plans(cells[0].grown, draw_digests(draw))
    assert {"callers.BY_KEY", "states.STATES", "ratings.OF_PEOPLE.rate", "sessions.START"} <= {
        each["statement"] for each in looked
    }
    assert all(each["pages"] for each in looked if each["statement"] != "apps.RETURNS")
    assert {step for each in looked for step in each["by"] if re.match("(?i)(seq )?scan", step)} <= SCANNED


def draw_digests(draw: Draw) -> Digests:
    return draw._digests


async def test_what_is_put_in_to_be_swept_is_swept(world: World, database_url: str, clock: ManualClock) -> None:
    await writing.expired(database_url, 300, clock.now())
    assert (await sweep(world.house, rest=0)).request_tokens == 300


async def test_the_schema_is_whole_again(databases: Databases, draw: Draw) -> None:
    names = "SELECT name FROM sqlite_master WHERE type = 'index'"
    if not hasattr(databases, "_template"):
        names = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
    url = await filled(databases, draw)
    async with connected(url) as grown, connected(await asyncio.to_thread(databases.fresh)) as fresh:
        assert set(await grown.rows(names)) == set(await fresh.rows(names))


def test_what_does_not_fit_is_refused_in_words() -> None:
    with pytest.raises(TooMuch, match=r"PostgreSQL needs about 42\.\d GiB of disk for this, and 10\.0 are free"):
        must_fit(SIZES["large"], "PostgreSQL", 10 << 30)
    must_fit(SIZES["small"], "SQLite", 10 << 30)


@pytest.mark.parametrize("name", ["small", "medium", "large"])
def test_a_size_has_about_what_it_says_and_few_have_much(name: str) -> None:
    size = SIZES[name]
    people = range(1, min(size.people, 200_000) + 1)
    for wanted, shares in ((size.ratings, ratings_of(size)), (size.sessions, sessions_of(size))):
        counts = sorted(map(shares.count, people), reverse=True)
        assert 0.9 < sum(counts) / len(counts) * size.people / wanted < 1.25
    counts = sorted(map(ratings_of(size).count, people), reverse=True)
    assert counts[0] == 50_000
    assert sum(counts[: len(counts) // 5]) > sum(counts) / 2


async def test_a_disk_that_is_too_small_is_left_alone(
    sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def little(_: str) -> int:
        return 1 << 20

    url = await asyncio.to_thread(sqlite_databases.fresh)
    monkeypatch.setattr(filling, "room", little)
    with pytest.raises(TooMuch, match="SQLite needs"):
        await fill(url, Draw(SMALL, SEED, Digests(KeyRing.new())), SEED, quiet)
    assert (await everything(url))["accounts"] == [(0,)]
