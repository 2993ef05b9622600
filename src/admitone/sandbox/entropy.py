"""This file draws the ids of a world: repeatable from its seed, and with the world's tag in their first digits."""

import builtins
import hashlib

TAG_DIGITS = 8
SHORTEST_TAGGED = 24  # hex digits; what is shorter names nothing that comes back


class WorldEntropy:
    """The same draws for the same seed; `drawn` says how many there were, so that a snapshot can go on from there.

    Each draw is SHAKE-256 over the seed and the number of the draw, so that without the seed nobody can tell the next.
    """

    def __init__(self, seed: str, drawn: int = 0) -> None:
        """Begin, or go on after so many draws."""
        self.seed = seed
        self.drawn = drawn
        self.tag = tag_of(seed)
        self._seed = seed.encode("utf-8", "surrogatepass")

    def bytes(self, n: int) -> builtins.bytes:
        """The next `n` bytes."""
        number = self.drawn.to_bytes(8, "big")
        self.drawn += 1
        return hashlib.shake_256(number + self._seed).digest(n)

    def hex(self, n_bytes: int) -> str:
        """The next `n_bytes` bytes as hex digits; long ones begin with the world's tag."""
        text = self.bytes(n_bytes).hex()
        return self.tag + text[TAG_DIGITS:] if len(text) >= SHORTEST_TAGGED else text


def tag_of(seed: str) -> str:
    """The tag of the world that grows from a seed; it tells nothing of the seed."""
    return _derived(seed, "tag", TAG_DIGITS // 2).hex()


def key_of(seed: str) -> builtins.bytes:
    """The secret key of the world that grows from a seed: 32 bytes."""
    return _derived(seed, "key", 32)


def _derived(seed: str, purpose: str, length: int) -> builtins.bytes:
    return hashlib.shake_256(f"{purpose}\0".encode() + seed.encode("utf-8", "surrogatepass")).digest(length)
