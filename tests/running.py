"""Runs `admitone` as real processes: single commands, and servers that are started, stopped and killed."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tests.world import PASSWORD

T = TypeVar("T")

REPOSITORY = Path(__file__).parent.parent
PATIENCE_S = 60.0
BREATH_S = 0.002
SERVING = re.compile(r"^Serving (?P<origin>\S+) on \S+:(?P<port>\d+)$", re.MULTILINE)
# Nothing that looks like this is ever printed, except where it is meant for the reader.
SECRET_SHAPES = (
    re.compile(r"\b[0-9a-f]{32,}\b"),
    re.compile(r"eyJ[\w-]+\.[\w-]+"),
    re.compile(r"\$argon2"),
    re.compile(r"postgresql://[^/\s:]+:(?!\*)[^/\s@]+@"),
)
# These show credentials on standard output, once: it is what they are for.
SHOWS_CREDENTIALS = {("app", "add"), ("app", "rotate"), ("sandbox",)}


class Printed(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Credentials(NamedTuple):
    """What an app was given."""

    app: str
    api_key: str
    read_token: str


def until(found: Callable[[], T | None], what: str, seconds: float = PATIENCE_S) -> T:
    """Look again and again until there is something; fail when there is still nothing after so many seconds."""
    end = time.monotonic() + seconds
    while (thing := found()) is None:
        assert time.monotonic() < end, f"still no {what} after {seconds} s"
        time.sleep(BREATH_S)
    return thing


class Nursery:
    """The process from which all others are forked."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def start(self, arguments: list[str], folder: Path, environment: Mapping[str, str], streams: list[Path]) -> int:
        """Start a command; its pid."""
        order = {"arguments": arguments, "folder": folder, "environment": environment, "streams": streams}
        pid = self._ask(order)
        assert pid is not None
        return pid

    def status(self, pid: int) -> int | None:
        """How a child ended (the number of a signal with a minus sign), None while it runs."""
        return self._ask({"pid": pid})

    def close(self) -> None:
        """End it, and every child that still runs."""
        self._process.communicate()

    def _ask(self, order: dict[str, Any]) -> int | None:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(order, default=str), file=self._process.stdin, flush=True)
        answer: int | None = json.loads(self._process.stdout.readline())
        return answer


@dataclass
class Running:
    """One `admitone`, running or over."""

    nursery: Nursery
    pid: int
    arguments: tuple[str, ...]
    out: Path
    err: Path
    _status: int | None = None

    def status(self) -> int | None:
        """How it ended; None while it runs."""
        if self._status is None:
            self._status = self.nursery.status(self.pid)
        return self._status

    def wait(self) -> int:
        """Wait for its end."""
        return until(self.status, f"end of admitone {' '.join(self.arguments)}")

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it between two instructions, whatever it is doing."""
        self.send(signal.SIGKILL)
        self.wait()

    def stop(self) -> int:
        """Ask it to end, and wait until it has."""
        self.send(signal.SIGTERM)
        return self.wait()


@dataclass
class Server(Running):
    """A process that serves."""

    origin: str = ""
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is reached from this machine; `origin` is what it is called."""
        scheme = "https" if "--tls-certificate" in self.arguments else "http"
        return f"{scheme}://127.0.0.1:{self.port}"


@dataclass
class Admitone:
    """The program, installed in a folder of its own with a database; keeps what is printed, and what must not be.

    `secrets` are looked for at the end in everything that was printed, beside everything that has a secret's shape.
    """

    nursery: Nursery
    folder: Path
    database: str
    environment: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=lambda: {PASSWORD})
    processes: list[Running] = field(default_factory=list)
    opened: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        """Settings come from the environment, as in a container."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
        ours = {"ADMITONE_DATABASE": self.database, "ADMITONE_KEY_RING": str(self.key_ring), "ADMITONE_PORT": "0"}
        # Tests call more often than anybody else does.
        ours["ADMITONE_CALLS_BY_NETWORK"] = "0"
        # What a killed sandbox leaves behind goes away with the folder.
        ours["TMPDIR"] = str(self.folder)
        self.environment = {**kept, **ours, **self.environment}

    @property
    def key_ring(self) -> Path:
        return self.folder / "admitone.keys"

    def start(self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Running:
        """Start a command and do not wait for it."""
        number = len(self.processes)
        streams = [self.folder / f"{number}.{name}" for name in ("in", "out", "err")]
        streams[0].write_text(stdin, encoding="utf-8")
        for stream in streams[1:]:
            stream.touch()
        environment = {name: value for name, value in {**self.environment, **(env or {})}.items() if value}
        pid = self.nursery.start(list(arguments), self.folder, environment, streams)
        process = Running(self.nursery, pid, arguments, streams[1], streams[2])
        self.processes.append(process)
        return process

    def run(self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None, status: int = 0) -> Printed:
        """Run a command to its end, which must be as `status` says. An empty variable in `env` is taken away."""
        process = self.start(*arguments, stdin=stdin, env=env)
        process.wait()
        printed = Printed(process.wait(), process.out.read_text(), process.err.read_text())
        assert printed.status == status, f"admitone {' '.join(arguments)}: {printed}"
        assert "Traceback" not in printed.err
        return printed

    def add_account(self, username: str, password: str = PASSWORD) -> dict[str, Any]:
        """Add a person, as an operator does."""
        self.secrets.add(password)
        arguments = ("account", "add", username, "--name", username.title(), "--password-stdin", "--json")
        account: dict[str, Any] = self.run(*arguments, stdin=f"{password}\n").json
        return account

    def add_app(self, name: str, owner: str, *flags: str) -> Credentials:
        """Add an app, as an operator does."""
        return self.keep(self.run("app", "add", name, "--owner", owner, "--json", *flags).json)

    def keep(self, shown: dict[str, Any]) -> Credentials:
        """Remember credentials that were shown."""
        credentials = Credentials(shown["app"], shown["api_key"], shown["read_token"])
        self.secrets.update(credentials[1:])
        return credentials

    def serve(self, *flags: str, env: Mapping[str, str] | None = None, wait: bool = True) -> Server:
        """Start `admitone serve` on a free port, and wait until it accepts connections."""
        process = self.start("serve", *flags, env=env)
        server = Server(**vars(process))
        self.processes[-1] = server
        if wait:
            self.wait_for(server)
        return server

    def wait_for(self, server: Server) -> None:
        """Wait until a server accepts connections; fail with what it said when it ends before that."""

        def serving() -> re.Match[str] | None:
            if found := SERVING.search(server.err.read_text()):
                return found
            assert server.status() is None, f"it ended: {server.err.read_text()}"
            return None

        found = until(serving, "server")
        server.origin, server.port = found["origin"], int(found["port"])

    def close(self) -> None:
        """Kill what still runs; then nothing that was printed may hold a secret."""
        self.opened.close()
        for process in self.processes:
            if process.status() is None:
                process.kill()
        for process in self.processes:
            self._hold(process, process.err.read_text())
            shown = any(process.arguments[: len(words)] == words for words in SHOWS_CREDENTIALS)
            if not shown:
                self._hold(process, process.out.read_text())

    def _hold(self, process: Running, text: str) -> None:
        told = [secret for secret in self.secrets if secret in text]
        told += [found[0] for shape in SECRET_SHAPES for found in shape.finditer(text) if found[0] not in self.public]
        assert not told, f"admitone {process.arguments[:2]} printed {sorted(set(told))}"

    @property
    def public(self) -> set[str]:
        """What looks like a secret and is none: the public ids of apps, the folder of a test's database."""
        printed = (process.out.read_text() for process in self.processes)
        ids = {found for text in printed for found in re.findall(r'"app": "(\w+)"', text)}
        return ids | set(re.findall(r"[0-9a-f]{32,}", self.database))


@contextmanager
def program(nursery: Nursery, folder: Path, database: str, **environment: str) -> Iterator[Admitone]:
    """The program in a folder, whose processes end with the block."""
    admitone = Admitone(nursery, folder, database, environment)
    try:
        yield admitone
    finally:
        admitone.close()
