"""This file keeps worlds on disk while they are used, and brings them back when the sandbox starts again."""

import asyncio

import structlog

from admitone.basics.log import kinds_and_places
from admitone.flows.worlds import keeping
from admitone.flows.worlds.keeping import KeptWorld
from admitone.sandbox import planting, snapshots
from admitone.sandbox.worlds import Worlds
from admitone.store.engine import Store

# What a killed sandbox may lose.
EVERY_S = 0.5

log = structlog.get_logger("admitone.sandbox")


class Keeper:
    """Writes down every world that has changed, half a second later at the latest."""

    def __init__(self, store: Store) -> None:
        """Keep them in a store, which is closed by `aclose`."""
        self._store = store
        self._kept: set[str] = set()

    async def fill(self, worlds: Worlds) -> bool:
        """Bring all worlds back; the default one's apps get fresh credentials. Whether there is a default one.

        Raises Unusable for one that this program cannot read.
        """
        has_default = False
        for kept in await self._store.read(keeping.every):
            world = snapshots.load(worlds.around, snapshots.read(kept.snapshot.encode()))
            self._kept.add(world.tag)
            worlds.take(world, default=bool(kept.is_default))
            if kept.is_default:
                has_default = True
                world.apps = [await planting.rotate(world.house, app) for app in world.apps]
        return has_default

    async def save(self, worlds: Worlds) -> None:
        """Write down what has changed."""
        changed, unsaved = [], [world for world in worlds if not world.is_saved]
        there = {world.tag for world in worlds}
        gone = self._kept - there
        try:
            for world in unsaved:
                world.is_saved = True  # it may change again while this one is written
                text = snapshots.save(world).decode()
                changed.append(KeptWorld(world.tag, int(worlds.is_default(world)), text))
            if changed or gone:
                await self._store.write(lambda tx: keeping.save(tx, changed, gone))
        except BaseException:
            for world in unsaved:
                world.is_saved = False
            raise
        self._kept = there

    async def save_for_ever(self, worlds: Worlds) -> None:
        """Look again and again, whatever happens."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.save(worlds)
            except Exception as error:  # noqa: BLE001 - a full disk must not end the sandbox
                _tell_break(error)

    async def aclose(self) -> None:
        """Close the store."""
        await self._store.aclose()


def _tell_break(error: Exception) -> None:
    log.error("worlds not kept", exception=kinds_and_places(error))
