"""This file says how well a title answers what somebody typed; the store only brings the candidates."""

import unicodedata
from collections.abc import Iterable

from admitone.model.media import Title

CANDIDATES = 500  # as many as a search looks at; the best of them come first
LONGEST = 200
# Of the trigrams of two texts, how many are shared at least (Dice); the same as 0.3 by pg_trgm, its usual threshold.
ALIKE = 6 / 13

EXACT, BEGINS, WORDS = 4.0, 3.0, 2.0


def folded(text: str) -> str:
    """A text without case, accents and punctuation, its words a blank apart."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)).casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in plain.replace("'", "")).split())[:LONGEST]


def searched(title: str, original_title: str) -> str:
    """What of a title is searched."""
    names = dict.fromkeys((folded(title), folded(original_title)))
    return " | ".join(name for name in names if name)


def trigrams(text: str) -> set[str]:
    """The runs of three characters of each word of a folded text, its ends marked by blanks."""
    padded = [f"  {word} " for word in text.split()]
    return {word[at : at + 3] for word in padded for at in range(len(word) - 2)}


def best(typed: str, candidates: Iterable[Title]) -> list[Title]:
    """The candidates that answer what was typed: the likest first, the more popular of two that are equally like."""
    wanted = folded(typed)
    scored = [(likeness(wanted, title), title) for title in candidates]
    fit = [(score, title) for score, title in scored if score >= ALIKE]
    fit.sort(key=lambda pair: (-pair[0], -pair[1].popularity, pair[1].id))
    return [title for _, title in fit]


def likeness(wanted: str, title: Title) -> float:
    """How like a title is to a folded text, from 0 to 4; 2 and above when all its words begin words of the title."""
    return max(_likeness(wanted, name) for name in searched(title.title, title.original_title).split(" | "))


def _likeness(wanted: str, name: str) -> float:
    if not wanted or not name:
        return 0.0
    if wanted == name:
        return EXACT
    shared = len(trigrams(wanted) & trigrams(name))
    alike = 2 * shared / (len(trigrams(wanted)) + len(trigrams(name)))
    if name.startswith(wanted):
        return BEGINS + alike
    if all(any(word.startswith(each) for word in name.split()) for each in wanted.split()):
        return WORDS + alike
    return alike
