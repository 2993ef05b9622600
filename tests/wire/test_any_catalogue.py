"""Where every number is a title (`catalogue = any`), what can be no title's number is still none."""

from dataclasses import replace
from typing import Any

import pytest

from tests.flows.conftest import without_catalogue
from tests.wire.dumps import changed, dump
from tests.wire.goldens import REFUSALS
from tests.wire.program import Program
from tests.wire.situation import Situation
from tests.wire.v4 import makers
from tests.world import World

assert makers.__name__, "it is loaded so that there are access tokens"
NONE = [0, "0", 2**31, 2**63, "9" * 40, 1e30]


@pytest.fixture
def world(world: World) -> World:
    return replace(world, house=without_catalogue(world.house))


async def test_what_is_no_number_of_a_title_is_kept_and_listed_nowhere(world: World) -> None:
    program, situation = Program(world), Situation(world)
    us = {"session_id": await situation.fill("{session}")}
    token = {"Authorization": await situation.fill("Bearer {access_token}")}
    ours = await situation.fill("{list_of_two}")
    before = await dump(world.house)
    for number in NONE:
        title = {"media_type": "movie", "media_id": number}
        bodies: dict[str, dict[str, Any]] = {
            "/3/account/0/favorite": title | {"favorite": True},
            "/3/account/0/watchlist": title | {"watchlist": True},
            f"/3/list/{ours}/add_item": {"media_id": number},
        }
        for path, body in bodies.items():
            answer = await program.post(path, body, **us)
            assert (answer.status_code, answer.json()) == REFUSALS["34"], (path, number)
        answer = await program.http.post(f"/4/list/{ours}/items", json={"items": [title]}, headers=token)
        assert [item["success"] for item in answer.json()["results"]] == [False], number
    # What a list is touched by is no row of its own.
    assert changed(before, await dump(world.house)) <= {"lists", "limits"}


async def test_the_smallest_and_the_largest_number_are_titles(world: World) -> None:
    program, situation = Program(world), Situation(world)
    us = {"session_id": await situation.fill("{session}")}
    token = {"Authorization": await situation.fill("Bearer {access_token}")}
    ours = await situation.fill("{empty_list}")
    for number in (1, 2**31 - 1):
        title = {"media_type": "tv", "media_id": number}
        kept = await program.post("/3/account/0/favorite", title | {"favorite": True}, **us)
        added = await program.post(f"/3/list/{ours}/add_item", {"media_id": number}, **us)
        listed = await program.http.post(f"/4/list/{ours}/items", json={"items": [title]}, headers=token)
        assert (kept.status_code, added.status_code) == (201, 201)
        assert [item["success"] for item in listed.json()["results"]] == [True]
