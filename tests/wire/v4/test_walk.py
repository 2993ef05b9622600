"""Walks the route table with every token that is not the one an operation asks for."""

from dataclasses import replace

import pytest

from admitone.wire.call import Who
from tests.wire.test_table import (
    BY_ACCESS_TOKEN,
    BY_READ_TOKEN,
    MINE,
    OF_SESSIONS,
    OF_TOKENS,
    ROWS,
    Call,
    Walker,
    walker,
)

__all__ = ["walker"]

# Query, bearer token, refusal.
WRONG_TOKENS: dict[str, tuple[dict[str, str], str, str]] = {
    "a key": ({"api_key": "{key}"}, "", "7"),
    "a key and a session": (MINE, "", "7"),
    "a key and a guest": ({"api_key": "{key}", "guest_session_id": "{guest}"}, "", "7"),
    "a key as token": ({}, "{key}", "7"),
    "a session as token": ({}, "{session}", "7"),
    "a request token": ({}, "{access_approved}", "7"),
    "a token that ended": ({}, "{ended_access_token}", "7"),
    "a token of somebody switched off": ({}, "{left_access_token}", "7"),
    "a token of an app switched off": ({}, "{off_access_token}", "10"),
    "a token that we signed and gave to nobody": ({}, "{forged_access_token}", "7"),
    "a key of one app, a token of another": ({"api_key": "{other_key}"}, "{access_token}", "7"),
    "a read token with a tail": ({}, "{bearer}x", "7"),
    "an access token with a tail": ({}, "{access_token}x", "7"),
}


async def test_a_user_access_token_alone_acts_for_its_person(walker: Walker, subtests: pytest.Subtests) -> None:
    for name, row in ROWS.items():
        walker.begin()
        if row.who in OF_SESSIONS:
            with subtests.test(name):
                call = replace(Call.good(row), who={}, headers=BY_ACCESS_TOKEN)
                assert (await walker.answered(call)).status in {200, 201}


async def test_only_a_live_token_of_the_right_kind_lets_the_fourth_generation_in(
    walker: Walker, subtests: pytest.Subtests
) -> None:
    for name, row in ROWS.items():
        walker.begin()
        for label, (query, token, refusal) in WRONG_TOKENS.items() if row.who in OF_TOKENS else ():
            with subtests.test(name, label=label):
                headers = {"authorization": f"Bearer {token}"} if token else {}
                await walker.refused(replace(Call.good(row), who=query, headers=headers), refusal)
        with subtests.test(name, label="the other kind"):
            if row.who is Who.READ_TOKEN:
                await walker.refused(replace(Call.good(row), who={}, headers=BY_ACCESS_TOKEN), "7")
            elif row.who is Who.WRITE_TOKEN:
                await walker.refused(replace(Call.good(row), who={}, headers=BY_READ_TOKEN), "36")
