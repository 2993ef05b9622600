"""This file reads how much processor time and memory a program has used, from Linux's /proc.

Of all figures processor time is the one that other programs on the same machine disturb least.
"""

import os
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
# In /proc/PID/stat, counted from behind the name: user, system, and the same of children that have ended.
OWN, WITH_ENDED = slice(11, 13), slice(11, 15)


def used(pid: int, *, family: bool = False) -> float:
    """Seconds of user and system time of a process; with `family` also of its children, living and ended."""
    own = _ticks(pid, WITH_ENDED if family else OWN)
    return (own + sum(_ticks(child, OWN) for child in (_children(pid) if family else ()))) * TICK_S


def ran(pid: int) -> float:
    """Seconds that a process of one thread has run, by the scheduler, to the nanosecond; 0 once it is gone."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def memory(pid: int, *, own: bool = False) -> list[float]:
    """Megabytes in memory (RSS) of a process and of each of its children, in this order.

    With `own` only what is nobody else's: without code, mapped files, and memory that processes share.
    """
    return [found for each in (pid, *_children(pid)) if (found := _megabytes(each, "RssAnon" if own else "VmRSS"))]


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _ticks(pid: int, fields: slice) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):  # a child that has just ended; its parent has its time
        return 0
    return sum(int(field) for field in stat.rpartition(")")[2].split()[fields])


def _megabytes(pid: int, field: str) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(f"{field}:")), 0.0)
