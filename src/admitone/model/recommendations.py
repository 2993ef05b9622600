"""This file says what is recommended to a person: what those rated high who rated high what the person did."""

from collections import Counter
from collections.abc import Iterable, Mapping

LIKED = 14  # half points: 7 of 10 is high
TASTES = 10  # how many of a person's own titles are looked at
RATERS = 30  # of each of these, how many others who like it
ALIKE = 12  # how many of those, the most alike
THEIRS = 40  # of each of these, how many titles they like


def most_alike(raters: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The people most alike by how many of the same titles they like; `raters` are pairs of title and person."""
    shared = Counter(account_id for _, account_id in raters)
    ranked = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ranked[:ALIKE])


def ranked(liked: Iterable[tuple[int, int]], alike: Mapping[int, int]) -> list[int]:
    """Titles in the order in which they are recommended; `liked` are pairs of person and title.

    Whoever is more alike counts for more; of two titles with the same count the one with the lower number comes first.
    """
    scores: Counter[int] = Counter()
    for account_id, media_id in liked:
        scores[media_id] += alike[account_id]
    return [media_id for media_id, _ in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))]
