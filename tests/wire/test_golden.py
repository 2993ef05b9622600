"""Holds every operation to its golden table: each success, each refusal the wire reference gives it, to the letter."""

import pytest

from tests.wire.goldens import FOLDER, Play, table
from tests.wire.program import HSTS, Program, front
from tests.world import World

PLAYED = {
    "credentials": 30,
    "tokens": 10,
    "logins": 36,
    "exchanges": 38,
    "endings": 20,
    "account": 31,
    "ratings": 46,
    "lists": 59,
    "everywhere": 43,
    "marks": 9,
    "guests": 4,
}
LOOKED_UP = {"refusals", "errors", "endpoints"}


@pytest.mark.parametrize("name", PLAYED)
async def test_the_wire_answers_as_the_table_says(world: World, name: str) -> None:
    program = Program(world, wire=front(world, hsts=HSTS))
    complaints = await Play(world, program).complaints(name)
    assert not complaints, "\n" + "\n".join(complaints)


def test_every_table_is_played_whole() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == PLAYED.keys() | LOOKED_UP
    assert {name: len(table(name)) for name in PLAYED} == PLAYED
