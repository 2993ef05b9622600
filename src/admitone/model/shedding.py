"""This file decides whom to turn away when more is asked than can be answered: PIE (RFC 8033), without its dice.

A queue that stands helps nobody: whoever is in it waits longer, and no more are answered. So a share of the callers is
refused at once, and those who are let in are answered about as quickly as on a quiet day.
"""

INTERVAL_S = 0.015  # between two looks at the delay
WANTED_S = 0.005  # of delay, on average, while too much is asked
UNBEARABLE_S = 0.25
# How much of an excess of one second, and of a growth by one second, is added to the share at each look. Twice what the
# RFC takes: its senders slow down when they are refused, ours go on asking.
BY_EXCESS = 1.0
BY_GROWTH = 5.0
FADING = 0.98
MOST = 0.99
SMALL = 0.2
# Little queues are not answered with large refusals (RFC 8033 §4.2): below a share, its changes are divided.
SLOWER = ((0.01, 8), (0.1, 2))


class Shedding:
    """Which share of the callers is refused, and which callers these are."""

    def __init__(self) -> None:
        """Begin with letting everybody in."""
        self.share = 0.0
        self._before = 0.0
        self._owed = 0.0

    def look(self, delay_s: float) -> None:
        """Take account of how long callers wait now; to be told every INTERVAL_S (RFC 8033 §4.2)."""
        change = BY_EXCESS * (delay_s - WANTED_S) + BY_GROWTH * (delay_s - self._before)
        change /= next((slower for below, slower in SLOWER if self.share < below), 1)
        if delay_s > UNBEARABLE_S:
            change = max(change, 0.02)
        self.share = min(MOST, max(0.0, self.share + change))
        if delay_s < WANTED_S / 2 and self._before < WANTED_S / 2:
            self.share *= FADING
        self._before = delay_s

    def refuses(self) -> bool:
        """Whether the next caller is one of those refused: every tenth at a share of a tenth."""
        if not self.share or (self.share < SMALL and self._before < WANTED_S / 2):
            self._owed = 0.0
            return False
        self._owed += self.share
        if self._owed < 1:
            return False
        self._owed -= 1
        return True
