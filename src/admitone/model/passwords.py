"""This file rules which passwords may be chosen, and in which form they are hashed and compared."""

import unicodedata
from typing import Final

from admitone.model.faults import Fault, Refused

SHORTEST: Final = 15  # characters, where the password is the only proof (NIST SP 800-63B-4; README "Passwords")
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


def prepared(password: str) -> bytes:
    """Return what is hashed of a password: the same bytes however its accents were typed. Raises PASSWORD_TOO_LONG."""
    return _canonical(password).encode("utf-8", "surrogatepass")


def _canonical(password: str) -> str:
    if len(password) > _LONGEST_WRITTEN:
        raise Refused(Fault.PASSWORD_TOO_LONG)
    canonical = unicodedata.normalize("NFC", password)
    if len(canonical.encode("utf-8", "surrogatepass")) > LONGEST:
        raise Refused(Fault.PASSWORD_TOO_LONG)
    return canonical
