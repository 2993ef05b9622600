"""This file is the load: one process that keeps connections open and on each asks, waits for the answer, asks again.

It uses nothing but sockets and epoll, so that it costs a fraction of any server in Python; how busy it was is measured,
because a load that is the bottleneck measures itself. `python -m bench.loads.closed JOB` prints what it saw.

A server that has too much to do turns some callers away. That is no answer: it is counted apart, and whoever was turned
away asks again a little later, in another's place.
"""

import itertools
import json
import re
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.loads.seen import Meter, Seen

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LARGEST_READ = 256 * 1024
PATIENCE_S = 60.0
AWAY = b"503"
PAUSE_S = 0.01


@dataclass(frozen=True, slots=True)
class Job:
    """What to ask and for how long; `cycle` begins anew when all requests were made.

    `watch` are processes by name, each measured with its children.
    """

    port: int
    requests: list[str]
    status: int
    warm_s: float
    seconds: float
    watch: dict[str, int]
    connections: int = 64
    cycle: bool = True


class _Line:
    """One connection: what has come of an answer, and when its question went out."""

    __slots__ = ("asked", "come", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.come = b""
        self.asked = 0.0


class Load:
    """All connections of a job."""

    def __init__(self, job: Job) -> None:
        """Connect."""
        self._job = job
        whole = [request.encode("latin-1") for request in job.requests]
        self._questions: Iterator[bytes] = itertools.cycle(whole) if job.cycle else iter(whole)
        self._good = str(job.status).encode()
        self._poll = selectors.DefaultSelector()
        self._lines = [_Line(job.port) for _ in range(job.connections)]
        self._waits: list[float] = []
        self._asking = 0
        self._paused: deque[tuple[float, _Line]] = deque()
        self._away = 0

    def run(self) -> Seen:
        """Warm up, then measure until the time is over or the questions are."""
        now = time.perf_counter()
        for line in self._lines:
            self._poll.register(line.socket, selectors.EVENT_READ, line)
            self._ask(line, now)
        self._drive(now + self._job.warm_s)
        self._waits.clear()
        self._away = 0
        meter = Meter(self._job.watch)
        self._drive(time.perf_counter() + self._job.seconds)
        while not self._waits and self._asking:  # so slow a machine is measured by one answer
            self._drive(time.perf_counter() + self._job.seconds)
        meter.stop()
        return meter.seen(self._waits, away=self._away)

    def _drive(self, until: float) -> None:
        now = time.perf_counter()
        while now < until and (self._asking or self._paused):
            ready = self._poll.select(PAUSE_S if self._paused else PATIENCE_S)
            if not ready and not self._paused:
                stop(f"no answer for {PATIENCE_S:.0f} seconds")
            now = time.perf_counter()
            for key, _ in ready:
                line: _Line = key.data
                status = self._answered(line)
                if status:
                    self._asking -= 1
                    if status == self._good:
                        self._waits.append(now - line.asked)
                        self._ask(line, now)
                    else:
                        self._away += 1
                        self._paused.append((now + PAUSE_S, line))
            while self._paused and self._paused[0][0] <= now:
                self._ask(self._paused.popleft()[1], now)

    def _ask(self, line: _Line, now: float) -> None:
        question = next(self._questions, None)
        if question is not None:
            line.asked = now
            line.socket.send(question)
            self._asking += 1

    def _answered(self, line: _Line) -> bytes:
        """The status, once the answer has come whole. One that it should not have ends the measuring."""
        come = line.socket.recv(LARGEST_READ)
        if not come:
            stop("the server closed a connection")
        if line.come:
            come = line.come + come
        head = come.find(b"\r\n\r\n")
        length = LENGTH.search(come, 0, head + 2) if head > 0 else None
        if length is None or len(come) < head + 4 + int(length[1]):
            line.come = come
            return b""
        line.come = b""
        status = come[9:12]
        if status not in (self._good, AWAY):
            stop(f"asked for {self._good.decode()}, heard {come[:1000]!r}")
        return status


def stop(sentence: str) -> Any:
    """End with a sentence: what was measured up to here means nothing."""
    sys.exit(f"bench.loads.closed: {sentence}")


if __name__ == "__main__":
    print(json.dumps(asdict(Load(Job(**json.loads(Path(sys.argv[1]).read_text()))).run())))
