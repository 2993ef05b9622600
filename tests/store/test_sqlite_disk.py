"""The SQLite engine when the disk is full, broken, or not what it should be."""

import asyncio
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from admitone.basics.clock import ManualClock
from admitone.model.faults import Fault, Refused
from admitone.store import accounts, titles
from admitone.store.engine import open_store
from admitone.store.engine.address import sqlite_path
from admitone.store.engine.sqlite import SqliteStore
from admitone.store.engine.tx import Flow, Tx
from tests.store.aside import ROWS, fault_of
from tests.store.tally import add, adding, count, counting
from tests.world import title

FAR = 2**31 - 2  # the most pages that SQLite lets a file have, less one


async def load_much(tx: Tx) -> None:
    """Take more pages than there are."""
    await add(tx)
    await tx.many(titles.LOAD, [title("movie", number, "x" * 1000) for number in range(1, 2001)])


async def loaded(tx: Tx) -> int:
    return await tx.one(ROWS["titles"]) or 0


async def refused(tx: Tx) -> None:
    await add(tx)
    raise Refused(Fault.LOGIN_WRONG)


def names_in(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def room(store: SqliteStore, pages: int) -> None:
    """Let the file have so many pages more than it has now."""
    has = store._writer.execute("PRAGMA page_count").fetchone()[0]
    store._writer.execute(f"PRAGMA max_page_count={min(has + pages, FAR)}")


@contextmanager
def no_file_larger_than(path: Path, more: int) -> Iterator[None]:
    """No file of this process may grow beyond the size of this one and a little more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + more, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_is_told_to_whom_it_hits_and_nothing_is_half_done(sqlite_store: SqliteStore) -> None:
    await sqlite_store.write(adding("before"))
    room(sqlite_store, 4)
    flows: list[Flow[Any]] = [adding("early"), refused, load_much, adding("late")]
    early, wrong, much, late = await asyncio.gather(*(fault_of(sqlite_store.write(flow)) for flow in flows))

    assert (wrong, much) == (Fault.LOGIN_WRONG, Fault.STORE_DOWN)
    for fault, name in ((early, "early"), (late, "late")):
        assert fault in (None, Fault.STORE_DOWN)
        assert await sqlite_store.read(counting(name)) == (1 if fault is None else 0)
    assert late is None
    assert await sqlite_store.read(loaded) == 0
    assert await sqlite_store.read(count) == 0
    assert await sqlite_store.read(counting("before")) == 1


async def test_the_store_works_again_when_there_is_room(sqlite_store: SqliteStore) -> None:
    room(sqlite_store, 4)
    for _ in range(2):
        assert await fault_of(sqlite_store.write(load_much)) is Fault.STORE_DOWN
    room(sqlite_store, FAR)
    await sqlite_store.write(load_much)
    assert await sqlite_store.read(loaded) == 2000
    assert await sqlite_store.read(count) == 1


async def test_when_a_commit_fails_its_outcome_is_unknown(sqlite_store: SqliteStore, sqlite_url: str) -> None:
    await sqlite_store.write(adding("before"))
    with no_file_larger_than(Path(f"{sqlite_path(sqlite_url)}-wal"), more=100):
        flows: list[Flow[Any]] = [add, refused, add]
        faults = await asyncio.gather(*(fault_of(sqlite_store.write(flow)) for flow in flows))
        assert faults == [Fault.OUTCOME_UNKNOWN, Fault.LOGIN_WRONG, Fault.OUTCOME_UNKNOWN]
        assert await sqlite_store.read(counting("before")) == 1
    assert await sqlite_store.write(adding("after")) == 1


async def test_when_a_statement_fails_it_is_certain_that_nothing_was_kept(
    sqlite_store: SqliteStore, sqlite_url: str
) -> None:
    sqlite_store._writer.execute("PRAGMA cache_size=10")  # so that a large flow writes before its commit
    with no_file_larger_than(Path(f"{sqlite_path(sqlite_url)}-wal"), more=100_000):
        assert await fault_of(sqlite_store.write(load_much)) is Fault.STORE_DOWN
    assert await sqlite_store.read(loaded) == 0
    await sqlite_store.write(load_much)
    assert await sqlite_store.read(loaded) == 2000


async def test_a_broken_file_is_not_taken_for_a_bug_of_ours(sqlite_url: str, clock: ManualClock) -> None:
    store = await open_store(sqlite_url, clock)
    with sqlite_path(sqlite_url).open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))

    async def everyone(tx: Tx) -> None:
        await tx.all(accounts.EVERYONE)

    for run in (store.read, store.write):
        assert await fault_of(run(everyone)) is Fault.STORE_DOWN
    await store.aclose()


def unreadable(path: Path, folder: Path) -> None:
    """Put under every open handle of a file another that cannot be read."""
    blind = os.open(folder / "blind", os.O_WRONLY | os.O_CREAT)
    for handle in Path("/proc/self/fd").iterdir():
        if handle.is_symlink() and handle.readlink() == path:
            os.dup2(blind, int(handle.name))
    os.close(blind)


async def test_a_disk_that_cannot_be_read_is_told_and_is_no_unknown_outcome(
    sqlite_url: str, clock: ManualClock, tmp_path: Path
) -> None:
    store = await open_store(sqlite_url, clock)
    assert [await store.read(count), await store.write(count)] == [0, 0]  # that the tables are known
    unreadable(sqlite_path(sqlite_url), tmp_path)
    for run in (store.read, store.write):
        for _ in range(2):
            assert await fault_of(run(loaded)) is Fault.STORE_DOWN
    await store.aclose()


@pytest.mark.parametrize("name", ["absent.db", "no/such/folder.db", "folder", "text.db"])
async def test_what_is_no_database_is_not_opened_and_not_made(tmp_path: Path, clock: ManualClock, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.db").write_text("This is no database. " * 100)
    assert await fault_of(open_store(f"sqlite:///{tmp_path / name}", clock)) is Fault.STORE_DOWN
    assert names_in(tmp_path) == {"folder", "text.db"}
