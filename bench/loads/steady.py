"""This file is the open loop: calls begin when they are due, whether or not earlier ones have been answered.

A wait is counted from when its call was due, not from when it could be sent: a server that stalls for a second is
charged with the wait of everybody who came in that second (else the load would wait politely and see one slow answer).
`python -m bench.loads.steady JOB` asks one kind of question at a fixed rate, and prints what it saw.
"""

import itertools
import json
import random
import re
import select
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bench.arithmetic import arrivals
from bench.loads.closed import stop
from bench.loads.seen import Meter, Seen

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LARGEST_READ = 256 * 1024
AWAY = frozenset({503})
MOST_LINES = 512
IDLE_S = 20.0  # less than a server keeps a connection that nobody uses
PATIENCE_S = 60.0  # waits are measured up to here; whoever waits for longer has got no answer
SEED = 1


class Reply(NamedTuple):
    """An answer as it came."""

    status: int
    head: bytes
    body: bytes


class Step(NamedTuple):
    """One call of a story: its kind for the report, its bytes, and the status it is to be answered with."""

    kind: str
    question: bytes
    status: int


Story = Generator[Step, Reply, None]
Begin = Callable[[], Story]


class Wrong(Exception):
    """A story met what it did not expect."""


@dataclass(slots=True)
class Window:
    """What was seen in a stretch of time: waits in seconds by kind, how late the load itself was, and errors."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    away: int = 0  # turned away because there was too much to do; such a story ends there

    @property
    def answers(self) -> int:
        """How many answers came, of all kinds."""
        return sum(map(len, self.waits.values()))

    def sorted(self) -> list[float]:
        """All waits, shortest first."""
        return sorted(itertools.chain.from_iterable(self.waits.values()))


class _Line:
    """One connection, the story that is on it, and what has come of its answer."""

    __slots__ = ("begun", "come", "due", "socket", "step", "story")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.come = b""
        self.begun = time.perf_counter()  # when it was last sent on
        self.due = 0.0
        self.story: Story | None = None
        self.step: Step | None = None


class Steady:
    """Calls at a fixed rate on as many connections as they need."""

    def __init__(self, port: int, connections: int = 0) -> None:
        """Open so many connections at once; `run` opens more when it needs them."""
        self._port = port
        self._poll = selectors.EpollSelector()
        self._idle: deque[_Line] = deque()  # the one that was used longest ago first, so that all are used alike
        self._busy: set[_Line] = set()
        self._waiting: deque[tuple[float, Story]] = deque()
        self._again: Begin | None = None
        self.over = False  # set by another thread, it ends `run`
        self.window = Window()
        self._idle.extend(self._open() for _ in range(connections))

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._idle) + len(self._busy)

    def take(self) -> Window:
        """What was seen since it was last taken."""
        seen, self.window = self.window, Window()
        return seen

    def run(self, due: Iterable[tuple[float, Begin]]) -> None:
        """Begin each story when it is due (seconds from now), and return when the last has ended."""
        began, coming = time.perf_counter(), iter(due)
        upcoming = next(coming, None)
        while not self.over and (upcoming is not None or self._busy or self._waiting):
            now = time.perf_counter()
            while upcoming is not None and began + upcoming[0] <= now:
                self.window.late.append(now - began - upcoming[0])
                self._begin(began + upcoming[0], upcoming[1]())
                upcoming = next(coming, None)
            self._listen(None if upcoming is None else began + upcoming[0])

    def keep(self, begin: Begin, lanes: int, seconds: float) -> None:
        """Keep so many stories going for so long, each followed by the next: a closed loop."""
        until = time.perf_counter() + seconds
        self._again = begin
        for _ in range(lanes - len(self._busy)):
            self._begin(time.perf_counter(), begin())
        while self._busy and time.perf_counter() < until:
            self._listen(until)
        self._again = None

    def finish(self) -> None:
        """Let the stories that are going on come to their ends."""
        self.run(())

    def close(self) -> None:
        """Hang up."""
        for line in (*self._idle, *self._busy):
            line.socket.close()
        self._poll.close()

    def _listen(self, until: float | None) -> None:
        """Read what has come, waiting for it no longer than `until`; to the microsecond, which epoll itself cannot."""
        now = time.perf_counter()
        patience = PATIENCE_S if until is None else max(0.0, min(until - now, PATIENCE_S))
        select.select([self._poll.fileno()], [], [], patience)
        ready = self._poll.select(0)
        now = time.perf_counter()
        for key, _ in ready:
            self._heard(key.data, now)
        for line in [line for line in self._busy if now - line.begun > PATIENCE_S] if not ready else []:
            self._fail(line, f"no answer for {PATIENCE_S:.0f} s")

    def _begin(self, due: float, story: Story) -> None:
        """Put a story on a connection: an idle one, a new one, or the first that becomes free."""
        now = time.perf_counter()
        while self._idle and now - self._idle[0].begun > IDLE_S:
            self._hang_up(self._idle.popleft())
        line = self._idle.popleft() if self._idle else None
        if line is None and len(self._busy) < MOST_LINES:
            line = self._open()
        if line is None:
            self._waiting.append((due, story))
            return
        line.story = story
        self._busy.add(line)
        self._go_on(line, None, due)

    def _go_on(self, line: _Line, reply: Reply | None, due: float) -> None:
        """Make the next call of the story on this line, due at `due`; at the story's end the line is free."""
        assert line.story is not None
        try:
            line.step = next(line.story) if reply is None else line.story.send(reply)
        except StopIteration:
            self._free(line)
            return
        except Wrong as error:
            self._fail(line, str(error))
            return
        line.due, line.begun, line.come = due, time.perf_counter(), b""
        try:
            line.socket.sendall(line.step.question)
        except OSError as error:
            self._fail(line, f"cannot ask: {error}")

    def _open(self) -> _Line:
        line = _Line(self._port)
        self._poll.register(line.socket, selectors.EVENT_READ, line)
        return line

    def _free(self, line: _Line) -> None:
        self._busy.discard(line)
        line.story = line.step = None
        if self._again:
            self._waiting.append((time.perf_counter(), self._again()))
        if self._waiting:
            due, line.story = self._waiting.popleft()
            self._busy.add(line)
            self._go_on(line, None, due)
        else:
            self._idle.append(line)

    def _heard(self, line: _Line, now: float) -> None:
        try:
            come = line.socket.recv(LARGEST_READ)
        except OSError as error:
            self._fail(line, f"cut: {error}")
            return
        if not come:
            self._fail(line, "the server closed the connection")
            return
        line.come += come
        head = line.come.find(b"\r\n\r\n")
        length = LENGTH.search(line.come, 0, head + 2) if head > 0 else None
        if line.step is None or length is None or len(line.come) < head + 4 + int(length[1]):
            return
        reply = Reply(int(line.come[9:12]), line.come[:head], line.come[head + 4 :])
        if reply.status in AWAY:
            self.window.away += 1
            self._free(line)
            return
        self.window.waits.setdefault(line.step.kind, []).append(now - line.due)
        if reply.status != line.step.status:
            self._tell(line, f"asked for {line.step.status}, heard {line.come[:600]!r}")
            self._free(line)
            return
        self._go_on(line, reply, now)

    def _tell(self, line: _Line, complaint: str) -> None:
        self.window.errors.append(f"{line.step.kind if line.step else 'idle'}: {complaint}")

    def _fail(self, line: _Line, complaint: str) -> None:
        """A line that is of no more use; one that nobody was using may be closed by the server."""
        if line in self._busy:
            self._tell(line, complaint)
            self._busy.discard(line)
        elif line in self._idle:
            self._idle.remove(line)
        self._hang_up(line)
        if self._waiting:
            self._begin(*self._waiting.popleft())

    def _hang_up(self, line: _Line) -> None:
        self._poll.unregister(line.socket)
        line.socket.close()


@dataclass(frozen=True, slots=True)
class Job:
    """What to ask, how often in a second, and for how long; `watch` are processes by name."""

    port: int
    requests: list[str]
    status: int
    warm_s: float
    seconds: float
    rate: float
    watch: dict[str, int] = field(default_factory=dict)
    connections: int = 64


def measure(job: Job) -> Seen:
    """Ask for `warm_s`, then measure for `seconds`."""
    questions = itertools.cycle([request.encode("latin-1") for request in job.requests])

    def ask() -> Story:
        yield Step("call", next(questions), job.status)

    def stream(seconds: float, seed: int) -> Iterator[tuple[float, Begin]]:
        return ((at, ask) for at in arrivals(job.rate, seconds, random.Random(seed)))

    steady = Steady(job.port, job.connections)
    steady.run(stream(job.warm_s, SEED))
    warm = steady.take()
    meter = Meter(job.watch)
    steady.run(stream(job.seconds, SEED + 1))
    meter.stop()
    seen = steady.take()
    steady.close()
    if errors := [*warm.errors, *seen.errors]:
        stop(errors[0])
    return meter.seen(seen.sorted(), late=seen.late, away=seen.away)


if __name__ == "__main__":
    read: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps(asdict(measure(Job(**read)))))
