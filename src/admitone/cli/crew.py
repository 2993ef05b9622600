"""This file keeps several workers behind one port: it starts them, replaces those that end, and hands over to new code.

The port stays open in here, so that while a worker comes or goes nobody who connects is turned away. On SIGHUP the
program is run anew in the same process, beside the old workers; these stop once the new ones serve. Nobody else may
hold what workers share: all that is true is in the database.
"""

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import NamedTuple, NoReturn

import structlog
import typer

WATCHED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
STOPPING = (signal.SIGTERM, signal.SIGINT)
# After a worker that did not come to serve, twice as long each time in a row.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
LOOK_S = 0.5

# Said to the program that is run anew: the open port, the end of the rope, and the workers that it inherits.
HANDED_OVER = "--handed-over"
ONLY_CHECK = "--only-check"

Work = Callable[[int, Callable[[], None]], None]

_log = structlog.get_logger("admitone.crew")


class Rope(NamedTuple):
    """A pipe that says nothing: when whoever holds its end is gone, for whatever reason, the workers stop."""

    to_watch: int
    to_hold: int


class Legacy(NamedTuple):
    """What a run of the program leaves to the next one."""

    listener: int
    rope: Rope
    workers: tuple[int, ...]

    def spoken(self) -> str:
        """As one word for the command line."""
        return ",".join(map(str, (self.listener, *self.rope, *self.workers)))

    @classmethod
    def heard(cls, word: str) -> "Legacy":
        """The same from the command line."""
        listener, watch, hold, *workers = map(int, word.split(","))
        return cls(listener, Rope(watch, hold), tuple(workers))


class Crew:
    """Several processes of one work; `work` is called in each, with its number and what to call when it serves."""

    def __init__(self, work: Work, size: int, listener: socket.socket, legacy: Legacy | None) -> None:
        """Nothing runs before `keep`. `legacy` is what an earlier run of the program left."""
        self._work = work
        self._size = size
        self._listener = listener
        self._rope = legacy.rope if legacy else Rope(*os.pipe())
        self._old = set(legacy.workers) if legacy else set()
        self._leaving: set[int] = set()  # old ones that were told to stop
        self._numbers: dict[int, int] = {}  # of the workers that began here, by process
        self._pause_s = FIRST_PAUSE_S
        self._not_before = 0.0

    def keep(self, ready: Callable[[], None]) -> None:
        """Serve until told to stop; `ready` is called when the first worker serves."""
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        said = False
        while (number := self._heard(0 if self._lacks() else LOOK_S)) not in STOPPING:
            if number == signal.SIGHUP:
                self._hand_over()
            self._bury()
            if self._lacks() and self._start() and not said:
                ready()
                said = True
            if len(self._numbers) == self._size:
                self._relieve()
        self._tell({*self._numbers, *self._old})
        self._listener.close()  # who connects now shall hear at once that nobody will answer
        while self._numbers or self._old or self._leaving:
            self._heard(LOOK_S)
            self._bury()

    def _lacks(self) -> bool:
        """Whether a worker shall be started now."""
        return len(self._numbers) < self._size and time.monotonic() >= self._not_before

    def _start(self) -> bool:
        """Start one more worker and wait until it serves; False when it does not come that far."""
        number = min(set(range(self._size)) - set(self._numbers.values()))
        try:
            pid, asks = self._forked(number)
        except OSError as error:  # of what the machine has no more it may have some later
            _log.error("no worker could be started", reason=error.strerror)
        else:
            if self._answered(asks):
                self._numbers[pid] = number
                self._pause_s = FIRST_PAUSE_S
                return True
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)
        self._wait(self._pause_s)
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        return False

    def _forked(self, number: int) -> tuple[int, int]:
        """A new worker, and where it will say that it serves. Raises OSError."""
        asks, answers = os.pipe()
        try:
            pid = os.fork()
        except OSError:
            os.close(asks)
            os.close(answers)
            raise
        if not pid:
            os.close(asks)
            self._be_worker(number, answers)
        os.close(answers)
        return pid, asks

    @staticmethod
    def _answered(asks: int) -> bool:
        """Whether a worker comes to serve; it may take its time, unless everybody shall stop."""
        with open(asks, "rb", buffering=0) as asked:
            while not select.select([asked], [], [], LOOK_S)[0]:
                if signal.sigpending() & set(STOPPING):
                    return False
            return bool(asked.read(1))

    def _be_worker(self, number: int, answers: int) -> NoReturn:
        os.close(self._rope.to_hold)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

        def serves() -> None:
            loop = asyncio.get_running_loop()
            loop.add_reader(self._rope.to_watch, stop, loop)
            with suppress(BrokenPipeError):
                os.write(answers, b"!")
            os.close(answers)

        def stop(loop: asyncio.AbstractEventLoop) -> None:
            loop.remove_reader(self._rope.to_watch)
            os.kill(os.getpid(), signal.SIGTERM)

        end_with(partial(self._work, number, serves))

    @staticmethod
    def _heard(within_s: float) -> int | None:
        """The next signal, or None when there is none for so long."""
        with suppress(InterruptedError):
            found = signal.sigtimedwait(WATCHED, within_s)
            return found.si_signo if found else None
        return None

    def _bury(self) -> None:
        """Take note of every worker that has ended.

        One that served is replaced at once when it was killed or told to stop. When it ended by itself it may do so
        again, and the next one comes after a pause.
        """
        for pid in (*self._numbers, *self._old, *self._leaving):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            self._old.discard(pid)
            self._leaving.discard(pid)
            if self._numbers.pop(pid, None) is None or not status:
                continue
            _log.error("a worker ended", status=os.waitstatus_to_exitcode(status))
            if os.WIFEXITED(status):
                self._wait(FIRST_PAUSE_S)

    def _wait(self, seconds: float) -> None:
        self._not_before = max(self._not_before, time.monotonic() + seconds)

    def _relieve(self) -> None:
        """Let the old workers go, once there are new ones in their place."""
        self._tell(self._old)
        self._leaving |= self._old
        self._old = set()

    def _tell(self, workers: set[int]) -> None:
        for pid in workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def _hand_over(self) -> None:
        """Run the program anew in this process, if it can be run; the workers stay until the new ones serve."""
        command = [sys.executable, "-m", "admitone", *_without(HANDED_OVER, sys.argv[1:])]
        try:
            if subprocess.run([*command, ONLY_CHECK], check=False).returncode:  # noqa: S603 - as it was itself run
                _log.error("not handed over: the program could not be run anew")
                return
            self._become(command)
        except OSError as error:
            _log.error("not handed over: the program could not be run anew", reason=error.strerror)

    def _become(self, command: list[str]) -> NoReturn:
        legacy = Legacy(self._listener.fileno(), self._rope, (*self._numbers, *self._old, *self._leaving))
        for kept in (legacy.listener, *legacy.rope):
            os.set_inheritable(kept, True)
        os.execv(command[0], [*command, HANDED_OVER, legacy.spoken()])  # noqa: S606 - the same


def end_with(work: Callable[[], None]) -> NoReturn:
    """Do this last thing in a process that was forked; its status says whether it was done."""
    status = 1
    try:
        work()
        status = 0
    except typer.Exit as said:
        status = said.exit_code
    except Exception:  # noqa: BLE001 - whatever it is, the log shall have it
        _log.exception("a worker ended")
    finally:
        os._exit(status)


def _without(option: str, arguments: list[str]) -> list[str]:
    if option not in arguments:
        return arguments
    at = arguments.index(option)
    return arguments[:at] + arguments[at + 2 :]
