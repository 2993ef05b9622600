"""This file starts a PostgreSQL cluster of three hosts with all that leads to it; looks at it, wounds and heals it."""

import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any, Self, TypeVar

from deploy.ha.lan import NETWORK, Lan, end, send

T = TypeVar("T")

HERE = Path(__file__).parent
OWNER = "postgres"
ADDRESSES = {name: f"{NETWORK}{11 + number}" for number, name in enumerate("abc")}
EDGE, EDGE_ADDRESS = "edge", f"{NETWORK}10"
PATRONI_PORT, ADMITONE_PORT = 8008, 8000
PATIENCE_S = 90.0
BREATH_S = 0.1
LOOK_S = 2.0
LEADS = ("master", "primary")
NEEDS = ("ip", "setpriv", "etcd", "patroni", "haproxy", "pgbouncer")
# The database's part of a host; its etcd, its HAProxy and its Admit One go on when this one ends.
DATABASE = ("patroni", "postgres")


class ClusterError(Exception):
    """The cluster is not as it has to be; the sentence says what it waited for, and what there was."""


@dataclass
class Host:
    """One of the three: what was started on it, by name."""

    name: str
    address: str
    folder: Path
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)


class Cluster:
    """Three hosts with etcd, Patroni, PostgreSQL, PgBouncer and HAProxy each, and one more where callers come in."""

    def __init__(self, **parameters: str) -> None:
        """Start it; `parameters` are PostgreSQL's, beside those of the templates. Needs to be root; see `missing`."""
        self.folder = Path(tempfile.mkdtemp(prefix="admitone-cluster-"))
        self.folder.chmod(0o755)
        self.lan = Lan({**ADDRESSES, EDGE: EDGE_ADDRESS})
        self.hosts = {name: Host(name, address, self.folder / name) for name, address in ADDRESSES.items()}
        self._edge = Host(EDGE, EDGE_ADDRESS, self.folder / EDGE)
        self._passwords = {name: secrets.token_hex(16) for name in ("admitone", "superuser", "replicator", "rewinder")}
        self._parameters = parameters
        # Callers come in on an address of the machine itself, though what listens there is on a host of the network.
        self._door = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self._door.getsockname()[1]
        try:
            for host in self.hosts.values():
                self._furnish(host)
            for host in self.hosts.values():
                self._start(host, "etcd", "etcd", "--config-file", str(host.folder / "etcd.yml"))
                self._start(host, "haproxy", "haproxy", "-q", "-db", "-f", str(host.folder / "database.cfg"), owner="")
                self._start(host, "pgbouncer", str(HERE / "keep.sh"), "pgbouncer", str(host.folder / "pgbouncer.ini"))
                self.start_database(host.name)
            self._open_the_door()
            self.wait_until_whole()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        """Where an Admit One on one of the hosts finds the primary."""
        return f"postgresql://admitone:{self._passwords['admitone']}@127.0.0.1:5432/admitone"

    @property
    def replica_address(self) -> str:
        """Where it finds a replica."""
        return self.address.replace(":5432/", ":5433/")

    def address_of(self, host: str) -> str:
        """Where the PostgreSQL of a host is found from the machine itself: its socket is a file."""
        return f"postgresql://admitone:{self._passwords['admitone']}@/admitone?host={self.hosts[host].folder}"

    def run(self, host: str, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        """Start something on a host, with nothing in its environment but what is given."""
        self.hosts[host].started[name] = _started(self.lan.on(host, *command), environment, log)

    # What there is.

    def words(self) -> dict[str, dict[str, Any]]:
        """What each host's Patroni says of its own PostgreSQL; nothing from those that are silent.

        Not what they say of the cluster: who was cut off a moment ago tells of the time before.
        """
        words = {}
        for name in self.hosts:
            with suppress(OSError, ValueError):
                words[name] = self.lan.ask(name, PATRONI_PORT, "/patroni", LOOK_S)
        return words

    def primary(self) -> str | None:
        """The host that has the primary; None while none says so, or more than one."""
        leading = _of_role(self.words(), *LEADS)
        return leading[0] if len(leading) == 1 else None

    def replicas(self) -> list[str]:
        """The hosts that follow the primary, by its word, the one first without which no commit is answered."""
        leading = self.primary()
        followers = self.words().get(leading, {}).get("replication", []) if leading else []
        followers = [
            each for each in followers if each["state"] == "streaming" and each["application_name"] in self.hosts
        ]
        return [each["application_name"] for each in sorted(followers, key=lambda each: each["sync_state"] != "sync")]

    def is_whole(self) -> bool:
        """Whether one leads, two follow it closely on its timeline, and one of them answers for commits."""
        words = self.words()
        leading = _of_role(words, *LEADS)
        if len(leading) != 1 or len(_of_role(words, "replica")) != len(self.hosts) - 1:
            return False
        followers = {each["application_name"]: each for each in words[leading[0]].get("replication", [])}
        answering = [name for name, each in followers.items() if each["sync_state"] == "sync"]
        return (
            {*followers, *leading} == {*self.hosts}
            and {each["state"] for each in followers.values()} == {"streaming"}
            and len({word["timeline"] for word in words.values()}) == 1
            and len(answering) == 1
            # By etcd as well: while the primary changes who answers for commits, nobody may take over.
            and answering == [name for name, word in words.items() if word.get("sync_standby")]
        )

    def wait_until_whole(self) -> None:
        """Wait for `is_whole`. Raises ClusterError after a while."""
        self.until(self.is_whole, "the cluster to be whole")

    def until(self, found: Callable[[], T | None], what: str) -> T:
        """Look again and again until there is something. Raises ClusterError after a while."""
        last = time.monotonic() + PATIENCE_S
        while not (thing := found()):
            if time.monotonic() > last:
                raise ClusterError(f"waited {PATIENCE_S:.0f} s for {what}; there is {json.dumps(self.words())}")
            time.sleep(BREATH_S)
        return thing

    # What is done to it.

    def kill_database(self, host: str) -> None:
        """End a host's PostgreSQL and its Patroni between two instructions."""
        end(lambda: self._of_database(host))
        self.hosts[host].started["patroni"].wait()

    def start_database(self, host: str) -> None:
        """Start a host's Patroni, which starts its PostgreSQL."""
        self._start(self.hosts[host], "patroni", "patroni", str(self.hosts[host].folder / "patroni.yml"))

    def stop_database(self, host: str) -> None:
        """Let a host's PostgreSQL and its Patroni stand still, with all connections open."""
        for pid in self._of_database(host):
            send(pid, signal.SIGSTOP)

    def continue_database(self, host: str) -> None:
        """Let them go on as if no time had passed."""
        for pid in self._of_database(host):
            send(pid, signal.SIGCONT)

    def close(self) -> None:
        """End everything and leave nothing behind."""
        self.lan.close()
        for host in (*self.hosts.values(), self._edge):
            for started in host.started.values():
                started.wait()
        self._door.close()
        shutil.rmtree(self.folder)

    def _of_database(self, host: str) -> list[int]:
        return [pid for pid in self.lan.pids(host) if _command(pid) in DATABASE]

    def _furnish(self, host: Host) -> None:
        """Write the configuration of everything that runs on a host."""
        host.folder.mkdir()
        values = {
            "name": host.name,
            "address": host.address,
            "folder": str(host.folder),
            "here": str(HERE),
            "network": f"{NETWORK}0/24",
            "bin_dir": str(postgres_programs()),
            "watchdog": "off",
            "etcd_peers": ",".join(f"{name}=http://{address}:2380" for name, address in ADDRESSES.items()),
            "etcd_hosts": ",".join(f"{address}:2379" for address in ADDRESSES.values()),
            "bouncers": _servers(6432),
            "more_parameters": "\n    ".join(f'{name}: "{value}"' for name, value in self._parameters.items()),
            **{f"{name}_password": password for name, password in self._passwords.items()},
        }
        for template in ("etcd.yml", "patroni.yml", "pgbouncer.ini", "database.cfg"):
            _write(host.folder / template, rendered(template, values))
        _write(host.folder / "admitone.password", self._passwords["admitone"])
        _write(host.folder / "pgbouncer.users", f'"admitone" "{self._passwords["admitone"]}"\n')
        _give(host.folder)

    def _open_the_door(self) -> None:
        edge = self._edge
        edge.folder.mkdir()
        values = {"bind": f"fd@{self._door.fileno()}", "servers": _servers(ADMITONE_PORT)}
        _write(edge.folder / "edge.cfg", rendered("edge.cfg", values))
        command = self.lan.on(EDGE, "haproxy", "-q", "-db", "-f", str(edge.folder / "edge.cfg"))
        edge.started["haproxy"] = _started(command, os.environ, edge.folder / "haproxy.log", self._door.fileno())

    def _start(self, host: Host, name: str, *command: str, owner: str = OWNER) -> None:
        whole = _as(owner, command) if owner else command
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(host.folder)}
        self.run(host.name, name, whole, environment, host.folder / f"{name}.log")


def _of_role(words: Mapping[str, Mapping[str, Any]], *roles: str) -> list[str]:
    return [name for name, word in words.items() if word["role"] in roles and word["state"] == "running"]


def missing() -> list[str]:
    """What a machine lacks to run a cluster, one sentence each; nothing where it can."""
    lacking = [name for name in NEEDS if shutil.which(name) is None]
    found = [f"not installed: {', '.join(lacking)} (scripts/ha installs them on Debian)"] if lacking else []
    if os.geteuid() != 0:
        found.append("network namespaces are for root only")
    if postgres_programs() is None:
        found.append("not installed: the distribution's PostgreSQL server")
    return found


def postgres_programs() -> Path | None:
    """Where the distribution has its newest PostgreSQL server."""
    places = [place.parent for place in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(places, key=lambda place: int(place.parent.name), default=None)


def rendered(template: str, values: Mapping[str, str]) -> str:
    """A template with its blanks filled in."""
    return Template((HERE / "templates" / template).read_text(encoding="utf-8")).substitute(values)


def _started(
    command: Sequence[str], environment: Mapping[str, str], log: Path, *opened: int
) -> "subprocess.Popen[bytes]":
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**environment},
            pass_fds=opened,
            start_new_session=True,
        )


def _servers(port: int) -> str:
    return "\n    ".join(f"server {name} {address}:{port}" for name, address in ADDRESSES.items())


def _as(owner: str, command: Sequence[str]) -> tuple[str, ...]:
    return ("setpriv", f"--reuid={owner}", f"--regid={owner}", "--init-groups", "--", *command)


def _command(pid: int) -> str:
    try:
        return Path("/proc", str(pid), "comm").read_text().strip()
    except OSError:
        return ""


def _write(place: Path, text: str) -> None:
    place.touch(mode=0o600)
    place.write_text(text, encoding="utf-8")


def _give(folder: Path) -> None:
    """Let everything on a host belong to who runs the database there."""
    owner = pwd.getpwnam(OWNER)
    for place in (folder, *folder.iterdir()):
        os.chown(place, owner.pw_uid, owner.pw_gid)
