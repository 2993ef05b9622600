"""What is done to a cluster in each round, by chance; and what became of it."""

import asyncio
import random
import time
from collections import Counter
from enum import Enum
from typing import NamedTuple

from deploy.ha.cluster import Cluster
from tests.chaos.ledger import Ledger
from tests.chaos.stream import Stream

# What must be answered while the cluster is wounded, and once more when it is whole again.
ENOUGH = 40


class Wound(Enum):
    """What can become of a host."""

    KILL = "kills the primary"
    CUT = "cuts the primary off"
    STOP = "stops a replica"


class Round(NamedTuple):
    """What was done, and for how many seconds nobody was answered."""

    wound: Wound
    host: str
    resumed_s: float
    unwritten_s: float
    unread_s: float
    whole_s: float


def drawn(rounds: int, chance: random.Random) -> list[Wound]:
    """Each wound as often as the others, in an order that chance makes."""
    wounds = list(Wound) * (rounds // len(Wound)) + chance.sample(list(Wound), rounds % len(Wound))
    chance.shuffle(wounds)
    return wounds


def told(each: Round) -> str:
    """One round in a line."""
    return (
        f"{each.wound.value} ({each.host}): writes went on after {each.resumed_s:.1f} s (longest without one "
        f"{each.unwritten_s:.1f} s, without a read {each.unread_s:.1f} s), whole after {each.whole_s:.1f} s"
    )


class Rounds:
    """Wounds a cluster under load, lets it heal, and compares what was answered with what is kept."""

    def __init__(self, cluster: Cluster, stream: Stream, ledger: Ledger, chance: random.Random) -> None:
        self._cluster = cluster
        self._stream = stream
        self._ledger = ledger
        self._chance = chance
        self.done: list[Round] = []

    async def run(self, wound: Wound, acting: asyncio.Task[None]) -> Round:
        """One round, from a whole cluster to a whole cluster."""
        await self._stream.good_answers(self._chance.randint(5, 60), acting)
        host = await asyncio.to_thread(self._host, wound)
        await asyncio.to_thread(self._inflict, wound, host)
        since = time.monotonic()
        while self._stream.timeline.count(since, writes=True) < ENOUGH:
            await self._stream.good_answers(1, acting)
        await asyncio.to_thread(self._heal, wound, host)
        await asyncio.to_thread(self._cluster.wait_until_whole)
        whole = time.monotonic() - since
        await self._stream.good_answers(ENOUGH, acting)
        timeline = self._stream.timeline
        resumed = timeline.resumed(since, writes=True)
        assert resumed is not None
        unwritten, unread = (timeline.longest_gap(since, writes=writes) for writes in (True, False))
        self.done.append(Round(wound, host, resumed, unwritten, unread, whole))
        await self._compare()
        return self.done[-1]

    def told(self) -> str:
        """All rounds in a few lines."""
        kinds = Counter(each.wound for each in self.done)
        kept = self._stream.timeline.acknowledged
        resumed = sorted(each.resumed_s for each in self.done)
        lines = (
            f"{len(self.done)} rounds: " + ", ".join(f"{kinds[wound]} × {wound.value}" for wound in Wound),
            f"{self._stream.answered} answers; acknowledged: "
            + ", ".join(f"{kept[kind]} {kind}" for kind in sorted(kept)),
            f"lost: {len(self._ledger.lost)}, doubled: {len(self._ledger.doubled)}",
            f"seconds until writes went on: median {resumed[len(resumed) // 2]:.1f}, at most {resumed[-1]:.1f}",
            f"longest time without a write: {max(each.unwritten_s for each in self.done):.1f} s; without a read: "
            + ", ".join(f"{self._unread(wound):.1f} s where one {wound.value}" for wound in Wound if kinds[wound]),
        )
        return "\n".join(lines)

    def _unread(self, wound: Wound) -> float:
        return max(each.unread_s for each in self.done if each.wound is wound)

    def _host(self, wound: Wound) -> str:
        if wound is Wound.STOP:
            return self._chance.choice(self._cluster.until(self._cluster.replicas, "replicas"))
        return self._cluster.until(self._cluster.primary, "a primary")

    def _inflict(self, wound: Wound, host: str) -> None:
        match wound:
            case Wound.KILL:
                self._cluster.kill_database(host)
            case Wound.CUT:
                self._cluster.lan.cut(host)
            case Wound.STOP:
                self._cluster.stop_database(host)

    def _heal(self, wound: Wound, host: str) -> None:
        match wound:
            case Wound.KILL:
                self._cluster.start_database(host)
            case Wound.CUT:
                self._cluster.lan.heal(host)
            case Wound.STOP:
                self._cluster.continue_database(host)

    async def _compare(self) -> None:
        await self._stream.quiet()
        primary = await asyncio.to_thread(self._cluster.until, self._cluster.primary, "a primary")
        self._ledger.admitone.database = self._cluster.address_of(primary)
        await asyncio.to_thread(self._ledger.check)
        self._stream.up(self._stream.port)
