"""Guessing is slowed down for strangers, and the owner gets in where they are known (security.md A1, A2, A5, A7)."""

import asyncio
import threading
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

import pytest

from admitone.basics.clock import ManualClock
from admitone.basics.passwords import RESERVED, Hasher
from admitone.flows import logins, visits
from admitone.flows.logins import Attempt
from admitone.flows.people import app_passwords, second_steps
from admitone.flows.people.second_steps import Answer
from admitone.flows.visits import Coming
from admitone.model.faults import Fault, Refused
from admitone.model.limits import LOGIN_BY_ACCOUNT, LOGIN_BY_PLACE, LOGIN_DAILY
from admitone.model.people.factors import CODES
from tests.factors import STEP_MS, with_authenticator
from tests.flows.counting import CountingStore
from tests.flows.test_logins import Watched
from tests.store.aside import fault_of
from tests.wire.dumps import changed, dump
from tests.world import PASSWORD, World

HOME = "203.0.113.7"
RIGHT = Attempt("mira", PASSWORD, HOME)
HOUR = 60 * 60_000


def stranger(number: int) -> Attempt:
    """Somebody else's guess at Mira's password, each from a network of its own."""
    return Attempt("mira", "a guess", f"198.51.{number // 250}.{number % 250}")


async def at_home(world: World) -> str:
    """Mira signs in; the secret by which her browser is known from now on."""
    return (await visits.sign_in(world.house, RIGHT, remember=False)).device


async def attacked(world: World, guesses: int) -> list[Fault | None]:
    return [await fault_of(logins.check(world.house, stranger(number))) for number in range(guesses)]


@pytest.mark.holds("A2")
async def test_a_known_browser_gets_in_first_time_however_much_strangers_guess(world: World) -> None:
    device = await at_home(world)
    faults = await attacked(world, LOGIN_BY_ACCOUNT.burst + 10)
    assert faults.count(Fault.LOGIN_LIMITED) == 10
    elsewhere = RIGHT._replace(address="192.0.2.200")
    assert await fault_of(logins.check(world.house, elsewhere)) is Fault.LOGIN_LIMITED
    assert await fault_of(logins.check(world.house, elsewhere._replace(device=device))) is None


@pytest.mark.holds("A2")
async def test_a_known_network_gets_in_without_a_browser_as_apps_do(world: World) -> None:
    await at_home(world)
    await attacked(world, LOGIN_BY_ACCOUNT.burst + 1)
    token = await world.token(world.cineshelf)
    assert await logins.validate_with_login(world.house, world.cineshelf.app.id, token, RIGHT)


@pytest.mark.holds("A1")
async def test_also_a_known_browser_is_slowed_down_by_itself(world: World, clock: ManualClock) -> None:
    device = await at_home(world)
    wrong = RIGHT._replace(password="wrong", device=device)
    faults = [await fault_of(logins.check(world.house, wrong)) for _ in range(LOGIN_BY_PLACE.burst + 1)]
    assert faults == [Fault.LOGIN_WRONG] * LOGIN_BY_PLACE.burst + [Fault.LOGIN_LIMITED]
    clock.advance(LOGIN_BY_PLACE.interval_ms)
    assert await fault_of(logins.check(world.house, RIGHT._replace(device=device))) is None


async def test_a_browser_known_to_one_person_is_a_stranger_to_another(world: World) -> None:
    device = await at_home(world)
    await attacked(world, LOGIN_BY_ACCOUNT.burst)
    as_tomas = Attempt("tomas", PASSWORD, "192.0.2.1", device)
    assert await fault_of(logins.check(world.house, as_tomas)) is None
    for _ in range(LOGIN_BY_ACCOUNT.burst):
        await fault_of(logins.check(world.house, as_tomas._replace(password="wrong")))
    assert await fault_of(logins.check(world.house, as_tomas)) is Fault.LOGIN_LIMITED


async def test_the_secret_of_a_browser_changes_with_each_sign_in(world: World) -> None:
    first = await at_home(world)
    coming = RIGHT._replace(device=first, address="192.0.2.1")
    second = (await visits.sign_in(world.house, coming, remember=False)).device
    assert second != first
    await attacked(world, LOGIN_BY_ACCOUNT.burst)
    away = RIGHT._replace(address="192.0.2.200")
    assert await fault_of(logins.check(world.house, away._replace(device=first))) is Fault.LOGIN_LIMITED
    assert await fault_of(logins.check(world.house, away._replace(device=second))) is None


@pytest.mark.holds("A1", "ASVS 6.3.1")
async def test_many_addresses_guess_a_hundred_times_a_day_at_most(world: World, clock: ManualClock) -> None:
    looked_at = 0
    for number in range(24 * 12):
        for guess in range(3):
            fault = await fault_of(logins.check(world.house, stranger(3 * number + guess)))
            looked_at += fault is Fault.LOGIN_WRONG
        clock.advance(HOUR // 12)
    assert LOGIN_DAILY.burst <= looked_at <= 200


@pytest.mark.holds("A5")
async def test_for_every_name_the_hasher_is_asked_once_and_a_mutant_that_spares_itself_is_found(world: World) -> None:
    async def asked(hasher: Counting) -> list[int]:
        house = replace(world.house, hasher=hasher)
        counts = []
        for username in ("mira", "nobody", "tomas"):
            before = hasher.hashed
            await fault_of(logins.check(house, Attempt(username, "wrong", HOME)))
            counts.append(hasher.hashed - before)
        await hasher.aclose()
        return counts

    assert await asked(Counting()) == [1, 1, 1]
    assert await asked(Sparing()) == [1, 0, 1]


class Counting(Watched):
    """A hasher that counts what its threads have really done."""

    hashed = 0

    def _fits(self, kept: str, secret: bytes) -> bool:
        self.hashed += 1
        return super()._fits(kept, secret)


class Sparing(Counting):
    """The mutant: it does not hash for somebody who does not exist."""

    async def verify(self, hash: str | None, password: str, **known: Any) -> bool:  # noqa: A002
        return hash is not None and await super().verify(hash, password, **known)


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.holds("A7", "ASVS 6.6.3")
async def test_of_a_hundred_codes_at_once_five_are_looked_at(world: World, right: bool) -> None:
    app, _ = await with_authenticator(world, world.mira)
    world.clock.advance(STEP_MS)
    proof = await logins.check(world.house, RIGHT)
    marked = logins.mark(world.house, proof)
    codes = ["000000"] * 100
    if right:
        codes[50:] = [app.code()] * 50

    async def sent(code: str) -> Fault | None:
        taken = second_steps.sign_in(world.house, world.mira.id, marked, Answer(code), Coming(HOME))
        return await fault_of(taken)

    faults = await asyncio.gather(*(sent(code) for code in codes))
    assert faults.count(Fault.STEP_CODE_WRONG) <= CODES[0].burst
    assert faults.count(None) <= 1
    assert faults.count(Fault.CODE_LIMITED) >= 100 - CODES[0].burst


@pytest.mark.holds("A8")
async def test_of_the_same_recovery_code_at_once_one_lets_in(world: World) -> None:
    _, codes = await with_authenticator(world, world.mira)
    marked = logins.mark(world.house, await logins.check(world.house, RIGHT))
    answer = Answer(codes[0], recovery=True)

    async def sent() -> Fault | None:
        return await fault_of(second_steps.sign_in(world.house, world.mira.id, marked, answer, Coming(HOME)))

    faults = await asyncio.gather(*(sent() for _ in range(5)))
    assert faults.count(None) == 1


@pytest.mark.holds("A6")
async def test_of_five_hundred_logins_at_once_no_more_are_hashed_than_the_pool_holds(world: World) -> None:
    hasher = Holding()
    house = replace(world.house, hasher=hasher)
    device = await at_home(world)
    token = await world.token(world.cineshelf)

    async def sent(number: int) -> tuple[Fault | None, int]:
        attempt = Attempt(f"guest{number}", "wrong", f"198.51.{number // 250}.{number % 250}")
        try:
            await logins.validate_with_login(house, world.cineshelf.app.id, token, attempt)
        except Refused as refused:
            return refused.fault, refused.retry_after or 0
        return None, 0

    waiting = [asyncio.create_task(sent(number)) for number in range(500)]
    limit = 1 + 8
    refused = [await each for each in islice(asyncio.as_completed(waiting), 500 - limit)]
    assert {fault for fault, _ in refused} == {Fault.HASHING_BUSY}
    assert all(retry_after > 0 for _, retry_after in refused)
    assert await world.token(world.cineshelf)  # others go on meanwhile
    assert await fault_of(logins.check(house, RIGHT._replace(address="192.0.2.1"))) is Fault.HASHING_BUSY
    known = asyncio.create_task(logins.check(house, RIGHT._replace(device=device)))
    hasher.go_on()
    assert (await known).account_id == world.mira.id
    await asyncio.gather(*waiting)
    assert hasher.most == 1
    await hasher.aclose()


async def test_in_a_crowd_somebody_known_finds_room_that_strangers_do_not() -> None:
    hasher = Holding()
    crowd = [asyncio.create_task(hasher.verify(None, "x")) for _ in range(9)]
    await asyncio.sleep(0)
    known = [asyncio.create_task(hasher.verify(None, "x", known=True)) for _ in range(RESERVED)]
    await asyncio.sleep(0)
    assert await fault_of(hasher.verify(None, "x")) is Fault.HASHING_BUSY
    assert await fault_of(hasher.verify(None, "x", known=True)) is Fault.HASHING_BUSY
    hasher.go_on()
    assert await asyncio.gather(*crowd, *known) == [False] * (9 + RESERVED)
    await hasher.aclose()


@pytest.mark.holds("A1")
@pytest.mark.parametrize("known", [True, False], ids=["where the owner is known", "where they are not"])
async def test_an_app_password_gives_no_more_tries_at_the_password_itself(world: World, known: bool) -> None:
    house = world.house
    app_password = await house.write(app_passwords.add, world.mira.id, "Player", f"{HOME}/32")
    login = partial(logins.validate_with_login, house, world.cineshelf.app.id)
    if known:
        await at_home(world)
    faults = []
    for _ in range(LOGIN_BY_PLACE.burst + 1):
        faults.append(await fault_of(logins.check(house, RIGHT._replace(password="a guess"))))
        token = await world.token(world.cineshelf)
        before = await dump(house)
        assert await fault_of(login(token, RIGHT._replace(password=app_password))) is None
        assert not changed(before, await dump(house)) & {"limits", "known_places"}
    assert faults == [Fault.LOGIN_WRONG] * LOGIN_BY_PLACE.burst + [Fault.LOGIN_LIMITED]


@pytest.mark.holds("A2")
async def test_strangers_who_guess_keep_no_app_out_that_has_a_password_of_its_own(world: World) -> None:
    app_password = await world.house.write(app_passwords.add, world.mira.id, "Player", f"{HOME}/32")
    await attacked(world, LOGIN_BY_ACCOUNT.burst + 1)
    login = partial(logins.validate_with_login, world.house, world.cineshelf.app.id)
    elsewhere = RIGHT._replace(address="192.0.2.200")
    assert await fault_of(login(await world.token(world.cineshelf), elsewhere)) is Fault.LOGIN_LIMITED
    right = elsewhere._replace(password=app_password)
    assert await fault_of(login(await world.token(world.cineshelf), right)) is None


@pytest.mark.holds("A6")
async def test_in_a_crowd_strangers_cost_no_statement_and_app_passwords_work(world: World) -> None:
    hasher, store = Holding(), CountingStore(world.house.store)
    house = replace(world.house, hasher=hasher, store=store)
    app_password = await house.write(app_passwords.add, world.mira.id, "Player", f"{HOME}/32")
    token = await world.token(world.cineshelf)
    crowd = [asyncio.create_task(hasher.verify(None, "x")) for _ in range(9)]
    await asyncio.sleep(0)
    store.cost()
    login = partial(logins.validate_with_login, house, world.cineshelf.app.id, token)
    assert await fault_of(login(stranger(1))) is Fault.HASHING_BUSY
    assert await fault_of(logins.check(house, stranger(2))) is Fault.HASHING_BUSY
    assert store.cost() == []
    assert await fault_of(login(RIGHT._replace(password=app_password))) is None
    hasher.go_on()
    await asyncio.gather(*crowd)
    await hasher.aclose()


class Holding(Hasher):
    """One thread, eight places in the queue, and nothing is hashed before it is let."""

    def __init__(self) -> None:
        super().__init__(threads=1, queue=8, memory=8, passes=1)
        self._let = threading.Event()
        self._running = 0
        self.most = 0

    def go_on(self) -> None:
        self._let.set()

    def _fits(self, kept: str, secret: bytes) -> bool:
        self._let.wait(60)
        self._running += 1
        self.most = max(self.most, self._running)
        fits = super()._fits(kept, secret)
        self._running -= 1
        return fits
