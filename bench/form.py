"""This file says how long the bench measures, and how much."""

from typing import NamedTuple

CONNECTIONS = 64
STEADY_RATE = 400.0  # calls a second in the open loop
PEERS_RATE = 100.0  # the same where peers must keep up with it
LOGINS = 8  # at once


class Form(NamedTuple):
    """Turns of each cell, and seconds of each turn after so many of warming up.

    `wide` adds what a short run leaves out: two workers, and the peers. What comes seldom, or of which the slowest
    counts, is looked at for longer.
    """

    name: str
    turns: int
    seconds: float
    warm_s: float
    wide: bool = False

    @property
    def longer_s(self) -> float:
        """For how long passwords are hashed, and waits watched."""
        return self.seconds * 2


TINY = Form("tiny", 1, 0.2, 0.05)
QUICK = Form("quick", 3, 0.8, 0.2)
FULL = Form("full", 3, 1.2, 0.3, wide=True)
LONG = Form("long", 9, 4.0, 1.0, wide=True)
FORMS = {form.name: form for form in (TINY, QUICK, FULL, LONG)}
