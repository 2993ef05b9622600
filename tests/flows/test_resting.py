"""Work in the background leaves most of the time to callers."""

import asyncio

import pytest

from admitone.flows.resting import rest_after

REST = 9.0


@pytest.mark.parametrize(("done", "rest", "rests"), [(5, REST, 1), (0, REST, 0), (5, 0, 0)])
async def test_after_a_batch_nothing_is_done_for_many_times_as_long(
    done: int, rest: float, rests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    clock = asyncio.get_running_loop().time
    took = 0.0

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def batch() -> int:
        nonlocal took
        began = clock()
        while not took:
            took = clock() - began
        return done

    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert await rest_after(batch(), rest) == done
    assert len(slept) == rests
    assert all(seconds >= took * rest for seconds in slept)
