"""What the tests of the wire share."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog

from admitone.basics import log
from admitone.basics.clock import ManualClock
from tests.wire.program import Program
from tests.world import World


class Log:
    """Everything this process has logged since the test began, as it would stand in the file."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def clear(self) -> None:
        """Forget what was logged so far."""
        self.stream.seek(0)
        self.stream.truncate()

    def lines(self, event: str | None = None) -> list[dict[str, Any]]:
        """The lines, or those of one event."""
        every = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in every if event is None or line["event"] == event]


@pytest.fixture
async def program(world: World) -> AsyncIterator[Program]:
    """CineShelf, calling."""
    program = Program(world)
    yield program
    await program.http.aclose()


@pytest.fixture
def logged(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """The log as the server writes it, caught."""
    root, access = logging.getLogger(), logging.getLogger("uvicorn.access")
    monkeypatch.setattr(log, "_requests", log._requests)
    monkeypatch.setattr(root, "handlers", root.handlers[:])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(access, "disabled", access.disabled)
    caught = Log()
    log.set_up(caught.stream, clock, as_json=True, level="debug")
    yield caught
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
