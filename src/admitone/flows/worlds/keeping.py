"""This file keeps a sandbox's worlds on disk, as the snapshots they are given as; it has no house but the store."""

from collections.abc import Iterable

from admitone.store.engine.tx import Tx
from admitone.store.worlds import keeping
from admitone.store.worlds.keeping import KeptWorld

__all__ = ["KeptWorld", "every", "save"]


async def every(tx: Tx) -> list[KeptWorld]:
    """All that is kept."""
    return await tx.all(keeping.EVERY)


async def save(tx: Tx, changed: Iterable[KeptWorld], gone: Iterable[str]) -> None:
    """Keep these worlds as they are now, and those no longer."""
    for world in changed:
        await tx.run(keeping.SAVE, **world._asdict(), now=tx.now)
    for tag in gone:
        await tx.run(keeping.DROP, world=tag)
