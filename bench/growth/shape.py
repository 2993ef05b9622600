"""This file says how much there is to be, and who has how much of it: few have much, most have little."""

import math
from itertools import accumulate
from typing import NamedTuple

MOST = 50_000  # ratings of one person
GOLDEN = (math.sqrt(5) - 1) / 2


class Size(NamedTuple):
    """How many sessions and ratings there are, about; and how many titles exactly."""

    sessions: int
    ratings: int
    titles: int = 60_000

    @property
    def people(self) -> int:
        """How many accounts: two sessions each, on average."""
        return max(2, self.sessions // 2)


SIZES = {
    "tiny": Size(400, 4_000, 500),
    "small": Size(10_000, 1_000_000),
    "medium": Size(1_000_000, 10_000_000),
    "large": Size(10_000_000, 100_000_000),
}


class Tail(NamedTuple):
    """Numbers between `least` and `most` by a bounded Pareto distribution: half of all belongs to few."""

    least: float
    most: int

    @classmethod
    def with_mean(cls, mean: float, most: int) -> "Tail":
        """The one whose numbers have this mean."""
        low, high = 0.01, mean
        while high - low > 1e-6 * mean:
            middle = (low + high) / 2
            above = middle * most / (most - middle) * math.log(most / middle) > mean
            low, high = (low, middle) if above else (middle, high)
        return cls(low, most)

    def count(self, number: int) -> int:
        """How much the person of this number has; the first has most. The same for ever, and evenly spread."""
        share = 1.0 if number == 1 else number * GOLDEN % 1.0
        return max(1, round(1 / ((1 - share) / self.least + share / self.most)))


def ratings_of(size: Size) -> Tail:
    """How many ratings people have."""
    return Tail.with_mean(size.ratings / size.people, min(MOST, size.titles * 5 // 6, size.ratings // 4))


def sessions_of(size: Size) -> Tail:
    """How many sessions people have."""
    return Tail.with_mean(size.sessions / size.people, 50)


def popularity(titles: int) -> tuple[int, ...]:
    """For 65,536 equal chances the rank of the title that each means, from 0, by Zipf's law."""
    edges = list(accumulate(1 / rank for rank in range(1, titles + 1)))
    ranks, rank = [], 0
    for chance in range(65_536):
        while edges[rank] < (chance + 0.5) / 65_536 * edges[-1]:
            rank += 1
        ranks.append(rank)
    return tuple(ranks)
