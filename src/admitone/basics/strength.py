"""This file tells how hard a password is to guess: whether it is on a list that ships with us, and how many guesses.

Nothing is sent anywhere. Looking into the list is quick; counting guesses is work for the hashing threads.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from admitone.basics.late import late

if TYPE_CHECKING:
    import zxcvbn
else:
    zxcvbn = late("zxcvbn")

# Below so many guesses (a power of ten) a password that can be tried offline falls at once, and online too soon.
FEWEST_GUESSES: Final = 7.0
BEST: Final = 4

_LONGEST_MEASURED: Final = 72  # characters; the library takes no more
_MOST_WORDS: Final = 20


class Strength(NamedTuple):
    """How hard a password is to guess: 0 to BEST, and the power of ten of the guesses it takes."""

    score: int
    guesses: float

    @property
    def is_enough(self) -> bool:
        """Whether it can be chosen."""
        return self.guesses >= FEWEST_GUESSES


def is_listed(password: str) -> bool:
    """Whether a password, or what remains of it without spaces and signs, is on the list of those tried first."""
    return password.casefold() in _blocked() or squeezed(password) in _blocked()


def measure(password: str, words: Iterable[str] = ()) -> Strength:
    """Count the guesses; `words` are what an attacker knows of the person. May take a tenth of a second."""
    if not password:
        return Strength(0, 0.0)
    found = zxcvbn.zxcvbn(password[:_LONGEST_MEASURED], user_inputs=list(words)[:_MOST_WORDS])
    return Strength(int(found["score"]), float(found["guesses_log10"]))


def squeezed(password: str) -> str:
    """A password in the form in which the list holds it: small letters and digits only."""
    return "".join(filter(str.isalnum, password.casefold()))


@cache
def _blocked() -> frozenset[str]:
    return frozenset(files("admitone.basics").joinpath("blocked.txt").read_text(encoding="utf-8").split())
