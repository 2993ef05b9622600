"""Holds that the open loop waits for nobody, counts waits from when calls were due, and knows what is no answer."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bench.loads.steady import Begin, Steady, Step, Story

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
AWAY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def answering(answer: Callable[[int], bytes], together: int = 1) -> Iterator[int]:
    """A server's port: the call of each number is answered so; the first ones once `together` of them have come."""
    listener = socket.create_server(("127.0.0.1", 0))
    gate = threading.Barrier(together)
    numbers = iter(range(1_000_000))
    lock = threading.Lock()

    def serve(line: socket.socket) -> None:
        with line:
            while line.recv(65536):
                with lock:
                    number = next(numbers)
                if number < together:
                    gate.wait(30)
                if not (said := answer(number)):
                    return
                line.sendall(said)

    def accept() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(line,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def ask(status: int = 200) -> Begin:
    def story() -> Story:
        yield Step("call", b"GET / HTTP/1.1\r\n\r\n", status)

    return story


@contextmanager
def loop(port: int, connections: int = 0) -> Iterator[Steady]:
    steady = Steady(port, connections)
    yield steady
    steady.close()


def test_calls_go_out_when_they_are_due_though_none_is_answered() -> None:
    # The server answers nobody before all five have asked: whoever waited for an answer would wait for ever.
    with answering(lambda _: GOOD, together=5) as port, loop(port) as steady:
        steady.run((number / 1000, ask()) for number in range(5))
        seen = steady.take()
    assert (seen.answers, seen.errors) == (5, [])


def test_a_wait_is_counted_from_when_the_call_was_due() -> None:
    # The first is answered when the last has come, which was due 0.2 s later.
    with answering(lambda _: GOOD, together=5) as port, loop(port) as steady:
        steady.run((number / 20, ask()) for number in range(5))
        waits = steady.take().waits["call"]
    assert max(waits) >= 0.2


def test_a_story_goes_on_with_what_it_was_answered() -> None:
    heard = []

    def story() -> Story:
        heard.append((yield Step("first", b"GET / HTTP/1.1\r\n\r\n", 200)).body)
        heard.append((yield Step("second", b"GET / HTTP/1.1\r\n\r\n", 200)).body)

    with answering(lambda number: GOOD[:-2] + b"%02d" % number) as port, loop(port) as steady:
        steady.run([(0.0, story)])
        seen = steady.take()
    assert heard == [b"00", b"01"]
    assert sorted(seen.waits) == ["first", "second"]


def test_whoever_is_turned_away_is_no_answer_and_no_error() -> None:
    with answering(lambda number: GOOD if number % 2 else AWAY) as port, loop(port) as steady:
        steady.run((0.0, ask()) for _ in range(6))
        seen = steady.take()
    assert (seen.answers, seen.away, seen.errors) == (3, 3, [])


@pytest.mark.parametrize(
    ("said", "complaint"),
    [(GOOD.replace(b"200", b"500"), "asked for 200, heard"), (b"", "closed the connection")],
)
def test_anything_else_is_an_error(said: bytes, complaint: str) -> None:
    with answering(lambda _: said) as port, loop(port) as steady:
        steady.run([(0.0, ask())])
        [error] = steady.take().errors
    assert complaint in error


def test_connections_are_used_in_turn() -> None:
    with answering(lambda _: GOOD) as port, loop(port, 4) as steady:
        for _ in range(2):
            steady.run((0.0, ask()) for _ in range(4))
        assert steady.take().answers == 8
        assert steady.connections == 4


def test_a_closed_loop_keeps_its_lanes_busy() -> None:
    # The first three calls are answered together or not at all: a loop of fewer lanes would hear nothing.
    with answering(lambda _: GOOD, together=3) as port, loop(port) as steady:
        steady.keep(ask(), 3, 0.1)
        steady.finish()
        seen = steady.take()
    assert seen.errors == []
    assert seen.answers >= 3
