"""This file measures a sandbox: from its start to ready, a world, a reset, and what an idle world weighs."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import httpx
import msgspec

STARTS = 3
WORLDS = 200
RESETS = 100
PATIENCE_S = 60.0

# What the sandbox promises (sandbox reference): seconds, milliseconds, milliseconds, kB.
TARGETS = {"start_s": 1.0, "world_ms": 5.0, "reset_ms": 5.0, "idle_world_kb": 300.0}
WORDS = {
    "start_s": "start to ready, s",
    "world_ms": "a world, ms",
    "reset_ms": "a reset, ms",
    "idle_world_kb": "memory of an idle world, kB",
}


class _Running(NamedTuple):
    process: subprocess.Popen[bytes]
    control: str
    seconds: float


def measure() -> dict[str, Any]:
    """Medians, beside what they should be; times are those of a client on one connection."""
    with tempfile.TemporaryDirectory() as folder:
        starts = []
        for number in range(STARTS - 1):
            running = _start(Path(folder) / f"{number}.json")
            starts.append(running.seconds)
            _end(running)
        last = _start(Path(folder) / "last.json")
        try:
            found = {"start_s": median([*starts, last.seconds]), **_worlds(last)}
        finally:
            _end(last)
    return {name: {"is": round(value, 2), "target": TARGETS[name]} for name, value in found.items()}


def text(found: dict[str, Any]) -> str:
    """The same for people."""
    return "\n".join(f"sandbox: {WORDS[name]}: {row['is']} (target {row['target']:g})" for name, row in found.items())


def _worlds(running: _Running) -> dict[str, float]:
    with httpx.Client(base_url=running.control) as http:
        made = [http.post("/worlds", json={}).json() for _ in range(10)]  # what is made once only is made now
        before = _kilobytes(running.process.pid)
        worlds = []
        for _ in range(WORLDS):
            began = time.perf_counter()
            made.append(http.post("/worlds", json={}).json())
            worlds.append(time.perf_counter() - began)
        weight = (_kilobytes(running.process.pid) - before) / WORLDS
        resets = []
        for each in made[-RESETS:]:
            began = time.perf_counter()
            http.post(f"/worlds/{each['world']}/reset").raise_for_status()
            resets.append(time.perf_counter() - began)
    return {"world_ms": median(worlds) * 1e3, "reset_ms": median(resets) * 1e3, "idle_world_kb": weight}


def _start(ready_file: Path) -> _Running:
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "admitone", "sandbox", "--port", "0", "--ready-file", str(ready_file)],
        stdout=subprocess.DEVNULL,
    )
    while not ready_file.exists():
        if process.poll() is not None or time.perf_counter() - began > PATIENCE_S:
            process.kill()
            raise RuntimeError("the sandbox did not start")
        time.sleep(0.002)
    seconds = time.perf_counter() - began
    return _Running(process, msgspec.json.decode(ready_file.read_bytes())["control_url"], seconds)


def _end(running: _Running) -> None:
    running.process.terminate()
    running.process.wait()


def _kilobytes(pid: int) -> int:
    """Memory of its own: the catalogue, mapped from a file and shared by all worlds, is not counted."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon"))
