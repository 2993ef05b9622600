"""Holds that a film is found by IMDb's number of it too: media centres that know no other send that one."""

from typing import Any

import pytest

from admitone.flows.media import titles
from tests.wire.goldens import REFUSALS
from tests.wire.program import Program
from tests.wire.situation import Situation
from tests.world import World, title

OURS, FILM, SERIES = 9000, "tt0133093", "tt0903747"


@pytest.fixture
async def program(world: World) -> Program:
    """A program where a film and a series have a number of IMDb's."""
    film = title("movie", OURS, "A Film") | {"imdb_id": FILM}
    series = title("tv", OURS, "A Series") | {"imdb_id": SERIES}
    await world.house.write(titles.load, [film, series])
    return Program(world)


@pytest.fixture
async def us(world: World) -> dict[str, Any]:
    """Whoever acts for Mira."""
    return {"session_id": await Situation(world).fill("{session}")}


@pytest.mark.parametrize("below", ["", "/external_ids", "/credits", "/images", "/lists"])
async def test_a_film_is_the_same_by_either_number(program: Program, below: str) -> None:
    by_imdb, by_ours = [await program.get(f"/3/movie/{number}{below}") for number in (FILM, OURS)]
    assert (by_imdb.status_code, by_imdb.json()["id"]) == (200, OURS)
    assert by_imdb.content == by_ours.content


async def test_what_is_appended_to_it_is_of_the_same_film(program: Program, us: dict[str, Any]) -> None:
    assert (await program.post(f"/3/movie/{OURS}/rating", {"value": 8.5}, **us)).status_code == 201
    film = (await program.get(f"/3/movie/{FILM}", append_to_response="account_states,credits", **us)).json()
    assert film["account_states"]["rated"] == {"value": 8.5}
    assert (film["id"], film["credits"]["cast"]) == (OURS, [])


async def test_it_is_rated_and_unrated_under_either_number(program: Program, us: dict[str, Any]) -> None:
    assert (await program.post(f"/3/movie/{FILM}/rating", {"value": 7}, **us)).status_code == 201
    states = [(await program.get(f"/3/movie/{number}/account_states", **us)).json() for number in (FILM, OURS)]
    assert states[0] == states[1]
    assert (states[0]["id"], states[0]["rated"]) == (OURS, {"value": 7.0})
    assert (await program.delete(f"/3/movie/{FILM}/rating", **us)).status_code == 200
    assert (await program.get(f"/3/movie/{OURS}/account_states", **us)).json()["rated"] is False


@pytest.mark.parametrize(
    "number",
    ["tt0000001", "tt", "tt550", FILM.upper(), f"{FILM}-a-film", SERIES, "nm0133093", "tt" + "9" * 5_000],
)
async def test_what_is_no_number_of_a_film_is_unknown(program: Program, number: str) -> None:
    answer = await program.get(f"/3/movie/{number}")
    assert (answer.status_code, answer.json()) == REFUSALS["34"]


async def test_a_series_goes_by_its_own_number_alone(program: Program) -> None:
    answer = await program.get(f"/3/tv/{SERIES}")
    assert (answer.status_code, answer.json()) == REFUSALS["34"]


async def test_a_bad_value_is_refused_before_an_unknown_film(program: Program, us: dict[str, Any]) -> None:
    answer = await program.post("/3/movie/tt0000001/rating", {"value": 11}, **us)
    assert (answer.status_code, answer.json()["status_code"]) == (400, 18)
