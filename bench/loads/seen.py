"""This file is what a load measures: how much was answered in what time, at what cost, and how long it took."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench import processor
from bench.arithmetic import percentile


@dataclass(slots=True)
class Seen:
    """What was measured: answers in so many seconds, processor seconds by process, how long answers took.

    `late_ms` is the open loop's: how late the load itself was with 1 call in 100. `away` were turned away.
    """

    answers: int = 0
    seconds: float = 0.0
    cpu_s: dict[str, float] = field(default_factory=dict)
    busy: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    late_ms: float = 0.0
    away: int = 0


class Meter:
    """Reads the clock and the processor time of some processes and of the load, from when it is made."""

    def __init__(self, watch: Mapping[str, int]) -> None:
        """`watch` are processes by name, each measured with its children."""
        self._watch = watch
        self._before, self._began, self._own = self._processors(), time.perf_counter(), time.process_time()

    def stop(self) -> None:
        """Read them for the last time."""
        self._seconds, self._busy = time.perf_counter() - self._began, time.process_time() - self._own
        self._after = self._processors()

    def seen(self, waits: Sequence[float], *, late: Sequence[float] = (), away: int = 0) -> Seen:
        """What was measured between; `waits` are in seconds, one for each answer."""
        ascending = sorted(waits)
        return Seen(
            answers=len(ascending),
            seconds=self._seconds,
            cpu_s={name: self._after[name] - self._before[name] for name in self._after},
            busy=self._busy / self._seconds,
            p50_ms=percentile(ascending, 0.5) * 1000,
            p99_ms=percentile(ascending, 0.99) * 1000,
            late_ms=percentile(sorted(late), 0.99) * 1000,
            away=away,
        )

    def _processors(self) -> dict[str, float]:
        return {name: processor.used(pid, family=True) for name, pid in self._watch.items()}
