"""This file is the load of a flood: an open loop that asks far more often than `loads.steady`, one call at a time.

Its questions are whole before it begins, and of an answer it reads the status and the length: that leaves a processor
time for more than twenty thousand calls a second, so that the server is what is flooded and not the load. A wait is
counted from when its call was due. `python -m bench.loads.flood JOB` prints what it saw in each stretch of time.
"""

import itertools
import json
import os
import random
import select
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.arithmetic import arrivals, percentile

AWAY = frozenset({b"429", b"503"})
LENGTH = b"\r\ncontent-length: "
LARGEST_READ = 64 * 1024
MOST_LINES = 4096
EVENTS = 64  # answers that are read before it is looked again whether a call is due
PATIENCE_S = 30.0
MOST_ERRORS = 5
SEED = 1


@dataclass(frozen=True, slots=True)
class Job:
    """What to ask, and how often in which stretches of time: pairs of calls a second and seconds.

    A question is its kind, its bytes and the status of its answer; when all were asked, the first comes again.
    At a rate of 0 so many as there are `connections` ask at once, each again as soon as it is answered.
    """

    port: int
    questions: list[tuple[str, str, int]]
    stretches: list[tuple[float, float]]
    connections: int = 64
    cores: list[int] = field(default_factory=list)  # that the load may use


@dataclass(slots=True)
class Stretch:
    """What became of the calls that were due in a stretch: waits of those that were answered, in seconds, by kind."""

    seconds: float
    asked: int = 0
    away: int = 0
    waits: dict[str, list[float]] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """In figures."""
        everybody = sorted(itertools.chain.from_iterable(self.waits.values()))
        kinds = {"all": everybody, **{kind: sorted(waits) for kind, waits in self.waits.items()}}
        return {
            "asked": self.asked / self.seconds,
            "answered": len(everybody) / self.seconds,
            "away": self.away / self.seconds,
            "errors": self.errors,
            "late_p99_ms": percentile(sorted(self.late), 0.99) * 1000,
            "ms": {
                kind: {name: percentile(waits, share) * 1000 for name, share in (("p50", 0.5), ("p99", 0.99))}
                for kind, waits in kinds.items()
            },
        }


class _Line:
    """One connection, and the call that is on it."""

    __slots__ = ("come", "due", "kind", "socket", "status", "stretch")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.kind = ""
        self.status = self.come = b""
        self.due = 0.0
        self.stretch = Stretch(0)


class Flood:
    """All calls of a job."""

    def __init__(self, job: Job) -> None:
        """Connect."""
        self._port = job.port
        self._questions = itertools.cycle(
            [(kind, question.encode("latin-1"), b"%d" % status) for kind, question, status in job.questions]
        )
        self._poll = select.epoll()
        self._lines: dict[int, _Line] = {}
        self._idle: deque[_Line] = deque()
        self._waiting: deque[tuple[float, Stretch]] = deque()
        self._again_until = 0.0
        for _ in range(job.connections):
            self._open()

    def ask(self, rate: float, seconds: float, seed: int) -> Stretch:
        """Ask so often for so long; answers may still be out when this ends."""
        stretch, began = Stretch(seconds), time.perf_counter()
        if not rate:
            self._again_until = began + seconds
            for _ in range(len(self._idle)):
                self._begin(began, stretch)
        coming = arrivals(rate, seconds, random.Random(seed)) if rate else iter(())
        due = began + next(coming, seconds)
        while (now := time.perf_counter()) < began + seconds:
            while due <= now and due < began + seconds:
                stretch.late.append(now - due)
                self._begin(due, stretch)
                due = began + next(coming, seconds)
            self._listen(min(due, began + seconds) - now)
        self._again_until = 0.0
        return stretch

    def finish(self) -> None:
        """Wait for the answers that are still out."""
        until = time.perf_counter() + PATIENCE_S
        while (len(self._idle) < len(self._lines) or self._waiting) and time.perf_counter() < until:
            self._listen(0.1)
        for line in set(self._lines.values()) - set(self._idle):
            line.stretch.errors.append(f"{line.kind}: no answer for {PATIENCE_S:.0f} s")
        for line in self._lines.values():
            line.socket.close()

    def _listen(self, patience_s: float) -> None:
        # Its own patience is in whole milliseconds: calls are at most that late.
        ready = self._poll.poll(max(0.0, patience_s - 0.001), EVENTS)
        now = time.perf_counter()
        for number, _ in ready:
            self._heard(self._lines[number], now)

    def _begin(self, due: float, stretch: Stretch) -> None:
        stretch.asked += 1
        if not self._idle and len(self._lines) < MOST_LINES:
            self._open()
        if self._idle:
            self._send(self._idle.popleft(), due, stretch)
        else:
            self._waiting.append((due, stretch))

    def _send(self, line: _Line, due: float, stretch: Stretch) -> None:
        line.kind, question, line.status = next(self._questions)
        line.due, line.stretch, line.come = due, stretch, b""
        line.socket.send(question)

    def _open(self) -> None:
        line = _Line(self._port)
        self._lines[line.socket.fileno()] = line
        self._poll.register(line.socket, select.EPOLLIN)
        self._idle.append(line)

    def _heard(self, line: _Line, now: float) -> None:
        line.come = come = line.come + line.socket.recv(LARGEST_READ)
        if not come:
            self._cut(line)
            return
        length = come.find(LENGTH) + len(LENGTH)
        body = come.find(b"\r\n\r\n") + 4
        if body < 4 or length < len(LENGTH) or len(come) - body < int(come[length : come.index(b"\r", length)]):
            return
        stretch, status = line.stretch, come[9:12]
        if status == line.status:
            stretch.waits.setdefault(line.kind, []).append(now - line.due)
        elif status in AWAY:
            stretch.away += 1
        elif len(stretch.errors) < MOST_ERRORS:
            stretch.errors.append(f"{line.kind}: asked for {line.status!r}, heard {come[:600]!r}")
        if now < self._again_until:
            stretch.asked += 1
            self._send(line, now, stretch)
        elif self._waiting:
            self._send(line, *self._waiting.popleft())
        else:
            self._idle.append(line)

    def _cut(self, line: _Line) -> None:
        """A server may close a connection that nobody uses."""
        if line in self._idle:
            self._idle.remove(line)
        else:
            line.stretch.errors.append(f"{line.kind}: the server closed the connection")
        del self._lines[line.socket.fileno()]
        line.socket.close()


def measure(job: Job) -> list[dict[str, Any]]:
    """Ask through all stretches, one after the other."""
    if job.cores:
        os.sched_setaffinity(0, job.cores)
    flood = Flood(job)
    seen = [flood.ask(rate, seconds, seed) for seed, (rate, seconds) in enumerate(job.stretches, SEED)]
    flood.finish()
    return [stretch.told() for stretch in seen]


if __name__ == "__main__":
    print(json.dumps(measure(Job(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))))
