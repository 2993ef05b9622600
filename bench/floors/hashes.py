"""This file is the floor of logins: nothing but argon2id, with the server's parameters, on as many threads as it uses.

`python -m bench.floors.hashes JOB` checks one right password again and again, as many at once as the job says.
"""

import json
import os
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import argon2

from admitone.basics.passwords import LANES, MEMORY, PASSES
from bench.loads.call import PASSWORD
from bench.loads.seen import Seen


def hashes(job: dict[str, Any]) -> Seen:
    """Verify for so long; the threads are those that the server would have here: all cores but one."""
    hasher = argon2.PasswordHasher(PASSES, MEMORY, LANES)
    kept = hasher.hash(PASSWORD)
    counts = [0] * max(1, len(os.sched_getaffinity(0)) - 1)
    over = threading.Event()

    def verify_for_ever(number: int) -> None:
        while not over.is_set():
            hasher.verify(kept, PASSWORD)
            counts[number] += 1

    threads = [threading.Thread(target=verify_for_ever, args=(number,)) for number in range(len(counts))]
    for thread in threads:
        thread.start()
    time.sleep(job["warm_s"])
    before, began, cpu = sum(counts), time.perf_counter(), time.process_time()
    time.sleep(job["seconds"])
    while sum(counts) == before:  # so slow a machine is measured by one
        time.sleep(job["seconds"])
    seconds, cpu, verified = time.perf_counter() - began, time.process_time() - cpu, sum(counts) - before
    over.set()
    for thread in threads:
        thread.join()
    return Seen(answers=verified, seconds=seconds, cpu_s={"server": cpu})


if __name__ == "__main__":
    print(json.dumps(asdict(hashes(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))))
