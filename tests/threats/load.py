"""Sends 500 logins at a time to a real `admitone serve`, and measures who has to bear it: `make load` (security A6).

Three processes: the server; the crowd, 500 connections, each of which asks once a second whatever the answer was (with
`--relentless` again at once); and an app that asks for request tokens, first alone and then beside the crowd.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from admitone.basics.passwords import MEMORY
from tests.chaos.asks import AppAsks
from tests.chaos.line import Ask, CutError, Line
from tests.databases import SqliteDatabases
from tests.running import REPOSITORY, Admitone, Nursery, Server, program

CROWD = 500
EVERY_S = 1.0
SECONDS = float(os.environ.get("ADMITONE_LOAD_SECONDS", "60"))
TOKENS_A_SECOND = 25
SURPLUS_MS = 100.0
THREADS = 1
Figures = dict[str, Any]


def login(key: str, number: int) -> Ask:
    """A login of somebody, from somewhere: no two from one network, so that only the pool is in the way."""
    form = {"username": f"guest{number}", "password": "a guess", "request_token": "0" * 40}
    address = f"10.{number // 250 // 250 % 250}.{number // 250 % 250}.{number % 250}"
    headers = {"x-forwarded-for": address, "x-forwarded-proto": "https"}
    return Ask("POST", f"/3/authentication/token/validate_with_login?api_key={key}", form, headers)


async def crowd(port: int, key: str, seconds: float, *, relentless: bool) -> Figures:
    """Ask for so many seconds, 500 at a time; what came back, and how long the surplus waited, in milliseconds."""
    statuses: Counter[int] = Counter()
    waits: dict[int, list[float]] = {}
    numbers, end = itertools.count(), time.perf_counter() + seconds
    without = 0

    async def member(place: int) -> None:
        nonlocal without
        line = await Line.open(port)
        # Not all in the same instant, except that all are there at any time.
        turn = time.perf_counter() + (0 if relentless else EVERY_S * place / CROWD)
        while turn < end:
            await asyncio.sleep(max(0.0, turn - time.perf_counter()))
            began = time.perf_counter()
            try:
                answer = await line.call(login(key, next(numbers)))
            except CutError:
                statuses[0] += 1
                line = await Line.open(port)
                continue
            took = 1000 * (time.perf_counter() - began)
            statuses[answer.status] += 1
            waits.setdefault(answer.status, []).append(took)
            without += answer.status in (429, 503) and int(answer.headers.get("retry-after", "0")) < 1
            turn = began if relentless else max(turn + EVERY_S, time.perf_counter())
        await line.close()

    await asyncio.gather(*(member(place) for place in range(CROWD)))
    return {
        "statuses": dict(sorted(statuses.items())),
        "without_retry_after": without,
        "wait_ms": {status: _spread(each) for status, each in sorted(waits.items())},
    }


async def quiet(port: int, key: str, seconds: float) -> Figures:
    """An app that asks for request tokens, so many a second; how long they took, in milliseconds."""
    line, waits, failed = await Line.open(port), [], 0
    began = time.perf_counter()
    for number in range(int(seconds * TOKENS_A_SECOND)):
        await asyncio.sleep(max(0.0, began + number / TOKENS_A_SECOND - time.perf_counter()))
        start = time.perf_counter()
        answer = await line.call(AppAsks(key).token())
        waits.append(1000 * (time.perf_counter() - start))
        failed += answer.status != 200
    await line.close()
    return {"asked": len(waits), "failed": failed, "wait_ms": _spread(waits)}


def _spread(waits: list[float]) -> dict[str, float]:
    ordered = sorted(waits)
    return {
        "p50": round(statistics.median(ordered), 2),
        "p99": round(ordered[int(0.99 * (len(ordered) - 1))], 2),
        "most": round(ordered[-1], 2),
    }


def beside(what: str, server: Server, key: str, seconds: float, *flags: str) -> "subprocess.Popen[str]":
    """Start one of the two clients as a process of its own."""
    command = [sys.executable, "-m", "tests.threats.load", what, str(server.port), key, str(seconds), *flags]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)


def figures_of(process: "subprocess.Popen[str]") -> Figures:
    """What a client saw."""
    out, _ = process.communicate(timeout=600)
    assert process.returncode == 0
    found: Figures = json.loads(out)
    return found


def resident_kib(pid: int) -> int:
    """How much memory a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def opened(admitone: Admitone) -> tuple[Server, list[str]]:
    """A server that believes the clients' networks, and the keys of two apps; warm."""
    admitone.add_account("mira")
    keys = [admitone.add_app(name, "mira").api_key for name in ("Crowd", "Quiet")]
    trusting = {"ADMITONE_TRUSTED_PROXIES": "127.0.0.0/8", "ADMITONE_HASHING_THREADS": str(THREADS)}
    server = admitone.serve(env=trusting)
    # The first hashes take the pool's memory for good.
    figures_of(beside("crowd", server, keys[0], 1))
    return server, keys


def stormed(server: Server, *clients: "subprocess.Popen[str]") -> tuple[Figures, list[Figures]]:
    """What the server's memory does while these clients ask; and what they saw."""
    before = most = resident_kib(server.pid)
    while clients[0].poll() is None:
        most = max(most, resident_kib(server.pid))
        time.sleep(0.1)
    return {"before": before, "most": most, "pool": THREADS * MEMORY}, [figures_of(client) for client in clients]


def measured(admitone: Admitone, seconds: float, *flags: str) -> Figures:
    """Idle, then under the crowd: memory, answers, waits."""
    server, keys = opened(admitone)
    figures_of(beside("quiet", server, keys[1], 1))
    idle = figures_of(beside("quiet", server, keys[1], seconds / 4))
    clients = [beside("crowd", server, keys[0], seconds, *flags), beside("quiet", server, keys[1], seconds)]
    memory, (under, beside_it) = stormed(server, *clients)
    return {"crowd": under, "idle": idle, "beside": beside_it, "memory_kib": memory}


def main() -> int:
    """Run one of the clients, or all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("crowd", "quiet"))
    parser.add_argument("port", nargs="?", type=int)
    parser.add_argument("key", nargs="?")
    parser.add_argument("seconds", nargs="?", type=float)
    parser.add_argument("--relentless", action="store_true")
    said = parser.parse_args()
    if said.what == "crowd":
        print(json.dumps(asyncio.run(crowd(said.port, said.key, said.seconds, relentless=said.relentless))))
        return 0
    if said.what == "quiet":
        print(json.dumps(asyncio.run(quiet(said.port, said.key, said.seconds))))
        return 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        nursery = Nursery()
        stack.callback(nursery.close)
        admitone = stack.enter_context(program(nursery, folder / "admitone", SqliteDatabases(folder).fresh()))
        flags = ("--relentless",) if said.relentless else ()
        found = measured(admitone, float(__import__("os").environ.get("SECS", "60")), *flags)
    print(json.dumps(found, indent=2))
    print(*verdicts(found), sep="\n")
    return 0


def verdicts(found: Figures) -> list[str]:
    """What is asked of these figures, and whether it is so."""
    memory, surplus = found["memory_kib"], found["crowd"]["wait_ms"].get("429", {"p50": 0.0, "p99": 0.0})
    idle, under = found["idle"]["wait_ms"]["p99"], found["beside"]["wait_ms"]["p99"]
    grown, allowed = memory["most"] - memory["before"], 1.1 * memory["pool"]
    rows = [
        (grown <= allowed, f"memory grew by {grown} KiB; the pool and a tenth are {allowed:.0f} KiB"),
        (surplus["p99"] <= SURPLUS_MS, f"the surplus was told within {surplus['p99']} ms (p99)"),
        (under < 3 * idle, f"token/new took {under} ms (p99) beside the crowd, {idle} ms alone"),
        (found["crowd"]["without_retry_after"] == 0, "every refusal said when to come back"),
    ]
    return [f"{'yes' if is_so else 'NO '}  {what}" for is_so, what in rows]


if __name__ == "__main__":
    sys.exit(main())
