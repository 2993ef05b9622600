"""This file writes a world down as one text file, and makes it again from there: same ids, same instant, same plans."""

from collections import OrderedDict
from typing import Any

import msgspec

import admitone
from admitone.basics.digests import Digests, Key, KeyRing, KeyRingError
from admitone.basics.mail import Kept, Mail, Post
from admitone.flows.house import House
from admitone.sandbox.clock import EARLIEST, LATEST, LONGEST, MovableClock, read_span, written
from admitone.sandbox.entropy import WorldEntropy
from admitone.sandbox.faults import Faults, Ordered
from admitone.sandbox.log import Entry
from admitone.sandbox.problems import Unusable
from admitone.sandbox.script import Meant
from admitone.sandbox.shapes import Act, AppMade, ClockOrder, PersonMade, Profile, Seed
from admitone.sandbox.worlds import Surroundings, World
from admitone.store.engine import Dump, MemoryStore

FORMAT = 1
MOST_DRAWN = 2**62


class Snapshot(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A whole world. `keys` are its key ring; whoever has the file has every credential of the world."""

    admitone_snapshot: int
    version: str
    world: str
    at: str
    now_ms: int
    frozen: bool
    born_ms: int
    entropy: str
    drawn: int
    keys: list[tuple[int, str]]
    profile: Profile
    seed: Seed
    starts: ClockOrder
    people: list[PersonMade]
    apps: list[AppMade]
    script: list[Act]
    meant: list[Meant]
    faults: list[Ordered]
    texts: dict[str, str]
    mails: list[Mail]
    log: list[Entry]
    own_titles: bool
    rows: Dump


def save(world: World) -> bytes:
    """The text of a world, a row on each line, so that two of them can be compared."""
    house, now = world.house, world.clock.now()
    assert isinstance(house.store, MemoryStore)  # noqa: S101 - tells the type; every world of a sandbox is in memory
    sender = house.post.sender if house.post else None
    snapshot = Snapshot(
        admitone_snapshot=FORMAT,
        version=admitone.__version__,
        world=world.tag,
        at=written(now),
        now_ms=now,
        frozen=world.clock.frozen,
        born_ms=world.born_at,
        entropy=world.entropy.seed,
        drawn=world.entropy.drawn,
        keys=[(key.number, key.secret.hex()) for key in world.ring.keys],
        profile=world.profile,
        seed=world.seed,
        starts=world.starts,
        people=world.people,
        apps=world.apps,
        script=world.script,
        meant=world.stage.meant,
        faults=world.faults.rules,
        texts=dict(world.texts),
        mails=list(sender.mails) if isinstance(sender, Kept) else [],
        log=world.log.after(0),
        own_titles=not house.store.shares,
        rows=house.store.dump(),
    )
    return _lines(msgspec.to_builtins(snapshot)).encode() + b"\n"


def read(text: bytes) -> Snapshot:
    """What a snapshot says. Raises Unusable for what is none, or cannot be one."""
    try:
        snapshot = msgspec.json.decode(text, type=Snapshot)
    except msgspec.ValidationError as error:
        raise _bad(f"a part of it is not as it should be: {_place(error)}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _bad("it is no JSON") from None
    if snapshot.admitone_snapshot != FORMAT:
        raise _bad(f"it is of format {snapshot.admitone_snapshot}, this program reads {FORMAT}")
    latest = LATEST - LONGEST
    if not (EARLIEST <= snapshot.now_ms <= latest and EARLIEST <= snapshot.born_ms <= latest):
        raise _bad("its clock is out of range")
    if not snapshot.apps or not snapshot.people or not 0 <= snapshot.drawn <= MOST_DRAWN:
        raise _bad("it has no app, no person, or no count of draws")
    if wrong := [why for each in snapshot.faults if (why := each.rule.wrong())]:
        raise _bad(f"one of its fault rules cannot be: {wrong[0]}")
    try:
        for act in snapshot.script:
            read_span(act.after)
    except ValueError as error:
        raise _bad(f"its script: {error}") from None
    if WorldEntropy(snapshot.entropy).tag != snapshot.world:
        raise _bad("its ids are another world's")
    return snapshot


def load(around: Surroundings, snapshot: Snapshot) -> World:
    """The world of a snapshot. Raises Unusable."""
    clock = MovableClock(around.wall, snapshot.now_ms, frozen=snapshot.frozen)
    entropy = WorldEntropy(snapshot.entropy, snapshot.drawn)
    try:
        ring = KeyRing([Key(number, bytes.fromhex(secret)) for number, secret in snapshot.keys])
    except (KeyRingError, ValueError):
        raise _bad("its keys are none") from None
    store = around.mould.clone(clock, catalogue=not snapshot.own_titles)
    try:
        store.load(snapshot.rows)
    except ValueError as error:
        store.close()
        raise _bad(f"{error}") from None
    kept = Kept()
    kept.mails.extend(snapshot.mails)
    world = World(
        around=around,
        house=House(
            store=store,
            clock=clock,
            entropy=entropy,
            digests=Digests(ring),
            hasher=around.hasher,
            catalogue=snapshot.seed.catalogue != "any",
            calls_by_network=around.calls_by_network,
            post=Post(around.origin, kept),
        ),
        clock=clock,
        entropy=entropy,
        ring=ring,
        seed=snapshot.seed,
        starts=snapshot.starts,
        profile=snapshot.profile,
        faults=Faults(entropy.seed),
        used_at=around.wall.now(),
        born_at=snapshot.born_ms,
        people=snapshot.people,
        apps=snapshot.apps,
        script=snapshot.script,
        texts=OrderedDict(snapshot.texts),
    )
    world.faults.restore(snapshot.faults)
    world.stage.meant = sorted(snapshot.meant, key=lambda each: each.at)
    world.log.restore(snapshot.log)
    return world


def _lines(value: Any, depth: int = 0, *, widest: int = 4) -> str:
    """JSON with what is deep down on one line."""
    pad = " " * (depth + 1)
    if depth < widest and isinstance(value, dict) and value:
        inner = ",\n".join(f"{pad}{_plain(name)}: {_lines(each, depth + 1)}" for name, each in value.items())
        return f"{{\n{inner}\n{' ' * depth}}}"
    if depth < widest and isinstance(value, list) and value:
        inner = ",\n".join(pad + _plain(each) for each in value)
        return f"[\n{inner}\n{' ' * depth}]"
    return _plain(value)


def _plain(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _place(error: Exception) -> str:
    return str(error).rpartition(" - at ")[2].strip("`")


def _bad(why: str) -> Unusable:
    return Unusable(422, "snapshot_bad", f"this is no snapshot that can be loaded: {why}")
