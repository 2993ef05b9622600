"""Of all processes on a database one at a time is at an errand; whoever ends it, however, leaves it to others."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from admitone.model.faults import Refused
from admitone.store.engine import Errand, alone
from tests.databases import Databases

HOLDS = """
import asyncio, sys
from admitone.store.engine import Errand, alone

async def hold():
    async with alone(sys.argv[1], Errand.SWEEPING) as leading:
        print(leading, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

asyncio.run(hold())
"""


@contextmanager
def another(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process at the errand, until its input ends; it has said whether it is alone."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", HOLDS, url], **pipes) as process:  # type: ignore[call-overload]
        yield process
        process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


async def is_free(url: str) -> bool:
    async with alone(url, Errand.SWEEPING) as leading:
        return leading


async def test_two_of_one_program_are_not_at_it_together(database_url: str) -> None:
    async with alone(database_url, Errand.SWEEPING) as first, alone(database_url, Errand.SWEEPING) as second:
        assert (first, second) == (True, False)
    assert await is_free(database_url)


async def test_another_program_waits_its_turn_and_one_that_is_killed_is_replaced(database_url: str) -> None:
    url = database_url
    with another(url) as leader:
        assert said(leader) == "True"
        with another(url) as second:
            assert said(second) == "False"
        assert not await is_free(url)
        leader.kill()
        leader.wait()
        while not await is_free(url):  # the server may notice a moment later that it is gone
            pass
        with another(url) as successor:
            assert said(successor) == "True"


async def test_errands_of_two_databases_do_not_meet(databases: Databases) -> None:
    here, there = [await asyncio.to_thread(databases.fresh) for _ in range(2)]
    async with alone(here, Errand.SWEEPING) as one, alone(there, Errand.SWEEPING) as other:
        assert (one, other) == (True, True)


async def test_a_database_that_is_not_there_is_said_to_be_down() -> None:
    with pytest.raises(Refused):
        await is_free("postgresql://nobody@127.0.0.1:1/nothing")
