"""This file is the load of sign-ins: so many at once, each a chain of calls in which an answer makes the next question.

`python -m bench.loads.chains JOB` prints what it saw; an answer counts when it ends a chain.
"""

import json
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.loads.closed import stop
from bench.loads.seen import Meter, Seen
from bench.loads.steady import Begin, Steady, Story
from bench.loads.stories import Known, Mix


@dataclass(frozen=True, slots=True)
class Job:
    """Whom to sign in, how many at once, and for how long; `watch` are processes by name."""

    known: Known
    lanes: int
    warm_s: float
    seconds: float
    watch: dict[str, int] = field(default_factory=dict)


def measure(job: Job) -> Seen:
    """Sign in for `warm_s`, then measure for `seconds`."""
    mix, steady = Mix(job.known, random.Random(1)), Steady(job.known.port, job.lanes)
    waits: list[float] = []

    def sign_in() -> Story:
        began = time.perf_counter()
        yield from mix.sign_in()
        waits.append(time.perf_counter() - began)

    begin: Begin = sign_in
    steady.keep(begin, job.lanes, job.warm_s)
    waits.clear()
    meter = Meter(job.watch)
    steady.keep(begin, job.lanes, job.seconds)
    while not waits and not steady.window.errors:  # so slow a machine is measured by one sign-in
        steady.keep(begin, job.lanes, job.seconds)
    meter.stop()
    kept = list(waits)  # those that end now began too late
    steady.finish()
    seen = steady.take()
    if seen.errors:
        stop(seen.errors[0])
    steady.close()
    return meter.seen(kept, away=seen.away)


if __name__ == "__main__":
    read: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps(asdict(measure(Job(**{**read, "known": Known(*read["known"])})))))
