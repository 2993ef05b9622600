"""Holds every operation to its golden table: each success, each refusal the wire reference gives it, to the letter."""

from collections import defaultdict

import pytest

from admitone.model.faults import Refused
from admitone.wire.router import Router, decoded
from admitone.wire.routes import ROUTES
from tests.wire.goldens import FOLDER, REFUSALS, Play, table
from tests.wire.program import HSTS, Program, front
from tests.wire.situation import PLACE
from tests.world import World

PLAYED = {
    "credentials": 30,
    "tokens": 10,
    "logins": 36,
    "exchanges": 38,
    "endings": 20,
    "account": 31,
    "ratings": 46,
    "lists": 60,
    "everywhere": 70,
    "marks": 9,
    "guests": 5,
    "deeds": 9,
    "refused": 218,
    "access_tokens": 90,
    "fourth_lists": 114,
    "fourth_account": 32,
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


# What the wire reference gives an operation and we do not, and why.
WITHHELD: dict[tuple[str, str, int], str] = {
    ("POST", "/3/authentication/token/validate_with_login", 32): "whoever may sign in at all may sign in by a program",
    ("POST", "/3/list", 18): "lists are not read for spam",
    ("DELETE", "/3/list/{list_id}", 11): "a list that was deleted is a success (client rules 17)",
    ("DELETE", "/3/list/{list_id}", 12): "a list that was deleted is answered as everything deleted (client rules 17)",
}


def played() -> dict[tuple[str, str], set[tuple[int, int | None, str]]]:
    """What the tables show of each operation: status, code and sentence."""
    router = Router(ROUTES)
    found: dict[tuple[str, str], set[tuple[int, int | None, str]]] = defaultdict(set)
    steps = [step for name in PLAYED for golden in table(name) for step in golden.get("steps", [golden])]
    for step in steps:
        method, _, target = step.get("call", "").partition(" ")
        try:
            route, _ = router.find(method, decoded(PLACE.sub("1", target.partition("?")[0]).encode()))
        except Refused:
            continue
        status, answer = REFUSALS[step["refused"]] if "refused" in step else (step["status"], step["answer"])
        said = answer if isinstance(answer, dict) else {}
        found[method, route.path].add((status, said.get("status_code"), said.get("status_message", "")))
    return found


def test_every_operation_of_the_wire_reference_has_its_successes_and_refusals_in_a_table() -> None:
    found, missing = played(), []
    for endpoint in table("endpoints"):
        method, path = endpoint["method"], endpoint["path"]
        if not path.startswith(("/3/", "/4/")):
            continue
        successes = endpoint["success"] if isinstance(endpoint["success"], list) else [endpoint["success"]]
        missing += [
            (method, path, each["http_status"], each["code"])
            for each in successes
            if (method, path, each["code"]) not in WITHHELD
            and not any(
                (each["http_status"], each["code"] or code) == (status, code) for status, code, _ in found[method, path]
            )
        ]
        missing += [
            (method, path, each["code"], each["when"])
            for each in endpoint["errors"]
            if (method, path, each["code"]) not in WITHHELD
            and not any(
                code == each["code"] and (code != 18 or message in each["when"] or "spam" in each["when"])
                for _, code, message in found[method, path]
            )
        ]
    assert not missing
