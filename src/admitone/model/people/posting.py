"""This file rules when a mail is tried again, when it is given up, and how long the outbox remembers it."""

from typing import Final, NamedTuple

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

# Who sends a mail has it to itself for this long; one that was killed meanwhile keeps the others waiting as long.
CLAIM_MS: Final = 2 * MINUTE
# How long one attempt may take: shorter than the claim, so that nobody else begins in the middle of it.
ATTEMPT_S: Final = 60
TRIES: Final = 9
REMEMBERED_MS: Final = 30 * DAY

_FIRST_PAUSE_MS: Final = MINUTE
_LONGEST_PAUSE_MS: Final = 6 * HOUR


class Ended(NamedTuple):
    """How a mail ended: a word that the outbox keeps."""

    outcome: str


SENT: Final = Ended("sent")
REFUSED: Final = Ended("refused")  # the recipient's server will never take it
GIVEN_UP: Final = Ended("given up")  # tried too often
NOBODY: Final = Ended("nobody")  # there is nobody to send it to
CALLED_OFF: Final = Ended("called off")  # what it was about has been taken back
UNREADABLE: Final = Ended("unreadable")  # its key is gone from the key ring


def pause_ms(tries: int) -> int | None:
    """How long to wait after so many failed tries, about a day and a half in all; None when it is given up."""
    return None if tries >= TRIES else min(_FIRST_PAUSE_MS * 4 ** (tries - 1), _LONGEST_PAUSE_MS)
