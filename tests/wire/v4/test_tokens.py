"""No token that we did not give out lets anybody in, and none of them breaks anything: a corpus of forgeries."""

import json
from typing import Any

import pytest

from admitone.basics.digests import Digests, KeyRing
from admitone.basics.entropy import SeededEntropy
from admitone.basics.jwt import claimed, mint, read
from tests.wire.corpora import tokens
from tests.wire.dumps import changed, dump
from tests.wire.goldens import REFUSALS
from tests.wire.program import Program
from tests.world import World

LEAST = 200
JSON = ("Content-Type", "application/json")


def bearer(token: str) -> tuple[tuple[str, str], ...]:
    """The header of a token; one that no header can hold goes without."""
    return (("Authorization", f"Bearer {token}"),) if token.isascii() and token.isprintable() else ()


def heard(answered: Any) -> str:
    """What an answer refuses, by the name of its golden refusal."""
    return next(
        name for name, (status, body) in REFUSALS.items() if (status, body) == (answered.status, answered.json())
    )


@pytest.mark.parametrize("kind", ["access", "request", "read"])
async def test_no_forgery_lets_anybody_in(world: World, kind: str) -> None:
    program = Program(world)
    token = {
        "access": await world.access_token(world.cineshelf, world.mira),
        "request": await world.approved_access(world.cineshelf, world.mira),
        "read": world.cineshelf.credentials.read_token,
    }[kind]
    forgeries = tokens.forged(token)
    assert len(forgeries) >= LEAST
    ours = bearer(world.cineshelf.credentials.read_token)
    before = await dump(world.house)
    for forgery in forgeries:
        body = {name: json.dumps({name: forgery}).encode() for name in ("request_token", "access_token")}
        for path in ("/3/account", "/4/nonsense"):
            assert heard(await program.raw("GET", path, bearer(forgery))) == "7", forgery
        asked = await program.raw("POST", "/4/auth/access_token", (*ours, JSON), body["request_token"])
        assert heard(asked) == "35", forgery
        ended = await program.raw("DELETE", "/4/auth/access_token", (*ours, JSON), body["access_token"])
        assert heard(ended) == "35", forgery
        convert = "/3/authentication/session/convert/4"
        assert heard(await program.raw("POST", convert, (*ours, JSON), body["access_token"])) == "35", forgery
    assert not changed(before, await dump(world.house))
    # The one they were made from is as good as ever.
    if kind == "request":
        good = json.dumps({"request_token": token}).encode()
        assert (await program.raw("POST", "/4/auth/access_token", (*ours, JSON), good)).status == 200
    else:
        assert (await program.raw("GET", "/3/account", bearer(token))).status == 200


async def test_a_token_signed_by_the_ring_of_another_house_is_nobodys(world: World) -> None:
    program = Program(world)
    token = await world.access_token(world.cineshelf, world.mira)
    claims = read(token, world.house.digests)
    assert claims
    elsewhere = mint(claims, Digests(KeyRing.new(SeededEntropy("another house"))))
    assert heard(await program.raw("GET", "/3/account", bearer(elsewhere))) == "7"


ODD = ("", ".", "..", "x", "a.b.c", "\u00e9.\u00e9.\u00e9", "x.e30.x", "x.W10.x", f"x.{9000 * 'W'}.x")


@pytest.mark.parametrize("text", ODD)
def test_what_a_token_says_of_itself_is_read_without_harm(text: str) -> None:
    assert claimed(text) == {}
