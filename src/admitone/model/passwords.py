"""This file rules which passwords may be chosen, and in which form they are hashed and compared."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from admitone.model.faults import Fault, Refused

SHORTEST: Final = 15  # characters, where the password is the only proof (NIST SP 800-63B-4; README "Passwords")
SHORTEST_OF_TWO: Final = 8  # where a second step is asked after it
LONGEST: Final = 1024  # bytes in UTF-8 after normalising (security.md A6)

# Normalising joins at most four characters into one, so that anything longer is too long without being normalised.
_LONGEST_WRITTEN: Final = 4 * LONGEST


def check_new(password: str, minimum: int = SHORTEST) -> None:
    """Check a password that somebody chooses: `minimum` is in characters. Raises PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG.

    Any character will do; nothing has to be mixed in.
    """
    canonical = _canonical(password)
    if len(canonical) < minimum:
        raise Refused(Fault.PASSWORD_TOO_SHORT, detail=f"at least {minimum} characters")


def length(password: str) -> int:
    """How many characters a password has, however its accents were typed. Raises PASSWORD_TOO_LONG."""
    return len(_canonical(password))


def is_repeated(password: str, minimum: int = SHORTEST) -> bool:
    """Whether a password is a shorter text over and over, such as a word twice: then only that text counts.

    Takes what `check_new` has let through; spaces and signs between the copies make no difference.
    """
    canonical = _canonical(password).casefold()
    texts = [(text, _unit(text)) for text in (canonical, _alphanumeric(canonical)) if text]
    return any(unit < minimum and 2 * unit <= len(text) for text, unit in texts)


def is_about(password: str, words: Iterable[str], minimum: int = SHORTEST) -> bool:
    """Whether a password is hardly more than what others know of the person: name, address, this site."""
    left = _alphanumeric(_canonical(password).casefold())
    if not left:
        return False
    for word in sorted(_known_words(words), key=len, reverse=True):
        left = left.replace(word, "")
    return len(left) <= minimum // 3


def prepared(password: str) -> bytes:
    """Return what is hashed of a password: the same bytes however its accents were typed. Raises PASSWORD_TOO_LONG."""
    return _canonical(password).encode("utf-8", "surrogatepass")


def _unit(text: str) -> int:
    """How long the shortest text is of which this one is made by repeating it, the last time perhaps in part."""
    # The table of Knuth, Morris and Pratt: for each beginning, the longest end of it that is a beginning as well.
    borders = [0]
    for char in text[1:]:
        border = borders[-1]
        while border and text[border] != char:
            border = borders[border - 1]
        borders.append(border + (text[border] == char))
    return len(text) - borders[-1]


def _known_words(words: Iterable[str]) -> set[str]:
    folded = [word.casefold() for word in words]
    parts = {part for word in folded for part in re.split(r"[\W_]+", word)} | set(map(_alphanumeric, folded))
    return {part for part in parts if len(part) > 2}


def _alphanumeric(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _canonical(password: str) -> str:
    if len(password) > _LONGEST_WRITTEN:
        raise Refused(Fault.PASSWORD_TOO_LONG)
    canonical = unicodedata.normalize("NFC", password)
    if len(canonical.encode("utf-8", "surrogatepass")) > LONGEST:
        raise Refused(Fault.PASSWORD_TOO_LONG)
    return canonical
