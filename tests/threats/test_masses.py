"""Whoever comes in masses gets little: stuffing, locking out, filling mailboxes, making accounts (A1, A2, A13, A18).

The limits are the real ones; only the clock is moved by hand, and a hash costs next to nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, TypeVar

import pytest

from admitone.basics.mail import Kept
from admitone.flows import guests, logins, throttle, visits
from admitone.flows.logins import Attempt
from admitone.flows.people import outbox, recovery, signup
from admitone.flows.sweep import sweep
from admitone.model.faults import Fault
from admitone.model.guests import LIFE_MS as GUEST_MS
from admitone.model.limits import GUESTS, LINKS_TO_ADDRESS, SIGN_UPS, SIGN_UPS_BY_SITE
from admitone.model.people.joining import Newcomer, SignUp
from tests.post import MIRAS, give_address, posting
from tests.store.aside import fault_of, rows
from tests.threats.sizes import size
from tests.world import PASSWORD, World

HOUR_MS = 60 * 60_000
DAY_MS = 24 * HOUR_MS
CAP = 100  # of failed tries at one account in a row, the outer bound of NIST SP 800-63B
ADDRESSES = 500
AT_ONCE = 25
NEW = "eleven quiet harbours sing"
T = TypeVar("T")


def batched(work: Iterable[T], most: int) -> Iterator[list[T]]:
    """So many at a time."""
    left = iter(work)
    while some := list(islice(left, most)):
        yield some


def address(number: int) -> str:
    """One of the attacker's addresses, each in a network of its own."""
    return f"10.{number // 250 % 250}.{number % 250}.7"


async def all_at_once(work: Iterable[Awaitable[object]], most: int = AT_ONCE) -> list[Fault | None]:
    """What becomes of many calls, so many at a time."""
    faults: list[Fault | None] = []
    for some in batched(work, most):
        faults += await asyncio.gather(*(fault_of(each) for each in some))
    return faults


class Pair(NamedTuple):
    """A user name and a password from somebody else's list."""

    username: str
    password: str


def leaked(many: int) -> list[Pair]:
    """As such lists are: most names are nobody's here, some come often, and once a password is right."""
    names = ("mira", "tomas", "nobody", "admin", *(f"user{number}" for number in range(many // 100)))
    pairs = [Pair(names[number % len(names)], f"leaked password {number}") for number in range(many)]
    pairs[many // 2] = Pair("tomas", PASSWORD)
    return pairs


@pytest.mark.holds("A1", "ASVS 6.3.1")
async def test_stuffing_gets_no_more_tries_at_an_account_than_a_hundred_an_hour(world: World) -> None:
    """10,000 pairs from 500 addresses: spread over an hour, and all the same ones at one account."""
    many = size(10_000, 1_000)
    looked_at: Counter[str] = Counter()
    pairs = [*leaked(many), *(Pair("mira", f"guess {number}") for number in range(many // 2))]
    for batch in batched(enumerate(pairs), AT_ONCE):
        attempts = [Attempt(pair.username, pair.password, address(number % ADDRESSES)) for number, pair in batch]
        faults = await asyncio.gather(*(fault_of(logins.check(world.house, attempt)) for attempt in attempts))
        assert set(faults) <= {None, Fault.LOGIN_WRONG, Fault.LOGIN_LIMITED, Fault.HASHING_BUSY}
        looked_at.update(
            attempt.username
            for attempt, fault in zip(attempts, faults, strict=True)
            if fault not in (Fault.LOGIN_LIMITED, Fault.HASHING_BUSY)
        )
        world.clock.advance(HOUR_MS * len(batch) // len(pairs))
    assert max(looked_at.values()) <= CAP
    assert looked_at["mira"] > size(60, 20)  # it was tried in earnest


@pytest.mark.holds("A2")
async def test_an_hour_of_guessing_at_full_rate_locks_nobody_out(world: World) -> None:
    kept = Kept()
    house = posting(world.house, kept)
    await house.write(give_address, world.mira.id, MIRAS)
    at_home = Attempt("mira", PASSWORD, "203.0.113.7")
    device = (await visits.sign_in(house, at_home, remember=False)).device
    many, times = size(36_000, 900), 6
    for part in range(times):
        wrong = (
            logins.check(house, Attempt("mira", f"guess {number}", address(number)))
            for number in range(part * many // times, (part + 1) * many // times)
        )
        faults = await all_at_once(wrong)
        assert faults.count(Fault.LOGIN_LIMITED) > len(faults) // 2
        # On her own browser, wherever she is, and at home on any: the very first time.
        away = Attempt("mira", PASSWORD, "192.0.2.9", device)
        assert await fault_of(logins.check(house, away)) is None
        assert await fault_of(logins.check(house, at_home)) is None
        world.clock.advance(HOUR_MS // times)
    # On a new browser elsewhere one try shows that it is of no use now, and a mail helps.
    await all_at_once(logins.check(house, Attempt("mira", "guess", address(number))) for number in range(60))
    new = Attempt("mira", PASSWORD, "192.0.2.200")
    assert await fault_of(logins.check(house, new)) is Fault.LOGIN_LIMITED
    await house.write(recovery.ask, "mira", "en", new.address)
    await outbox.deliver(house)
    link = kept.mails[-1].text.partition("/reset/")[2][:40]
    await recovery.reset(house, link, NEW, new.address)
    assert await fault_of(logins.check(house, new._replace(password=NEW))) is None


@pytest.mark.holds("A13")
async def test_a_thousand_requests_for_a_new_password_are_three_mails(world: World) -> None:
    kept = Kept()
    house = posting(world.house, kept)
    await house.write(give_address, world.mira.id, MIRAS)
    asked = (
        house.write(recovery.ask, (MIRAS, "mira", "MIRA@example.org")[number % 3], "en", address(number))
        for number in range(1_000)
    )
    faults = await all_at_once(asked)
    assert faults.count(None) > 900  # nobody is told that it was too often
    await outbox.deliver(house)
    assert [mail.to for mail in kept.mails] == [MIRAS] * LINKS_TO_ADDRESS.burst
    assert LINKS_TO_ADDRESS.burst <= 3


@pytest.mark.holds("A18")
async def test_thousands_of_sign_ups_make_as_many_accounts_as_the_limits_say(world: World) -> None:
    """10,000 in one hour: from one network, and from hundreds."""
    house = replace(posting(world.house), sign_up=SignUp.OPEN)
    many, networks = size(10_000, 600), size(ADDRESSES, 20)
    before = await house.read(rows, "accounts")

    def newcomer(number: int) -> Newcomer:
        name = f"newcomer{number}"
        password = f"{name} and umbrellas"
        where = address(0 if number % 2 else number % networks)
        return Newcomer(name, f"{name}@example.org", password, "", "en", where)

    faults: Counter[Fault | None] = Counter()
    for part in batched(range(many), 60):
        faults.update(await all_at_once((signup.sign_up(house, newcomer(number)) for number in part), 5))
        world.clock.advance(HOUR_MS * len(part) // many)
    made = await house.read(rows, "accounts") - before
    assert made == faults[None]
    assert set(faults) == {None, Fault.RATE_LIMITED}
    a_network = SIGN_UPS.burst + HOUR_MS // SIGN_UPS.interval_ms
    the_site = SIGN_UPS_BY_SITE.burst + HOUR_MS // SIGN_UPS_BY_SITE.interval_ms
    assert made <= min(the_site, a_network * networks)


@pytest.mark.holds("F21")
async def test_guests_made_in_bulk_are_as_many_as_the_limit_says_and_go_away_by_themselves(world: World) -> None:
    many, before = size(10_000, 600), await world.house.read(rows, "guest_sessions")
    app_id, network = world.cineshelf.app.id, "198.51.100.7/32"
    make = throttle.limited(GUESTS, network)(guests.start)
    faults = await all_at_once(world.house.write(make, app_id, network) for _ in range(many))
    made = await world.house.read(rows, "guest_sessions") - before
    assert made == faults.count(None) == GUESTS.burst
    assert set(faults) == {None, Fault.RATE_LIMITED}
    world.clock.advance(GUEST_MS + DAY_MS)
    await sweep(world.house, rest=0)
    assert await world.house.read(rows, "guest_sessions") == before
