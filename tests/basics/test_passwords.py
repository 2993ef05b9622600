"""This file holds that passwords are hashed rightly, at a bounded cost, and equally for people who do not exist."""

import asyncio
import os
import sys
import threading
import time
from typing import Self

import argon2
import pytest

from admitone.basics.entropy import SeededEntropy
from admitone.basics.passwords import Hasher
from admitone.model.faults import Fault, Refused


def quick(threads: int = 1, queue: int = 4) -> Hasher:
    """A hasher whose work is next to nothing."""
    return Hasher(threads, queue, memory=8, passes=1)


@pytest.fixture
async def hasher():
    one = quick()
    yield one
    await one.aclose()


class Held:
    """A hasher whose one thread is kept busy until it is let go."""

    def __init__(self, queue: int) -> None:
        self.hasher = quick(1, queue)
        self._let_go = threading.Event()
        self._busy = threading.Event()
        self.first: asyncio.Task[object] | None = None

    async def __aenter__(self) -> Self:
        def wait() -> None:
            self._busy.set()
            self._let_go.wait()

        self.first = asyncio.create_task(self.hasher._on_a_thread(wait))
        await asyncio.to_thread(self._busy.wait)
        return self

    def let_go(self) -> None:
        self._let_go.set()

    async def __aexit__(self, *_: object) -> None:
        self.let_go()
        await self.hasher.aclose()


async def test_a_password_fits_its_own_hash_only(hasher):
    kept = await hasher.hash("a long enough sentence")
    assert await hasher.verify(kept, "a long enough sentence")
    for other in ("", "a long enough sentenc", "a long enough sentence ", "A long enough sentence", "x"):
        assert not await hasher.verify(kept, other)


async def test_every_hash_has_a_salt_of_its_own(hasher):
    assert await hasher.hash("same") != await hasher.hash("same")


async def test_a_seed_makes_hashes_repeat():
    kept = []
    for _ in range(2):
        one = Hasher(1, memory=8, passes=1, entropy=SeededEntropy(1))
        kept.append(await one.hash("x"))
        await one.aclose()
    assert kept[0] == kept[1]


async def test_the_parameters_are_the_ones_we_decided_on():
    one = Hasher(1)
    kept = await one.hash("x")
    await one.aclose()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    found = argon2.extract_parameters(kept)
    assert (found.salt_len, found.hash_len) == (16, 32)


@pytest.mark.holds("A5")
async def test_nobody_s_hash_costs_what_somebody_s_costs(hasher):
    theirs = argon2.extract_parameters(await hasher.hash("x"))
    assert argon2.extract_parameters(hasher._nobodys) == theirs


async def test_nobody_has_a_password_and_work_is_done_all_the_same(hasher, monkeypatch):
    verified = []
    fits = argon2.PasswordHasher.verify

    def verify(argon, kept, secret):
        verified.append(kept)
        return fits(argon, kept, secret)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", verify)
    assert await hasher.verify(None, "anything") is False
    assert verified == [hasher._nobodys]


async def test_trying_nobody_s_password_takes_as_long_as_anybody_s():
    """In time of the processor: what else the machine does meanwhile does not count."""
    one = Hasher(1, memory=8192, passes=2)
    kept = await one.hash("x")
    await one.aclose()

    def fastest(kept_hash: str) -> float:
        times = []
        for _ in range(15):
            started = time.thread_time()
            assert not one._fits(kept_hash, b"y")
            times.append(time.thread_time() - started)
        return min(times)

    assert 0.5 < fastest(one._nobodys) / fastest(kept) < 2  # without the work it would be a hundredth


async def test_accents_may_be_typed_either_way(hasher):
    assert await hasher.verify(await hasher.hash("caf\u00e9 noir"), "cafe\u0301 noir")


@pytest.mark.holds("A15", "ASVS 6.2.9")
async def test_every_byte_of_a_password_counts(hasher):
    kept = await hasher.hash("x" * 1023 + "a")
    assert await hasher.verify(kept, "x" * 1023 + "a")
    assert not await hasher.verify(kept, "x" * 1023 + "b")


@pytest.mark.parametrize("password", ["\0" * 20, "\ud800", "\U0001f3ac", "a\0b"])
async def test_any_character_will_do(hasher, password):
    assert await hasher.verify(await hasher.hash(password), password)
    assert not await hasher.verify(await hasher.hash(password), password + "\0")


@pytest.mark.parametrize("password", ["x" * 1025, "\u00e9" * 600, "x" * 1_048_576])
@pytest.mark.holds("A6")
async def test_what_is_too_long_costs_no_hashing(hasher, password, monkeypatch):
    monkeypatch.setattr(hasher, "_on_a_thread", None)
    assert await hasher.verify(None, password) is False
    assert await hasher.verify("whatever", password) is False
    with pytest.raises(Refused) as refused:
        await hasher.hash(password)
    assert refused.value.fault is Fault.PASSWORD_TOO_LONG


@pytest.mark.parametrize(
    "kept", ["", "x", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$$", "$2b$12$abcdefghijklmnopqrstuv", "\u00e9"]
)
async def test_a_hash_that_is_none_fits_nothing(hasher, kept):
    assert await hasher.verify(kept, "x") is False
    assert hasher.needs_rehash(kept)


async def test_a_failure_of_ours_is_not_a_wrong_password(hasher):
    """A hash that cannot be computed: the parameters ask for more lanes than memory."""
    kept = (await hasher.hash("x")).replace("p=1", "p=900")
    with pytest.raises(argon2.exceptions.VerificationError):
        await hasher.verify(kept, "x")


async def test_a_hash_by_other_parameters_still_fits_and_is_due_for_a_new_one(hasher):
    for older in (argon2.PasswordHasher(2, 8, 1), argon2.PasswordHasher(1, 16, 1), argon2.PasswordHasher(1, 8, 1, 16)):
        kept = older.hash("x")
        assert await hasher.verify(kept, "x")
        assert hasher.needs_rehash(kept)
    assert not hasher.needs_rehash(await hasher.hash("x"))


@pytest.mark.holds("A6")
async def test_what_neither_runs_nor_waits_is_refused_at_once():
    async with Held(queue=2) as held:
        waiting = [asyncio.create_task(held.hasher.hash("x")) for _ in range(2)]
        await asyncio.sleep(0)
        for call in (held.hasher.hash("x"), held.hasher.verify(None, "x"), held.hasher.verify("", "x")):
            with pytest.raises(Refused) as refused:
                await call
            assert refused.value.fault is Fault.HASHING_BUSY
            assert refused.value.retry_after == 1
        held.let_go()
        assert len(await asyncio.gather(*waiting)) == 2
        assert await held.hasher.hash("there is room again")


@pytest.mark.holds("A6")
async def test_room_that_is_held_is_used_once_or_given_back():
    one = quick(1, 0)
    with one.holding() as room:
        with pytest.raises(Refused), one.holding():
            pass
        with pytest.raises(Refused):
            await one.verify(None, "x")
        assert await one.verify(None, "x", held=room) is False
    assert one._taken == 0
    with pytest.raises(ZeroDivisionError), one.holding():
        raise ZeroDivisionError
    assert one._taken == 0
    with one.holding() as room:
        assert await one.verify(None, "x" * 5_000, held=room) is False  # too long to be looked at
    assert one._taken == 0
    assert await one.hash("x")
    await one.aclose()


async def test_a_long_queue_asks_for_more_patience():
    one = quick(1, 100)
    one._taken = 101
    with pytest.raises(Refused) as refused:
        await one.hash("x")
    assert refused.value.retry_after == 6
    await one.aclose()


async def test_who_hangs_up_while_waiting_makes_room():
    async with Held(queue=1) as held:
        waiting = asyncio.create_task(held.hasher.hash("x"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        another = asyncio.create_task(held.hasher.hash("x"))
        await asyncio.sleep(0)
        held.let_go()
        assert await another


async def test_who_hangs_up_while_being_served_makes_no_room_before_the_work_is_done():
    async with Held(queue=0) as held:
        assert held.first
        held.first.cancel()
        await asyncio.wait([held.first])
        with pytest.raises(Refused):
            await held.hasher.hash("x")
        assert held.hasher._taken == 1


@pytest.mark.holds("A6")
async def test_never_more_work_than_threads():
    running, most = 0, 0
    lock = threading.Lock()
    one = quick(2, 50)
    barrier = threading.Barrier(2)

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        barrier.wait(10)
        with lock:
            running -= 1

    await asyncio.gather(*(one._on_a_thread(work) for _ in range(40)))
    await one.aclose()
    assert most == 2
    assert one._taken == 0


async def test_one_core_is_left_to_answering():
    one = Hasher()
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    assert one._threads == max(1, cores - 1)
    await one.aclose()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives threads priorities of their own")
async def test_hashing_yields_to_answering(hasher):
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert await hasher._on_a_thread(niceness) == min(19, niceness() + 10)


async def test_the_loop_goes_on_while_hashes_are_made():
    one = Hasher(1, memory=19_456, passes=2)
    hashing = asyncio.create_task(one.hash("x"))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    await one.aclose()
    assert turns > 10


async def test_closing_ends_the_threads_and_what_waits_for_them():
    async with Held(queue=1) as held:
        waiting = asyncio.create_task(held.hasher.hash("x"))
        await asyncio.sleep(0)
        closing = asyncio.create_task(held.hasher.aclose())
        await asyncio.wait([waiting])
        assert waiting.cancelled()
        held.let_go()
        await closing
        assert not any(thread.name.startswith("argon2") and thread.is_alive() for thread in held.hasher._pool._threads)


async def test_a_closed_hasher_takes_nothing_on():
    one = quick()
    await one.aclose()
    with pytest.raises(RuntimeError):
        await one.hash("x")
    assert one._taken == 0
