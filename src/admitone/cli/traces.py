"""This file has `admitone serve` tell an OpenTelemetry collector of its requests, where the settings name one."""

from collections.abc import Iterator
from contextlib import contextmanager

from admitone.basics import log
from admitone.basics.clock import SystemClock
from admitone.cli import frame

NEEDS = "traces_endpoint needs OpenTelemetry, which is not installed: pip install 'admitone[traces]'"


def check(endpoint: str) -> None:
    """End the program with a sentence when traces are wanted and cannot be made."""
    if not endpoint:
        return
    try:
        from admitone.basics.telling import traces  # noqa: F401 - it is there
    except ImportError:
        frame.stop(NEEDS, frame.UNUSABLE)


@contextmanager
def traced(endpoint: str) -> Iterator[None]:
    """Tell `endpoint` of every request that is answered within; nobody of anything when it is empty."""
    if not endpoint:
        yield
        return
    from admitone.basics.telling.traces import Traces

    traces = Traces(endpoint, SystemClock())
    try:
        with log.told(traces.answered):
            yield
    finally:
        traces.close()
