"""Snapshots: a world as one text file, made again elsewhere at the same instant, with the same ids to come."""

import json
from typing import Any

import pytest

from admitone import workshop
from admitone.sandbox.shapes import Seed
from admitone.sandbox.worlds import Order
from admitone.settings import Settings
from admitone.store.engine import Mould
from tests.databases import Databases
from tests.sandbox.developer import Developer, InWorld

AT = "2027-01-15T08:00:00Z"


async def lived(developer: Developer) -> tuple[InWorld, str]:
    """A world in which something has happened, and a session in it."""
    world = await developer.world(clock=AT)
    session = await world.session()
    await world.call("POST", "/3/movie/550/rating", {"value": 8.5}, session_id=session)
    await world.control("POST", "/people", {"username": "bo", "password": "short"}, 201)
    await world.control("PUT", "/script", {"script": [{"does": "approve", "after": "10m"}]})
    await world.control("PUT", "/faults", {"faults": [{"path": "/3/movie/*", "status": 500, "times": 2}]})
    assert (await world.call("GET", "/3/movie/550")).status_code == 500
    return world, session


async def text_of(world: InWorld) -> str:
    answer = await world.developer.http.get(f"/sandbox/worlds/{world.tag}/snapshot")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="admitone-{world.tag}.json"'
    return answer.text


async def put(developer: Developer, tag: str, text: str, status: int = 200) -> Any:
    answer = await developer.http.put(f"/sandbox/worlds/{tag}/snapshot", content=text)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_world_goes_on_elsewhere_as_it_would_have_here(developer: Developer, mould: Mould) -> None:
    world, session = await lived(developer)
    pending = await world.token()
    text = await text_of(world)

    async def goes_on(world: InWorld) -> list[Any]:
        told = [
            (await world.exchange(pending)).json(),
            await world.control("POST", "/clock", {"advance": "11m"}),
            (await world.exchange(pending)).json(),
            (await world.call("GET", "/3/movie/550")).status_code,
            (await world.call("GET", "/3/movie/550")).status_code,
            (await world.call("GET", "/3/account/0/rated/movies", session_id=session)).json(),
            await world.token(),
            (
                await world.call(
                    "POST", "/3/list", {"name": "L", "description": "", "language": "en"}, session_id=session
                )
            ).json(),
            await world.control("GET", "/people"),
            await world.control("GET", "/tokens"),
        ]
        return [*told, [{**entry, "milliseconds": 0} for entry in await world.log()]]

    here = await goes_on(world)
    settings = Settings(port=8000, unregistered_redirects="follow")  # type: ignore[arg-type]
    async with workshop.open_sandbox(settings, Order(Seed()), mould) as (worlds, whole):
        elsewhere = Developer(worlds, whole)
        made = await put(elsewhere, world.tag, text)
        assert made["api_key"] == world.made["api_key"]
        assert made["clock"] == world.made["clock"]
        there = await goes_on(InWorld(elsewhere, made))
    assert there == here


async def test_a_world_is_brought_back_to_its_snapshot(developer: Developer) -> None:
    world, session = await lived(developer)
    text = await text_of(world)
    await world.call("DELETE", "/3/authentication/session", session_id=session)
    assert (await world.call("GET", "/3/account", session_id=session)).status_code == 401
    await put(developer, world.tag, text)

    assert (await world.call("GET", "/3/account", session_id=session)).status_code == 200
    assert await text_of(world) != text
    await put(developer, world.tag, text)
    assert await text_of(world) == text


async def test_titles_of_its_own_are_in_it(developer: Developer) -> None:
    world = await developer.world()
    await world.control(
        "POST", "/titles", {"titles": [{"media_type": "movie", "id": 7001, "title": "Mine alone"}]}, 201
    )
    text = await text_of(world)
    await world.control("DELETE", "")
    await put(developer, world.tag, text)

    assert (await world.call("GET", "/3/search/movie", query="Mine alone")).json()["results"][0]["id"] == 7001
    assert (await world.call("GET", "/3/movie/550")).status_code == 200


def without(text: str, *path: str) -> str:
    whole = json.loads(text)
    inner = whole
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return json.dumps(whole)


def but(text: str, value: Any, *path: str) -> str:
    whole = json.loads(text)
    inner = whole
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return json.dumps(whole)


async def test_what_is_no_snapshot_changes_nothing(developer: Developer) -> None:
    world, session = await lived(developer)
    text = await text_of(world)
    rows = json.loads(text)["rows"]["tables"]["ratings"]
    wrong = [
        "",
        "no",
        "[]",
        "{}",
        text[: len(text) // 2],
        without(text, "entropy"),
        but(text, "other", "entropy"),
        but(text, 2, "admitone_snapshot"),
        but(text, 10**18, "now_ms"),
        but(text, -1, "drawn"),
        but(text, [], "apps"),
        but(text, [[1, "00"]], "keys"),
        but(text, "0001", "rows", "schema"),
        but(text, {}, "rows", "tables", "sqlite_master"),
        but(text, {"columns": ["a"], "rows": []}, "rows", "tables", "ratings"),
        but(text, {**rows, "rows": [["x"] * len(rows["columns"])]}, "rows", "tables", "ratings"),
        but(text, {**rows, "rows": [[77, *rows["rows"][0][1:]]]}, "rows", "tables", "ratings"),
        but(text, {**rows, "rows": [[2**70, *rows["rows"][0][1:]]]}, "rows", "tables", "ratings"),
        but(text, [{"number": 1, "rule": {"delay": "no"}}], "faults"),
    ]
    for each in wrong:
        answer = await put(developer, world.tag, each, 422)
        assert answer["error"] == "snapshot_bad"
        assert not any(secret in answer["detail"] for secret in world.issued)
    assert (await put(developer, "0" * 8, text, 409))["error"] == "snapshot_of_other"
    assert (await world.call("GET", "/3/account", session_id=session)).status_code == 200


@pytest.fixture
def kept(databases: Databases) -> Settings:
    return Settings(port=8000, database=databases.empty(), unregistered_redirects="follow")  # type: ignore[arg-type]


async def test_worlds_are_kept_in_a_database(kept: Settings, mould: Mould) -> None:
    order = Order(Seed(), kept=True)
    async with workshop.open_sandbox(kept, order, mould) as (worlds, whole):
        world, session = await lived(Developer(worlds, whole))
        gone = await Developer(worlds, whole).world()
        text = await text_of(world)
        default = worlds.default.tag
    async with workshop.open_sandbox(kept, order, mould) as (worlds, whole):
        again = Developer(worlds, whole)
        assert {each.tag for each in worlds} == {world.tag, gone.tag, default}
        assert worlds.default.tag == default
        same = InWorld(again, await again.control("GET", f"/worlds/{world.tag}"))
        assert same.made["api_key"] == world.made["api_key"]
        assert await text_of(same) == text
        assert (await same.call("GET", "/3/account", session_id=session)).status_code == 200
        await again.control("DELETE", f"/worlds/{gone.tag}")
    async with workshop.open_sandbox(kept, order, mould) as (worlds, _):
        assert {each.tag for each in worlds} == {world.tag, default}
