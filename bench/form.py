"""This file says how long the bench measures, and how much."""

from typing import NamedTuple

CONNECTIONS = 64
STEADY_RATE = 400.0  # calls a second in the open loop
PEERS_RATE = 100.0  # the same where peers must keep up with it
LOGINS = 8  # at once


class Form(NamedTuple):
    """Turns of each cell, and seconds of each turn after so many of warming up.

    `wide` adds what a short run leaves out: two workers, and the peers; `narrow` leaves out a second process too.
    What comes seldom, or of which the slowest counts, is looked at for longer.
    """

    name: str
    turns: int
    seconds: float
    warm_s: float
    wide: bool = False
    narrow: bool = False
    connections: int = CONNECTIONS

    @property
    def longer_s(self) -> float:
        """For how long passwords are hashed, and waits watched."""
        return self.seconds * 2


TINY = Form("tiny", 1, 0.2, 0.05, narrow=True, connections=8)
QUICK = Form("quick", 3, 0.5, 0.15)
FULL = Form("full", 3, 1.0, 0.3, wide=True)
LONG = Form("long", 5, 3.0, 0.5, wide=True)
FORMS = {form.name: form for form in (TINY, QUICK, FULL, LONG)}
