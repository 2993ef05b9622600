"""A list has a name that can be seen, whichever generation an app makes it by."""

import pytest

from tests.wire.program import Program
from tests.wire.situation import Situation
from tests.wire.v4 import makers
from tests.world import World

__all__ = ["makers"]

UNSEEN = ("", " \u200b", "\u3000\u200d\u2060\u3164\u2800\u00ad")
FAMILY = "\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize("name", UNSEEN)
async def test_a_name_that_shows_nothing_is_as_good_as_none(world: World, program: Program, name: str) -> None:
    situation = Situation(world)
    session = await situation.fill("{session}")
    bearer = {"authorization": await situation.fill("Bearer {access_token}")}
    third = await program.post("/3/list", {"name": name}, session_id=session)
    none = await program.post("/3/list", {}, session_id=session)
    assert (third.status_code, third.json()) == (none.status_code, none.json())
    assert third.json()["status_code"] == 5
    fourth = await program.http.post("/4/list", json={"name": name, "iso_639_1": "en"}, headers=bearer)
    assert (fourth.status_code, fourth.json()) == (none.status_code, none.json())


@pytest.mark.parametrize("name", UNSEEN)
async def test_a_list_is_not_renamed_to_nothing(world: World, program: Program, name: str) -> None:
    situation = Situation(world)
    bearer = {"authorization": await situation.fill("Bearer {access_token}")}
    made = await program.http.post("/4/list", json={"name": FAMILY, "iso_639_1": "en"}, headers=bearer)
    path = f"/4/list/{made.json()['id']}"
    changed = {"name": name, "description": "Seen."}
    assert (await program.http.put(path, json=changed, headers=bearer)).json()["success"]
    shown = (await program.http.get(path, headers=bearer)).json()
    assert (shown["name"], shown["description"]) == (FAMILY, "Seen.")
