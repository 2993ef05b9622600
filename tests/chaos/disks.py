"""Disks that are full when a test says so: a small one of its own, or a limit on what a process writes."""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running import Server

MEGABYTE = 1024 * 1024


def may_mount() -> bool:
    """Whether this process may have a disk of its own."""
    try:
        with small_disk(1):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A disk in memory, for the life of the block."""
    # Not in pytest's folder, which a database server that runs as somebody else cannot get into.
    place = Path(tempfile.mkdtemp(prefix="admitone-disk-"))
    place.chmod(0o755)
    mounted = False
    try:
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
        subprocess.run(command, check=True, capture_output=True)
        mounted = True
        yield place
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
        shutil.rmtree(place, ignore_errors=True)


class SmallDisk:
    """A small disk with something large on it."""

    def __init__(self, place: Path) -> None:
        self._ballast = place / "ballast"

    def fill(self, _server: Server) -> None:
        """Leave no room."""
        with self._ballast.open("wb", buffering=0) as file:
            for size in (MEGABYTE, 4096):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def free(self, _server: Server) -> None:
        """Make room."""
        self._ballast.unlink()


class Limit:
    """A limit on the size of what a server writes, at the size of a file that it has."""

    def __init__(self, largest: Path) -> None:
        self._largest = largest

    def fill(self, server: Server) -> None:
        """Let no file become larger than this one is."""
        limit = self._largest.stat().st_size
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    def free(self, server: Server) -> None:
        """Let them become as large as they like."""
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, unlimited)


Disk = SmallDisk | Limit


def kinds() -> list[str]:
    """The disks that can be had here: without the right to mount, a limit stands for a full SQLite disk alone."""
    mounted = ["sqlite on a small disk", "postgres on a small disk"] if os.geteuid() == 0 and may_mount() else []
    return ["sqlite at a limit", *mounted]
