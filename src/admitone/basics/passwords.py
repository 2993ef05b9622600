"""This file hashes passwords with argon2id, on a few low-priority threads and never more at once than they can bear.

The library's own defaults cost seven times the work and three times the memory: with them, a handful of strangers could
keep the whole house busy (security.md A5, A6).
"""

import asyncio
import base64
import contextlib
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from admitone.basics.entropy import Entropy, SystemEntropy
from admitone.basics.late import late
from admitone.basics.telling.metrics import HASHING
from admitone.model.faults import Fault, Refused
from admitone.model.passwords import prepared

if TYPE_CHECKING:
    import argon2
else:
    argon2 = late("argon2", for_people=True)

MEMORY: Final = 19_456  # KiB; OWASP's minimum, with 2 passes and 1 lane
PASSES: Final = 2
LANES: Final = 1

_HASH: Final = re.compile(r"\$argon2(?:id|i|d)\$v=19\$m=[0-9]+,t=[0-9]+,p=[0-9]+(?:\$[A-Za-z0-9+/]{8,}){2}")
_SALT_BYTES: Final = 16
_TAG_BYTES: Final = 32
RESERVED: Final = 16  # places in the queue for people who are known on their browser, beyond those for everybody
_NICER: Final = 10  # hashing yields to answering
_HASHES_A_SECOND: Final = 20  # by one thread, on a slow machine: for telling people how long to wait

T = TypeVar("T")


class Held:
    """A place in the queue that is held before there is work for it."""

    used = False


class Hasher:
    """A bounded pool of argon2id threads. What it cannot take on is refused with HASHING_BUSY, at once."""

    def __init__(
        self,
        threads: int | None = None,
        queue: int = 64,
        *,
        memory: int = MEMORY,
        passes: int = PASSES,
        lanes: int = LANES,
        entropy: Entropy | None = None,
    ) -> None:
        """Work on `threads` threads (default: all cores but one), `queue` passwords waiting at most; memory in KiB."""
        self._entropy = entropy or SystemEntropy()
        self._costs = passes, memory, lanes
        salt, tag = (base64.b64encode(self._entropy.bytes(n)).rstrip(b"=").decode() for n in (_SALT_BYTES, _TAG_BYTES))
        # Whatever password is tried against this, it costs what a person's own hash costs and never fits.
        self._nobodys = f"$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${tag}"
        self._threads = threads or max(1, _cores() - 1)
        self._limit = self._threads + queue
        self._taken = 0
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(self._threads, "argon2", initializer=_yield_to_others)

    async def hash(self, password: str) -> str:
        """Return a fresh hash of a password. Raises PASSWORD_TOO_LONG, HASHING_BUSY."""
        secret, salt = prepared(password), self._entropy.bytes(_SALT_BYTES)
        return await self._on_a_thread(lambda: self._argon2.hash(secret, salt=salt))

    async def verify(
        self,
        hash: str | None,  # noqa: A002 - it is one
        password: str,
        *,
        known: bool = False,
        held: Held | None = None,
    ) -> bool:
        """Tell whether a password fits a hash. None, for a person who does not exist, costs the same and fits nothing.

        `known` lets somebody in before strangers when there is a crowd; whoever has room `held` is not refused any
        more. Raises HASHING_BUSY.
        """
        try:
            secret = prepared(password)
        except Refused:
            return False  # no such password was ever taken, whoever it is said to belong to
        kept = self._nobodys if hash is None else hash
        return await self._on_a_thread(lambda: self._fits(kept, secret), RESERVED if known else 0, held)

    @contextlib.contextmanager
    def holding(self) -> Iterator[Held]:
        """Hold a place for one `verify`, before anything else is done for whoever asks. Raises HASHING_BUSY."""
        self._take(0)
        held = Held()
        try:
            yield held
        finally:
            if not held.used:
                self._give_back()

    def needs_rehash(self, hash: str) -> bool:  # noqa: A002
        """Tell whether a hash was made with other parameters than ours, and should be made anew at the next sign-in."""
        return not _HASH.fullmatch(hash) or self._argon2.check_needs_rehash(hash)

    async def run(self, work: Callable[[], T]) -> T:
        """Do other heavy work about a password on the same threads, within the same bound. Raises HASHING_BUSY."""
        return await self._on_a_thread(work)

    async def aclose(self) -> None:
        """Let the hashes in hand finish, drop those that wait, and end the threads."""
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)

    @cached_property
    def _argon2(self) -> "argon2.PasswordHasher":
        return argon2.PasswordHasher(*self._costs, _TAG_BYTES, _SALT_BYTES)

    def _fits(self, kept: str, secret: bytes) -> bool:
        if not _HASH.fullmatch(kept):
            return False
        try:
            return self._argon2.verify(kept, secret)
        except argon2.exceptions.VerifyMismatchError:
            return False  # other errors, such as too little memory, are ours: they must not look like a wrong password

    async def _on_a_thread(self, work: Callable[[], T], reserved: int = 0, held: Held | None = None) -> T:
        if held is None:
            self._take(reserved)
        else:
            held.used = True
        # The place is given back when the work ends or is dropped, not when whoever asked for it stops waiting: a
        # client that hangs up must not make room for another while its hash still runs.
        try:
            future = self._pool.submit(work)
        except BaseException:
            self._give_back()
            raise
        future.add_done_callback(lambda _: self._give_back())
        return await asyncio.wrap_future(future)

    def _take(self, reserved: int) -> None:
        with self._lock:
            if self._taken >= self._limit + reserved:
                raise Refused(Fault.HASHING_BUSY, retry_after=1 + self._limit // (_HASHES_A_SECOND * self._threads))
            self._taken += 1
            HASHING.set(self._taken)

    def _give_back(self) -> None:
        with self._lock:
            self._taken -= 1
            HASHING.set(self._taken)


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _yield_to_others() -> None:
    """Lower the priority of this thread; only Linux gives threads priorities of their own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _NICER)
