"""Measures whether the time of a failed sign-in tells if there is such an account: `make timing` (security A5).

Interleaved samples of a known and an unknown name, on the wall clock and with hashes of the real cost, compared by the
test of Mann and Whitney; and the same of a mutant that does not hash for an unknown name, which has to be found out.
"""

import asyncio
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from admitone.basics.clock import ManualClock
from admitone.basics.passwords import MEMORY, PASSES
from admitone.flows import logins
from admitone.flows.house import House
from admitone.flows.logins import Attempt
from admitone.model.limits import LOGIN_DAILY
from admitone.store.engine import migrate
from tests.flows.test_protection import Counting, Sparing
from tests.store.aside import fault_of
from tests.world import START, open_house, populate

SAMPLES = 5_000
MUTANT_SAMPLES = 200
ADDRESS = "203.0.113.7"

Look = Callable[[], int]


class Verdict(NamedTuple):
    """How two rows of samples compare: `p` is how likely chance alone makes them differ as much."""

    p: float
    medians_ms: tuple[float, float]

    @property
    def gap_ms(self) -> float:
        return abs(self.medians_ms[0] - self.medians_ms[1])

    @property
    def gap(self) -> float:
        return self.gap_ms / max(self.medians_ms)

    @property
    def tells_nothing(self) -> bool:
        """Whether an attacker learns nothing from it, as the threat model puts it."""
        return self.p > 0.01 and (self.gap < 0.02 or self.gap_ms < 1)

    def __str__(self) -> str:
        known, unknown = self.medians_ms
        said = "tells nothing" if self.tells_nothing else "TELLS which accounts there are"
        return f"median {known:.3f} ms known, {unknown:.3f} ms unknown, gap {self.gap:.2%}, p = {self.p:.3g}: {said}"


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> float:
    """The two-sided probability, by the normal approximation with its correction for ties."""
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    many, ranks, ties, start = len(ranked), 0.0, 0, 0
    while start < many:
        end = start
        while end < many and ranked[end][0] == ranked[start][0]:
            end += 1
        ranks += sum((start + end + 1) / 2 for _, row in ranked[start:end] if row == 0)
        ties += (end - start) ** 3 - (end - start)
        start = end
    a, b = len(first), len(second)
    expected = a * (many + 1) / 2
    spread = math.sqrt(a * b / 12 * (many + 1 - ties / (many * (many - 1))))
    return math.erfc(max(0.0, abs(ranks - expected) - 0.5) / spread / math.sqrt(2)) if spread else 1.0


def judged(known: Sequence[int], unknown: Sequence[int]) -> Verdict:
    """Compare two rows of samples in nanoseconds."""
    medians = statistics.median(known) / 1e6, statistics.median(unknown) / 1e6
    return Verdict(mann_whitney(known, unknown), medians)


async def measured(house: House, clock: ManualClock, samples: int, look: Look) -> Verdict:
    """Compare a known and an unknown name, so many times each and in turn; `look` reads what is measured by."""
    times: dict[str, list[int]] = {"mira": [], "nobody": []}
    for number in range(samples + 5):
        for name in ("mira", "nobody") if number % 2 else ("nobody", "mira"):
            clock.advance(LOGIN_DAILY.interval_ms)  # else the limits would have their say
            took = await _took(logins.check(house, Attempt(name, f"a guess {number}", ADDRESS)), look)
            if number >= 5:  # by then everything is loaded
                times[name].append(took)
    return judged(times["mira"], times["nobody"])


async def _took(work: Awaitable[object], look: Look) -> int:
    began = look()
    await fault_of(work)
    return look() - began


async def main(samples: int) -> bool:
    """Measure, print; whether the house keeps its secret and the mutant does not."""
    with tempfile.TemporaryDirectory() as folder:
        url, clock = f"sqlite:///{folder}/house.db", ManualClock(START)
        await migrate(url)
        opened = await open_house(url, Path(folder) / "keys.json", clock, "timing")
        await populate(opened, clock)
        verdicts = []
        for name, hasher, many in (("house", Counting, samples), ("mutant", Sparing, MUTANT_SAMPLES)):
            house = replace(opened, hasher=hasher(memory=MEMORY, passes=PASSES))
            # Once right, so that the hash that is kept is of the real cost.
            await logins.check(house, Attempt("mira", "correct horse battery staple", ADDRESS))
            verdicts.append(await measured(house, clock, many, time.perf_counter_ns))
            print(f"{name}: 2 x {many} samples, {verdicts[-1]}", flush=True)
            await house.hasher.aclose()
        await opened.aclose()
    return verdicts[0].tells_nothing and not verdicts[1].tells_nothing


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else SAMPLES)) else 1)
