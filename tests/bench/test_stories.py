"""Holds that the load is no more at once than people are: a browser that signs in does nothing else meanwhile."""

import json
import random
import re

import pytest

from bench.loads.steady import Reply, Step, Story, Wrong
from bench.loads.stories import Known, Mix

TOKEN = Reply(200, b"", json.dumps({"request_token": "t" * 40}).encode())


@pytest.fixture
def mix() -> Mix:
    return Mix(Known(80, "k" * 32, ("mira", "jonas"), ("s" * 40,), ((1, "s" * 40),), (603,)), random.Random(1))


def _asked(story: Story) -> Step:
    """What somebody asks who has seen that there is a token."""
    next(story)
    return story.send(TOKEN)


def _address(step: Step) -> str:
    found = re.search(rb"X-Forwarded-For: ([0-9.]+)", step.question)
    assert found
    return found[1].decode()


def test_nobody_signs_in_twice_at_once(mix: Mix) -> None:
    first, second, third = mix.deny(), mix.deny(), mix.deny()
    asked = [_asked(first), _asked(second)]
    assert all(step.question.startswith(b"GET /signin ") for step in asked)
    assert {_address(step) for step in asked} == {"10.2.0.0", "10.2.0.1"}
    with pytest.raises(Wrong, match="everybody is signing in"):
        _asked(third)


def test_who_was_turned_away_while_signing_in_signs_in_the_next_time(mix: Mix) -> None:
    first, second = mix.deny(), mix.deny()
    away = _address(_asked(first))
    _asked(second)
    first.close()
    assert _address(_asked(mix.deny())) == away
