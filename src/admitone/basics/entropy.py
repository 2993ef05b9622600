"""This file draws every random byte: from the operating system, or from a seed where runs must repeat."""

import builtins
import hashlib
import itertools
import os
from typing import Protocol


class Entropy(Protocol):
    """Anything that draws random bytes."""

    def bytes(self, n: int) -> builtins.bytes:
        """Return `n` random bytes."""
        ...

    def hex(self, n_bytes: int) -> str:
        """Return `n_bytes` random bytes as twice as many lower-case hex digits."""
        ...


class SystemEntropy:
    """The operating system's generator: the only one fit for secrets."""

    def bytes(self, n: int) -> builtins.bytes:
        """Return `n` bytes fit for secrets."""
        return os.urandom(n)

    def hex(self, n_bytes: int) -> str:
        """Return `n_bytes` bytes fit for secrets, as lower-case hex digits."""
        return os.urandom(n_bytes).hex()


class SeededEntropy:
    """The same draws for the same seed, on every machine and Python: for tests and the sandbox, never for real secrets.

    Each draw is SHAKE-256 over the seed and the number of the draw, so draws are as unlike as random ones.
    """

    def __init__(self, seed: int | str) -> None:
        """Begin the sequence that belongs to `seed`; the number 7 and the text "7" are different seeds."""
        self._seed = repr(seed).encode("utf-8", "surrogatepass")
        self._draws = itertools.count()

    def bytes(self, n: int) -> builtins.bytes:
        """Return the sequence's next `n` bytes."""
        draw = next(self._draws).to_bytes(8, "big")
        return hashlib.shake_256(draw + self._seed).digest(n)

    def hex(self, n_bytes: int) -> str:
        """Return the sequence's next `n_bytes` bytes as lower-case hex digits."""
        return self.bytes(n_bytes).hex()
