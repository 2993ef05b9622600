"""This file is the arithmetic of the bench: when calls are due, which wait is the p99, whether a line rises."""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Trend(NamedTuple):
    """The straight line nearest to some points (least squares): where it begins, and how much it rises by one."""

    start: float
    slope: float

    def at(self, x: float) -> float:
        """The line's height there."""
        return self.start + self.slope * x


def arrivals(rate: float, seconds: float, chance: random.Random) -> Iterator[float]:
    """When calls of many independent callers are due, in seconds from the start: a Poisson stream of that rate."""
    at = chance.expovariate(rate)
    while at < seconds:
        yield at
        at += chance.expovariate(rate)


def percentile(ascending: Sequence[float], share: float) -> float:
    """The smallest of the values that at least this share of them does not exceed; 0 of none."""
    if not ascending:
        return 0.0
    return ascending[max(0, -(-round(len(ascending) * share * 1e6) // 1_000_000) - 1)]


def trend(points: Sequence[tuple[float, float]]) -> Trend:
    """Fit a line; a single point, or points above each other, make a level one."""
    count = len(points)
    middle_x = sum(x for x, _ in points) / count
    middle_y = sum(y for _, y in points) / count
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0
    return Trend(middle_y - slope * middle_x, slope)
