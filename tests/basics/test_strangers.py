"""Rubbish from strangers is counted and told of once a minute, however much of it comes."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from admitone.basics.clock import ManualClock
from admitone.basics.log import set_up
from admitone.basics.telling import metrics
from admitone.basics.telling.strangers import EVERY_MS, MOST

RUBBISH = "Invalid HTTP request received."


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(1_700_000_000_000)


@pytest.fixture
def stream(clock: ManualClock) -> Iterator[io.StringIO]:
    """What is logged, with everything put back afterwards."""
    root, server = logging.getLogger(), logging.getLogger("uvicorn.error")
    handlers, level, filters = root.handlers[:], root.level, server.filters[:]
    out = io.StringIO()
    set_up(out, clock, as_json=True)
    yield out
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level, server.filters[:] = handlers, level, filters


def events(stream: io.StringIO) -> list[str]:
    return [json.loads(line)["event"] for line in stream.getvalue().splitlines()]


def test_one_line_a_minute_with_the_count_of_all(stream: io.StringIO, clock: ManualClock) -> None:
    server = logging.getLogger("uvicorn.error")
    before = metrics.UNREADABLE._value.get()
    for _ in range(1000):
        server.warning(RUBBISH)
    assert events(stream) == [f"{RUBBISH} (times since the last such line: 1)"]
    clock.advance(EVERY_MS)
    server.warning(RUBBISH)
    assert events(stream)[1:] == [f"{RUBBISH} (times since the last such line: 1000)"]
    assert metrics.UNREADABLE._value.get() - before == 1001


def test_other_warnings_have_a_line_of_their_own_but_not_any_number_of_them(stream: io.StringIO) -> None:
    server = logging.getLogger("uvicorn.error")
    for number in range(10 * MOST):
        server.warning(f"warning {number}")
    assert len(events(stream)) == MOST + 1


def test_errors_are_always_told(stream: io.StringIO) -> None:
    for _ in range(3):
        logging.getLogger("uvicorn.error").error("down")
    assert events(stream) == ["down"] * 3
