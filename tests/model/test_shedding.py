"""How many may be inside at once: all who can be answered, few enough that none of them waits long, whatever comes.

A server is played in virtual time, round by round of its event loop: what came during a round is read in the next;
those for whom there is room are answered in it, or by a database that takes batches; the others cost a little too.
"""

import random
from collections import deque
from dataclasses import dataclass, field
from math import ceil, inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from admitone.model.shedding import FEW, INTERVAL_S, MANY, MOST, WANTED_S, Room
from bench.arithmetic import percentile

ANSWER_S = 0.000_15
AWAY_S = 0.000_018
WRITES = 0.3
MOST_TIMES_P99 = 3.5


class Endless(Room):
    """For everybody there is room."""

    def look(self, _delay_s: float, _inside: int) -> None:
        self.places = inf


@dataclass
class Seen:
    """What became of those who came in a stretch of time."""

    waits: list[float] = field(default_factory=list)
    away: int = 0

    def p99(self) -> float:
        return percentile(sorted(self.waits), 0.99)


class Server:
    """One event loop, and a database to which it brings what is written, one batch after the other."""

    def __init__(self, commit_s: float = 0.002, room: Room | None = None, seed: int = 1) -> None:
        self.room = room or Room()
        self.commit_s = commit_s
        self.now = 0.0
        self._chance = random.Random(seed)
        self._inside = self._most = 0
        self._to_write: deque[float] = deque()
        self._batch: list[float] = []
        self._committed = inf
        self._look = INTERVAL_S

    def passes(self, seconds: float, load: float) -> Seen:
        """For so long callers come, `load` times as many as could be answered if nobody were turned away."""
        seen, until = Seen(), self.now + seconds
        rate = load / (ANSWER_S + AWAY_S)
        comes = self.now + self._chance.expovariate(rate)
        while self.now < until:
            self.now = max(self.now, min(comes, self._committed))
            began, here = self.now, []
            while comes <= self.now:
                self.now += AWAY_S
                if self._inside < self.room.places:
                    self._inside += 1
                    here.append(comes)
                else:
                    seen.away += 1
                comes += self._chance.expovariate(rate)
            self._most = max(self._most, self._inside)
            self._answer(here, seen)
            if began >= self._look:  # whoever came at that moment was read in this round
                self.room.look(self.now - self._look, self._most)
                self._most, self._look = self._inside, self.now + INTERVAL_S
        return seen

    def _answer(self, here: list[float], seen: Seen) -> None:
        answered: list[float] = []
        if self._committed <= self.now:
            answered, self._batch, self._committed = self._batch, [], inf
        for came in here:
            if self._chance.random() < WRITES:
                self._to_write.append(came)
            else:
                self.now += ANSWER_S
                answered.append(came)
        if self._to_write and not self._batch:
            self._batch = [self._to_write.popleft() for _ in range(len(self._to_write))]
            self.now += ANSWER_S * len(self._batch)
            self._committed = self.now + self.commit_s
        seen.waits += [self.now - came for came in answered]
        self._inside -= len(answered)


@pytest.mark.parametrize("load", [0.1, 0.7, 0.85])
@pytest.mark.parametrize("commit_s", [0.001, 0.05])
def test_nobody_is_turned_away_while_all_can_be_answered(load: float, commit_s: float) -> None:
    assert Server(commit_s).passes(6, load).away == 0


def test_without_a_bound_everybody_waits() -> None:
    """What the server is played with shows what it is to show."""
    assert Server(room=Endless()).passes(5, 3).p99() > 1


@pytest.mark.parametrize("load", [1.5, 3, 5])
def test_whoever_is_let_in_waits_a_few_times_as_long_as_usual_and_no_more(load: float) -> None:
    usual = Server().passes(6, 0.6)
    server = Server()
    server.passes(1, load)
    flood = server.passes(6, load)
    assert flood.p99() < MOST_TIMES_P99 * usual.p99()


@pytest.mark.parametrize("load", [1.5, 3, 5])
def test_of_too_many_as_many_are_let_in_as_the_refusals_leave_time_for(load: float) -> None:
    server = Server()
    server.passes(1, load)
    flood = server.passes(6, load)
    refusing = flood.away * AWAY_S / 6
    assert len(flood.waits) * (ANSWER_S + AWAY_S) / 6 > 0.85 * (1 - refusing)


def test_the_first_moment_of_a_flood_lets_in_no_more_than_there_is_room_for() -> None:
    server = Server()
    server.passes(5, 0.6)
    assert max(server.passes(0.5, 5).waits) < 3 * MANY * (ANSWER_S + 5 * AWAY_S)


def test_when_the_flood_is_over_everybody_is_let_in_again() -> None:
    server = Server()
    server.passes(5, 5)
    server.passes(2, 0.6)
    assert server.passes(10, 0.6).away == 0


def test_a_slow_moment_takes_no_room_from_those_whom_it_does_not_crowd() -> None:
    room = Room()
    for _ in range(1000):
        room.look(1.0, MANY - 1)
    assert room.places == MANY


def test_a_machine_that_is_slow_with_few_inside_is_given_more_time() -> None:
    slow, quick = Room(), Room()
    for _ in range(2000):
        slow.look(4 * WANTED_S, FEW)
        quick.look(WANTED_S / 10, FEW)
    for _ in range(100):
        slow.look(6 * WANTED_S, MOST)
        quick.look(6 * WANTED_S, MOST)
    assert slow.places > MANY
    assert quick.places == FEW


def test_room_grows_only_for_those_who_need_it() -> None:
    room = Room()
    for _ in range(1000):
        room.look(0.0, MANY - 1)
    assert room.places == MANY
    for _ in range(1000):
        room.look(0.0, ceil(room.places))
    assert room.places == MOST


@given(st.lists(st.tuples(st.floats(0, 100, allow_nan=False), st.integers(0, 2 * MOST)), max_size=200))
def test_whatever_is_seen_there_is_room_for_a_few_and_never_for_more_than_fit(looks: list[tuple[float, int]]) -> None:
    room = Room()
    for delay_s, inside in looks:
        room.look(delay_s, inside)
        assert FEW <= room.places <= MOST


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(0.05, 0.3), st.floats(0.1, 6)), min_size=1, max_size=5), st.integers(0, 1 << 16))
def test_after_whatever_comes_a_flood_is_answered_as_quickly_as_any(
    before: list[tuple[float, float]], seed: int
) -> None:
    server = Server(seed=seed)
    for seconds, load in before:
        server.passes(seconds, load)
    server.passes(1, 3)
    flood = server.passes(1, 3)
    assert flood.waits
    assert flood.p99() < 0.06
