"""Watches the workers of a server: who serves, which connection is with whom, and whom chance kills."""

import os
import random
import re
import signal
from pathlib import Path

from tests.chaos.line import Line
from tests.running import Server

BEGAN = re.compile(r"Started server process \[(\d+)\]")
LOOPBACK = "0100007F"


class Workers:
    """The workers of one server, and what became of them.

    `unready` counts those who were killed before they served, `unfaithful` the lines that were cut though the worker at
    their other end was not killed.
    """

    def __init__(self, server: Server, size: int) -> None:
        self._server = server
        self._size = size
        self._log = server.err.open(encoding="utf-8")
        self._rest = ""
        self._began: list[int] = []
        self._with: dict[Line, int] = {}
        self.killed: set[int] = set()
        self.unready = 0
        self.cuts = 0
        self.unfaithful = 0

    def close(self) -> None:
        """Look no longer."""
        self._log.close()

    def serving(self) -> list[int]:
        """Those who serve, oldest first."""
        *lines, self._rest = (self._rest + self._log.read()).split("\n")
        self._began += [int(pid) for line in lines for pid in BEGAN.findall(line)]
        return [pid for pid in self._began if pid not in self.killed]

    def kill_one(self, chance: random.Random) -> None:
        """Kill one who serves, whatever it is doing."""
        victim = chance.choice(self.serving())
        os.kill(victim, signal.SIGKILL)
        self.killed.add(victim)

    def kill_whoever_starts(self) -> None:
        """Kill one who does not serve yet, if there is one."""
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text(encoding="ascii")
        starting = {int(pid) for pid in children.split()} - self.killed - set(self.serving())
        for pid in starting:
            os.kill(pid, signal.SIGKILL)
            self.killed.add(pid)
            self.unready += 1

    def meet(self, lines: set[Line]) -> None:
        """Note which of the workers each of these lines leads to."""
        inodes = _inodes(self._server.port)
        holders = {inode: pid for pid in self.serving() for inode in _sockets(pid)}
        found = ((line, holders.get(inodes.get(line.port, ""))) for line in lines)
        self._with = {line: pid for line, pid in found if pid is not None}

    def cut(self, line: Line) -> None:
        """A line was cut. That of a worker who lives must not be."""
        self.cuts += 1
        holder = self._with.get(line)
        self.unfaithful += holder is not None and holder not in self.killed


def _inodes(port: int) -> dict[int, str]:
    """The sockets of a server's connections, by the port of their other end."""
    _, *rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    connections = (row.split() for row in rows)
    ours = f"{LOOPBACK}:{port:04X}"
    return {int(each[2].partition(":")[2], 16): each[9] for each in connections if each[1] == ours}


def _sockets(pid: int) -> list[str]:
    found = []
    for each in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(each.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            found.append(target[len("socket:[") : -1])
    return found
