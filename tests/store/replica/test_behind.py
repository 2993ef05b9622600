"""What may come from a replica and what never does, with one that has fallen behind by everything there is."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from admitone.store.engine import open_store
from tests.databases import Databases
from tests.wire.program import Program
from tests.world import World


@pytest.fixture
def nothing_url(databases: Databases) -> str:
    return databases.fresh()


@pytest.fixture
async def program(world: World, nothing_url: str) -> AsyncIterator[Program]:
    """CineShelf, calling a house whose replica has heard of nothing yet: no title, no person, no app."""
    replica = await open_store(nothing_url, world.clock)
    program = Program(replace(world, house=replace(world.house, follower=replica)))
    yield program
    await program.http.aclose()
    await replica.aclose()


async def test_what_is_known_of_titles_may_be_a_moment_old(program: Program) -> None:
    for path in ("/3/movie/550", "/3/movie/550/external_ids", "/3/movie/550/credits"):
        assert (await program.get(path)).status_code == 404
    assert (await program.get("/3/search/movie", query="fight")).json()["total_results"] == 0
    assert (await program.get("/3/movie/popular")).json()["total_results"] == 0


async def test_a_person_sees_at_once_what_was_written(program: Program, world: World) -> None:
    mine = {"session_id": await world.session(world.cineshelf, world.mira)}
    assert (await program.get("/3/account", **mine)).json()["username"] == "mira"
    assert (await program.post("/3/movie/550/rating", {"value": 8.5}, **mine)).status_code == 201
    assert (await program.get("/3/account/0/rated/movies", **mine)).json()["results"][0]["rating"] == 8.5
    assert (await program.get("/3/movie/550/account_states", **mine)).json()["rated"] == {"value": 8.5}
    made = (await program.post("/3/list", {"name": "To See"}, **mine)).json()["list_id"]
    assert (await program.post(f"/3/list/{made}/add_item", {"media_id": 550}, **mine)).status_code == 201
    assert [each["id"] for each in (await program.get(f"/3/list/{made}")).json()["items"]] == [550]


async def test_who_is_signed_out_is_so_at_once(program: Program, world: World) -> None:
    mine = {"session_id": await world.session(world.cineshelf, world.mira)}
    assert (await program.delete("/3/authentication/session", mine)).status_code == 200
    assert (await program.get("/3/account", **mine)).status_code == 401
