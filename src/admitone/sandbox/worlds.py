"""This file makes worlds: each a House of its own, with its own clock, ids, people, faults, script and log."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from admitone.basics.clock import Clock
from admitone.basics.digests import Digests, Key, KeyRing, Kind
from admitone.basics.entropy import SystemEntropy
from admitone.basics.mail import Kept, Post
from admitone.basics.passwords import Hasher
from admitone.flows import accounts, apps
from admitone.flows.house import House
from admitone.model.accounts import Account
from admitone.model.faults import Fault, Refused
from admitone.sandbox import masking, people, planting
from admitone.sandbox.clock import LATEST, MovableClock, read_instant, read_span, written
from admitone.sandbox.entropy import WorldEntropy, key_of
from admitone.sandbox.faults import Codes, Faults
from admitone.sandbox.log import WorldLog
from admitone.sandbox.problems import Unusable
from admitone.sandbox.script import Stage
from admitone.sandbox.shapes import (
    Act,
    AppMade,
    ClockOrder,
    ClockState,
    NewWorld,
    PersonMade,
    PersonSeed,
    Profile,
    Seed,
    TitleSeed,
)
from admitone.store.engine import MemoryStore, Mould

MOST_WORLDS = 2000
# When there is no room for another world, those that nobody has used for so long make some.
UNUSED_MS = 3600 * 1000
MOST_TEXTS = 500
SEED_BYTES = 32

# An ASGI application; what is in it this room need not know.
App = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Order:
    """How somebody wants a sandbox; `beyond` lets other machines reach it, `kept` keeps it on disk."""

    seed: Seed
    profile: Profile = "documented"
    clock: str | None = None
    entropy: str | None = None
    beyond: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all worlds of a server share.

    `compose` makes of a house what answers calls and shows pages; `explain` says a fault in words; `codes` are TMDB's
    sentences; `seed` and `profile` hold for worlds that do not say otherwise.
    """

    origin: str
    mould: Mould
    hasher: Hasher
    wall: Clock
    compose: Callable[[House], App]
    explain: Callable[[Fault], str]
    codes: Codes
    seed: Seed
    profile: Profile = "documented"
    calls_by_network: int = 0


@dataclass(slots=True)
class Past:
    """A world as it was before the newest writes, still seen by whoever reads until an instant."""

    store: MemoryStore
    app: App
    until: int


@dataclass(slots=True)
class World:
    """One world, `born_at` that instant of its own time.

    `people` and `apps` are those whose password or credentials are known, in the order they came.
    """

    around: Surroundings
    house: House
    clock: MovableClock
    entropy: WorldEntropy
    ring: KeyRing
    seed: Seed
    starts: ClockOrder
    profile: Profile
    faults: Faults
    used_at: int
    born_at: int
    is_saved: bool = False
    people: list[PersonMade] = field(default_factory=list)
    apps: list[AppMade] = field(default_factory=list)
    script: list[Act] = field(default_factory=list)
    texts: "OrderedDict[str, str]" = field(default_factory=OrderedDict)
    past: Past | None = None
    app: App = field(init=False)
    log: WorldLog = field(init=False)
    stage: Stage = field(init=False)

    def __post_init__(self) -> None:
        """Open it."""
        self.log = WorldLog(self.clock.now)
        self.stage = Stage(self.clock, lambda meant: people.act(self, meant))
        self.app = self.around.compose(self.house)

    @property
    def tag(self) -> str:
        """Its name: the first digits of every id in it."""
        return self.entropy.tag

    @property
    def secrets(self) -> list[str]:
        """What no log may show and no shape betrays."""
        return [person.password for person in self.people]

    @property
    def clock_state(self) -> ClockState:
        """What its clock says."""
        now = self.clock.now()
        return ClockState(now=written(now), now_ms=now, frozen=self.clock.frozen)

    def app_named(self, name: str) -> AppMade:
        """An app by its name or public id, else the first. Raises Unusable."""
        found = self.apps[0] if not name else next((app for app in self.apps if name in (app.app, app.name)), None)
        if found is None:
            raise Unusable(404, "app_unknown", f"this world has no app {masking.text(name)}")
        return found

    def app_of(self, credential: str) -> AppMade | None:
        """The app whose API key or read token this is."""
        return next((app for app in self.apps if credential in (app.api_key, app.read_token)), None)

    async def first_app_id(self) -> int:
        """The number of the app whose credentials are the world's."""
        return (await self.house.read(apps.find, self.apps[0].app)).id

    def public_id_of(self, name: str) -> str:
        """The public id of an app by its name; nothing for one that is not known."""
        return next((app.app for app in self.apps if app.name == name), "")

    def tell(self, kind: str, what: str, refusal: Refused | None = None) -> None:
        """Write into the log what happened, and why it was refused if it was."""
        if refusal is None:
            self.log.write(kind, what)
        else:
            self.log.write(kind, what, fault=refusal.fault.value, reason=self.around.explain(refusal.fault))

    async def account(self, username: str) -> Account:
        """A person by user name, else the first. Raises Refused(ACCOUNT_UNKNOWN)."""
        if not username:
            username = self.people[0].username if self.people else planting.USERNAME
        return await self.house.read(accounts.find, username)

    def password_of(self, username: str) -> str:
        """The password of a person, as far as it is known."""
        return next((each.password for each in self.people if planting.same_name(each.username, username)), "")

    def note_token(self, text: str) -> None:
        """Remember a request token, so that it can be shown by its end and decided by a click."""
        self.texts[self.token_id(self.house.digests.of(Kind.REQUEST_TOKEN, text))] = text
        while len(self.texts) > MOST_TEXTS:
            self.texts.popitem(last=False)

    def token_id(self, digest: bytes) -> str:
        """What a request token is called where it must not be shown."""
        return digest[1:9].hex()

    async def move(self, order: ClockOrder) -> ClockState:
        """Move the clock; what people meant to do on the way happens at its instant. Raises Unusable."""
        target = target_of(order, self.clock.now())
        if target is not None:
            await self.stage.until(target)
            self.clock.set(target)
        if order.freeze is not None:
            self.clock.freeze(target) if order.freeze else self.clock.run()
        self.stage.rest()
        return self.clock_state

    async def add_person(self, seed: PersonSeed) -> PersonMade:
        """Add a person, with all that their seed says. Raises Refused."""
        made = await planting.add_person(self.house, seed)
        self.people.append(made)
        await planting.fill(self.house, seed, made.id, await self.first_app_id())
        return made

    def add_titles(self, seeds: list[TitleSeed]) -> list[Mapping[str, Any]]:
        """Make room for titles of its own; their rows."""
        if isinstance(self.house.store, MemoryStore):
            self.house.store.own_titles()
        return list(planting.rows(seeds))

    def forget_past(self) -> None:
        """Let whoever reads see everything."""
        if self.past is not None:
            self.past.store.close()
            self.past = None

    async def close(self) -> None:
        """End it; the hasher is everybody's."""
        self.stage.close()
        self.forget_past()
        await self.house.store.aclose()


class Worlds:
    """Every world of a server; the default one always stays."""

    def __init__(self, around: Surroundings) -> None:
        """Begin without one."""
        self.around = around
        self._worlds: dict[str, World] = {}
        self._default = ""
        # Set when the server is told to stop: nothing that was ordered to take long is waited for any more.
        self.leaving = asyncio.Event()

    def __len__(self) -> int:
        return len(self._worlds)

    def __iter__(self) -> Any:
        return iter(list(self._worlds.values()))

    @property
    def default(self) -> World:
        """The world of whoever names none."""
        return self._worlds[self._default]

    def find(self, tag: str) -> World | None:
        """A world by its name."""
        return self._worlds.get(tag)

    def is_default(self, world: World) -> bool:
        """Whether it is the one that stays."""
        return world.tag == self._default

    async def replace(self, world: World) -> None:
        """Have a world among the others, instead of the one of its name."""
        if (before := self._worlds.get(world.tag)) is not None:
            await before.close()
        self.take(world)

    def take(self, world: World, *, default: bool = False) -> None:
        """Have a world among the others."""
        self._worlds[world.tag] = world
        world.stage.rest()
        if default:
            self._default = world.tag

    async def make(self, wanted: NewWorld, *, default: bool = False) -> World:
        """Make a world. Raises Unusable, and Refused for a seed that contradicts itself."""
        await self.make_room()
        world = blank(self.around, wanted)
        if world.tag in self._worlds:
            if wanted.entropy is not None:
                await world.close()
                raise Unusable(409, "world_exists", "there is a world of this entropy; delete or reset it")
            return await self.make(wanted, default=default)  # one in four thousand million
        await self._planted(world)
        self.take(world, default=default)
        return world

    async def reset(self, world: World) -> World:
        """Bring a world back to its seed: same credentials, same ids to come. Its log numbers on. Raises Refused."""
        fresh = blank(
            self.around,
            NewWorld(seed=world.seed, profile=world.profile, clock=world.starts, entropy=world.entropy.seed),
        )
        fresh.born_at = world.born_at
        await self._planted(fresh)
        fresh.log.newest = world.log.newest
        await self.replace(fresh)
        return fresh

    async def delete(self, world: World) -> None:
        """End a world. Raises Unusable for the default one."""
        if self.is_default(world):
            raise Unusable(409, "world_default", "the default world stays; reset it instead")
        del self._worlds[world.tag]
        await world.close()

    async def aclose(self) -> None:
        """End all worlds."""
        for world in list(self._worlds.values()):
            await world.close()
        self._worlds.clear()

    async def _planted(self, world: World) -> None:
        try:
            if world.seed.titles:
                world.add_titles([])
            with world.clock.standing(world.born_at):
                world.people, world.apps = await planting.plant(world.house, world.seed)
            if isinstance(world.house.store, MemoryStore):
                world.house.store.rest()
        except BaseException:
            await world.close()
            raise

    async def make_room(self) -> None:
        """Let another world in, at the cost of those that nobody uses any more. Raises Unusable."""
        if len(self._worlds) < MOST_WORLDS:
            return
        before = self.around.wall.now() - UNUSED_MS
        for world in sorted(self._worlds.values(), key=lambda each: each.used_at):
            if world.used_at < before and not self.is_default(world):
                await self.delete(world)
        if len(self._worlds) >= MOST_WORLDS:
            raise Unusable(429, "too_many_worlds", f"there are {MOST_WORLDS} worlds in use; delete some")


def blank(around: Surroundings, wanted: NewWorld) -> World:
    """A world as it is wanted, with nothing in it yet. Raises Unusable."""
    seed = seed_of(wanted, around.seed)
    entropy = new_entropy(wanted.entropy)
    starts = clock_of(wanted.clock if wanted.clock is not None else seed.clock)
    ring = KeyRing([Key(1, key_of(entropy.seed))])
    clock = MovableClock(around.wall, target_of(starts, around.wall.now()), frozen=bool(starts.freeze))
    house = House(
        store=around.mould.clone(clock, catalogue=seed.catalogue == "sample"),
        clock=clock,
        entropy=entropy,
        digests=Digests(ring),
        hasher=around.hasher,
        catalogue=seed.catalogue != "any",
        calls_by_network=around.calls_by_network,
        post=Post(around.origin, Kept()),
    )
    return World(
        around=around,
        house=house,
        clock=clock,
        entropy=entropy,
        ring=ring,
        seed=seed,
        starts=starts,
        profile=wanted.profile or around.profile,
        faults=Faults(entropy.seed),
        used_at=around.wall.now(),
        born_at=clock.now(),
    )


def new_entropy(wanted: str | int | None) -> WorldEntropy:
    """The ids of a new world: from what somebody wants, else such as nobody can tell."""
    return WorldEntropy(str(SystemEntropy().hex(SEED_BYTES) if wanted is None else wanted))


def target_of(order: ClockOrder, now: int) -> int | None:
    """Where an order moves a clock, None where it does not. Raises Unusable."""
    if order.set is None and order.advance is None:
        return None
    try:
        start = now if order.set is None else read_instant(order.set)
        target = start + (0 if order.advance is None else read_span(order.advance))
    except ValueError as error:
        raise Unusable(422, "clock_bad", f"{error}") from None
    if target > LATEST:
        raise Unusable(422, "clock_bad", "no clock goes beyond the year 9999")
    return target


def seed_of(wanted: NewWorld, usual: Seed) -> Seed:
    """The whole seed that a new world means."""
    match wanted.seed:
        case None:
            return usual
        case "none":
            return Seed(catalogue="any")
        case str(catalogue):
            return Seed(catalogue=catalogue)
        case seed:
            return seed


def clock_of(wanted: str | ClockOrder | None) -> ClockOrder:
    """How a world's clock begins; an instant alone is one at which it stands."""
    return ClockOrder(set=wanted, freeze=True) if isinstance(wanted, str) else wanted or ClockOrder()
