"""This file makes a network of hosts on one machine: a network namespace for each, wired to a bridge in another.

Nothing of it is seen outside: the machine's own addresses, routes and filters stay as they are. A cut is a link that is
down, which both sides notice as they would notice a cable that was pulled: by silence.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PREFIX = "admitone"
NETWORK = "10.77.0."
_CLONE_NEWNET = 0x40000000
_BRIDGE = "bridge"
_LIBC = ctypes.CDLL(None, use_errno=True)


class Lan:
    """Hosts on a network of their own, by their names; removed with everything that runs on them by `close`."""

    def __init__(self, hosts: dict[str, str]) -> None:
        """Make the network; `hosts` says which address each has. Needs to be root."""
        _remove_orphans()
        self._mark = f"{PREFIX}-{os.getpid()}-{threading.get_native_id()}"
        self._hosts = hosts
        self._made: list[str] = []
        switch = self._make("switch")
        _ip("-n", switch, "link", "add", "name", _BRIDGE, "type", "bridge")
        _ip("-n", switch, "link", "set", "dev", _BRIDGE, "up")
        for name, address in hosts.items():
            space = self._make(name)
            _ip("-n", space, "link", "set", "dev", "lo", "up")
            cable = ("type", "veth", "peer", "name", _port(name), "netns", switch)
            _ip("-n", space, "link", "add", "name", "eth0", *cable)
            _ip("-n", switch, "link", "set", "dev", _port(name), "master", _BRIDGE)
            _ip("-n", switch, "link", "set", "dev", _port(name), "up")
            _ip("-n", space, "address", "add", f"{address}/24", "dev", "eth0")
            _ip("-n", space, "link", "set", "dev", "eth0", "up")

    def on(self, host: str, *command: str) -> tuple[str, ...]:
        """What to run so that a command runs on a host; the process becomes the command."""
        return ("ip", "netns", "exec", self._space(host), *command)

    def cut(self, host: str) -> None:
        """Pull the host's cable."""
        _ip("-n", self._space("switch"), "link", "set", "dev", _port(host), "down")

    def heal(self, host: str) -> None:
        """Plug it in again."""
        _ip("-n", self._space("switch"), "link", "set", "dev", _port(host), "up")

    def pids(self, host: str) -> list[int]:
        """The processes on a host."""
        return _pids(self._space(host))

    def ask(self, host: str, port: int, path: str, timeout_s: float) -> Any:
        """The JSON that a host's own HTTP server answers, asked from that host itself. Raises OSError, ValueError."""
        with self._within(host):
            line = socket.create_connection((self._hosts[host], port), timeout_s)
        with line:
            line.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        return json.loads(answer.partition(b"\r\n\r\n")[2])

    def close(self) -> None:
        """End everything that runs on the hosts, then remove them and their network."""
        for space in self._made:
            _remove(space)

    def _make(self, host: str) -> str:
        space = self._space(host)
        _ip("netns", "add", space)
        self._made.append(space)
        return space

    def _space(self, host: str) -> str:
        return f"{self._mark}-{host}"

    @contextmanager
    def _within(self, host: str) -> Iterator[None]:
        """Let this thread be on a host: a socket belongs to where it was made."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{self._space(host)}", os.O_RDONLY)
        try:
            _enter(there)
            try:
                yield
            finally:
                _enter(home)
        finally:
            os.close(home)
            os.close(there)


def end(pids: Callable[[], Sequence[int]]) -> None:
    """Kill all of some processes at once, frozen ones too, until there is none."""
    while found := pids():
        for pid in found:
            send(pid, signal.SIGKILL)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to whom it may still concern."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _enter(space: int) -> None:
    if _LIBC.setns(space, _CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _remove_orphans() -> None:
    """Remove what runs left behind that were killed before they could."""
    for place in Path("/run/netns").glob(f"{PREFIX}-*"):
        owner = place.name.split("-")[1]
        if not Path("/proc", owner).exists():
            _remove(place.name)


def _remove(space: str) -> None:
    end(lambda: _pids(space))
    _ip("netns", "delete", space)


def _pids(space: str) -> list[int]:
    found = [int(pid) for pid in _ip("netns", "pids", space).split()]
    return [pid for pid in found if not _is_over(pid)]


def _is_over(pid: int) -> bool:
    """Whether a process has ended and only waits for its parent to look."""
    try:
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _port(host: str) -> str:
    return f"to-{host}"


def _ip(*arguments: str) -> str:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout
