"""The profile `observed`: each test names where it was seen that TMDB answers so; and `documented` does not."""

import pytest

from tests.sandbox.developer import Developer, InWorld

FROZEN = "2027-01-15T08:00:00Z"


@pytest.fixture(params=["documented", "observed"])
async def world(request: pytest.FixtureRequest, developer: Developer) -> InWorld:
    return await developer.world(profile=request.param, clock=FROZEN)


async def test_a_list_is_deleted_although_the_answer_is_500(world: InWorld) -> None:
    """G.1: celiao/tmdbsimple issue 105, david98hall/tmdb-js issue 2, and two live test suites, 2020 to 2026."""
    session = await world.session()
    made = (
        await world.call("POST", "/3/list", {"name": "Mine", "description": "", "language": "en"}, session_id=session)
    ).json()
    await world.control("POST", "/clock", {"advance": "3s"})
    answer = await world.call("DELETE", f"/3/list/{made['list_id']}", session_id=session)
    await world.control("POST", "/clock", {"advance": "3s"})

    seen = (answer.status_code, answer.json()["status_code"])
    assert seen == ((500, 11) if world.made["profile"] == "observed" else (200, 13))
    assert (await world.call("GET", f"/3/list/{made['list_id']}", session_id=session)).status_code == 404


async def test_a_guest_who_rated_nothing_has_no_list_of_ratings(world: InWorld) -> None:
    """G.9: cavestri/themoviedb-javascript-library issue 43, adamayoung/TMDb pull request 294."""
    guest = (await world.call("GET", "/3/authentication/guest_session/new")).json()["guest_session_id"]
    path = f"/3/guest_session/{guest}/rated/movies"
    answer = await world.call("GET", path)

    assert answer.status_code == (404 if world.made["profile"] == "observed" else 200)
    await world.call("POST", "/3/movie/550/rating", {"value": 8}, guest_session_id=guest)
    await world.control("POST", "/clock", {"advance": "3s"})
    assert [row["id"] for row in (await world.call("GET", path)).json()["results"]] == [550]


async def test_what_is_written_is_seen_late(world: InWorld) -> None:
    """G.11 and D.6: the live tests of jellyfin/TMDbLib and of a Cypress suite wait 1 to 10 seconds before they read."""
    session = await world.session()
    await world.call("POST", "/3/movie/550/rating", {"value": 8.5}, session_id=session)

    async def rated() -> object:
        return (await world.call("GET", "/3/movie/550/account_states", session_id=session)).json()["rated"]

    assert await rated() == (False if world.made["profile"] == "observed" else {"value": 8.5})
    # Somebody who signs in meanwhile is not kept out by what is shown late.
    assert (await world.call("GET", "/3/account/0/rated/movies", session_id=await world.session())).status_code == 200
    await world.control("POST", "/clock", {"advance": "2s"})
    assert await rated() == {"value": 8.5}


async def test_a_new_list_of_v4_is_private_by_0_only(world: InWorld) -> None:
    """G.12: adamayoung/TMDb knowledge/tmdb-api-notes.md: `public: false` is ignored on creating a list, `0` works."""
    token = (await world.call("POST", "/4/auth/request_token")).json()["request_token"]
    await world.control("POST", "/approvals", {"request_token": token})
    bearer = (await world.call("POST", "/4/auth/access_token", {"request_token": token})).json()["access_token"]

    async def is_public(said: object) -> bool:
        body = {"name": "Mine", "iso_639_1": "en", "public": said}
        made = await world.call("POST", "/4/list", body, bearer=bearer)
        await world.control("POST", "/clock", {"advance": "3s"})
        seen = await world.call("GET", f"/4/list/{made.json()['id']}", bearer=bearer)
        return bool(seen.json()["public"])

    assert await is_public(False) is (world.made["profile"] == "observed")
    assert await is_public(0) is False
    assert await is_public(True) is True
