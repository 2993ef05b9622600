"""This file decides how many callers may be inside at once when more is asked than can be answered.

A queue that stands helps nobody: whoever is in it waits longer, and no more are answered. Callers wait for those who
are inside already, so a bound on their number bounds the wait, from the first round of a flood on. The number follows
from the wait, as a sender's window does in TCP and the limits of Netflix's and Envoy's gradients.
"""

INTERVAL_S = 0.015  # between two looks at the delay
WANTED_S = 0.002  # of delay, while too much is asked
TIMES = 2.0  # as long as with few inside it may take, on a machine where that alone is more than what is wanted
FEW = 24  # that wait for each other are no flood, however slow what they ask for is
MANY = 256  # to begin with
MOST = 4096  # whatever the delay: each holds memory
GROWTH = 1.05
SHRINKING = 0.85
LEARNING = 1 / 256  # of what one look teaches about the machine: four seconds
TINY_S = 1e-6


class Room:
    """For how many callers there is room."""

    def __init__(self) -> None:
        """Begin with what is harmless everywhere."""
        self.places = float(MANY)
        self._own_s = 0.0  # the delay with few inside: not theirs but the machine's

    def look(self, delay_s: float, inside: int) -> None:
        """Take account of how long callers wait now, and how many were inside at most since the last look.

        To be told every INTERVAL_S. As long as nobody has to be turned away, nobody loses any room.
        """
        if inside <= FEW:
            self._own_s += LEARNING * (delay_s - self._own_s)
        change = max(WANTED_S, TIMES * self._own_s) / max(delay_s, TINY_S)
        over = inside < self.places / 2 and self.places < MANY and change > 1  # the flood is, or was none
        if over or inside >= self.places:
            self.places = min(MOST, max(FEW, self.places * min(GROWTH, max(SHRINKING, change))))
