"""Worlds are kept on disk; what a full disk refused is written as soon as it does not."""

from types import SimpleNamespace
from typing import Any

import pytest

from admitone.sandbox import snapshots
from admitone.sandbox.keeping import Keeper


class Some(list[Any]):
    """Worlds, none of which is the default one."""

    def is_default(self, _world: object) -> bool:
        return False


class Disk:
    """A store that is full at first."""

    def __init__(self) -> None:
        self.is_full, self.writes = True, 0

    async def write(self, _flow: object) -> None:
        if self.is_full:
            raise OSError
        self.writes += 1


async def test_a_world_that_could_not_be_written_is_written_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "save", lambda world: world.tag.encode())
    disk, world = Disk(), SimpleNamespace(tag="one", is_saved=False)
    keeper, worlds = Keeper(disk), Some([world])  # type: ignore[arg-type]
    with pytest.raises(OSError):  # noqa: PT011 - as the disk says it
        await keeper.save(worlds)  # type: ignore[arg-type]
    assert not world.is_saved

    disk.is_full = False
    for _ in range(2):
        await keeper.save(worlds)  # type: ignore[arg-type]
    assert (world.is_saved, disk.writes) == (True, 1)
