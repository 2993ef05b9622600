"""Passwords are checked with equal work for everybody, limited before hashing, and honest people are not locked out."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from admitone.basics.clock import ManualClock
from admitone.basics.entropy import SystemEntropy
from admitone.basics.passwords import Hasher
from admitone.flows import logins, request_tokens, sessions, visits
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.logins import Attempt
from admitone.model.faults import Fault, Refused
from admitone.model.limits import LOGIN_BY_ACCOUNT, LOGIN_BY_NETWORK, Limit
from admitone.model.request_tokens import LIFE_MS, Decision
from tests.store.aside import audit, fault_of, switch_account
from tests.world import NETWORK, PASSWORD, World

ADDRESS = "203.0.113.7"
RIGHT = Attempt("mira", PASSWORD, ADDRESS)
WRONG = RIGHT._replace(password="not the password")


class Watched(Hasher):
    """A hasher that counts what it is asked."""

    def __init__(self, **parameters: int) -> None:
        super().__init__(threads=1, **({"memory": 8, "passes": 1} | parameters), entropy=SystemEntropy())
        self.asked: list[bool] = []

    async def verify(self, hash: str | None, password: str, **known: Any) -> bool:  # noqa: A002
        self.asked.append(hash is not None)
        return await super().verify(hash, password, **known)


async def tries(house: House, attempt: Attempt, times: int) -> list[Fault | None]:
    return [await fault_of(logins.check(house, attempt)) for _ in range(times)]


async def test_the_right_password_proves_whose_it_is(world: World) -> None:
    proof = await logins.check(world.house, RIGHT)
    assert proof.account_id == world.mira.id
    assert proof.password_hash
    assert proof.password_hash.startswith("$argon2id$")
    assert PASSWORD not in proof.password_hash


@pytest.mark.parametrize("username", ["MIRA", " mira ", "ＭＩＲＡ"])  # noqa: RUF001 - that is what is tested
async def test_a_user_name_is_known_however_it_is_written(world: World, username: str) -> None:
    assert (await logins.check(world.house, RIGHT._replace(username=username))).account_id == world.mira.id


@pytest.mark.parametrize(
    "attempt",
    [
        WRONG,
        WRONG._replace(username="nobody"),
        RIGHT._replace(username=""),
        RIGHT._replace(username="x" * 100_000),
        RIGHT._replace(username="mira\0"),
        RIGHT._replace(username="\ud800"),
        RIGHT._replace(password=""),
        RIGHT._replace(password=PASSWORD + " "),
        RIGHT._replace(password="x" * 100_000),
        RIGHT._replace(password="\0\ud800"),
    ],
    ids=range(10),
)
@pytest.mark.holds("A3")
async def test_everything_else_is_wrong_in_the_same_words(world: World, attempt: Attempt) -> None:
    with pytest.raises(Refused) as refused:
        await logins.check(world.house, attempt)
    assert (refused.value.fault, refused.value.retry_after, refused.value.detail) == (Fault.LOGIN_WRONG, None, "")


async def test_the_hasher_works_for_nobody_as_for_somebody(world: World) -> None:
    hasher = Watched()
    house = replace(world.house, hasher=hasher)
    for username in ("mira", "nobody"):
        await fault_of(logins.check(house, WRONG._replace(username=username)))
    assert hasher.asked == [True, False]
    await hasher.aclose()


async def test_wrong_passwords_are_in_the_audit_without_the_name_that_was_given(world: World) -> None:
    before = len(await world.house.read(audit))
    for username in ("mira", "nobody"):
        await fault_of(logins.check(world.house, WRONG._replace(username=username)))
    events = (await world.house.read(audit))[before:]
    kind = Happened.WRONG_PASSWORD.value
    assert [event[:4] for event in events] == [
        (kind, None, world.mira.id, f"{ADDRESS}/32"),
        (kind, None, None, f"{ADDRESS}/32"),
    ]


@pytest.mark.holds("A6")
async def test_a_limit_refuses_before_the_hasher_is_asked_and_says_how_long(world: World, clock: ManualClock) -> None:
    hasher = Watched()
    house = replace(world.house, hasher=hasher)
    assert await tries(house, WRONG, LOGIN_BY_ACCOUNT.burst) == [Fault.LOGIN_WRONG] * LOGIN_BY_ACCOUNT.burst
    with pytest.raises(Refused) as refused:
        await logins.check(house, RIGHT)
    assert (refused.value.fault, refused.value.retry_after) == (Fault.LOGIN_LIMITED, 30)
    assert len(hasher.asked) == LOGIN_BY_ACCOUNT.burst

    clock.advance(29_999)
    assert await tries(house, RIGHT, 1) == [Fault.LOGIN_LIMITED]
    clock.advance(1)
    assert await tries(house, RIGHT, 1) == [None]
    await hasher.aclose()


async def test_one_account_that_is_limited_limits_no_other(world: World) -> None:
    await tries(world.house, WRONG, LOGIN_BY_ACCOUNT.burst + 1)
    assert (await logins.check(world.house, RIGHT._replace(username="tomas"))).account_id == world.tomas.id


async def test_wrong_passwords_followed_by_the_right_one_lock_nobody_out(world: World) -> None:
    for wrong in (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 19, 19, 19):
        assert await tries(world.house, WRONG, wrong) == [Fault.LOGIN_WRONG] * wrong
        assert await tries(world.house, RIGHT, 1) == [None]


async def test_an_honest_network_may_sign_in_as_often_as_it_likes(world: World) -> None:
    assert await tries(world.house, RIGHT, LOGIN_BY_NETWORK.burst + 5) == [None] * (LOGIN_BY_NETWORK.burst + 5)


async def test_a_network_that_guesses_at_many_names_is_limited(world: World) -> None:
    for number in range(LOGIN_BY_NETWORK.burst):
        assert await tries(world.house, WRONG._replace(username=f"guess{number}"), 1) == [Fault.LOGIN_WRONG]
    assert await tries(world.house, RIGHT, 1) == [Fault.LOGIN_LIMITED]
    assert await tries(world.house, RIGHT._replace(address="198.51.100.9"), 1) == [None]


async def test_the_whole_site_is_limited(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logins, "LOGIN_BY_SITE", Limit("login-site", burst=3, interval_ms=1000))
    guesses = [Attempt(f"guess{number}", "x", f"198.51.100.{number}") for number in range(3)]
    for guess in guesses:
        assert await tries(world.house, guess, 1) == [Fault.LOGIN_WRONG]
    assert await tries(world.house, RIGHT, 1) == [Fault.LOGIN_LIMITED]


@pytest.mark.holds("S3", "A2", "A18")
@pytest.mark.parametrize(
    ("neighbour", "stranger"), [("2001:db8:1:{:x}::1", "2001:db8:2::1"), ("198.51.100.{}", "198.51.101.1")]
)
async def test_neighbouring_networks_are_limited_together(
    world: World, monkeypatch: pytest.MonkeyPatch, neighbour: str, stranger: str
) -> None:
    monkeypatch.setattr(logins, "LOGIN_BY_REGION", Limit("login-region", burst=3, interval_ms=1000))
    for number in range(3):
        guess = Attempt(f"guess{number}", "x", neighbour.format(number + 1))
        assert await tries(world.house, guess, 1) == [Fault.LOGIN_WRONG]
    assert await tries(world.house, RIGHT._replace(address=neighbour.format(9)), 1) == [Fault.LOGIN_LIMITED]
    assert await tries(world.house, RIGHT._replace(address=stranger), 1) == [None]


@pytest.mark.holds("A2")
async def test_a_site_full_of_guesses_keeps_nobody_out_where_they_have_signed_in_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visits.sign_in(world.house, RIGHT, remember=False)
    monkeypatch.setattr(logins, "LOGIN_BY_SITE", Limit("login-site", burst=1, interval_ms=1000))
    await tries(world.house, Attempt("guess", "x", "198.51.100.1"), 1)
    assert await tries(world.house, RIGHT._replace(address="192.0.2.200"), 1) == [Fault.LOGIN_LIMITED]
    assert await tries(world.house, RIGHT, 1) == [None]


@pytest.mark.holds("A1")
async def test_parallel_guesses_are_each_counted_once(world: World) -> None:
    faults = await asyncio.gather(*(fault_of(logins.check(world.house, WRONG)) for _ in range(40)))
    assert faults.count(Fault.LOGIN_WRONG) == LOGIN_BY_ACCOUNT.burst
    assert faults.count(Fault.LOGIN_LIMITED) == 40 - LOGIN_BY_ACCOUNT.burst


@pytest.mark.holds("A3")
async def test_somebody_switched_off_hears_of_it_only_with_the_right_password(world: World) -> None:
    await world.house.write(switch_account, world.mira.id, off=True)
    assert await tries(world.house, WRONG, 1) == [Fault.LOGIN_WRONG]
    assert await tries(world.house, RIGHT, 1) == [Fault.ACCOUNT_SWITCHED_OFF]


async def test_a_hash_of_yesterdays_strength_is_made_anew(world: World) -> None:
    stronger = Watched(memory=16)
    house = replace(world.house, hasher=stronger)
    proof = await logins.check(house, RIGHT)
    assert "m=16," in (proof.password_hash or "")
    assert await logins.check(house, RIGHT) == proof
    await stronger.aclose()


async def test_a_login_approves_the_token_of_the_app_that_asks(world: World) -> None:
    token = await world.token(world.cineshelf)
    approved = await logins.validate_with_login(world.house, world.cineshelf.app.id, token, RIGHT)
    assert (approved.state, approved.decided_by) == ("approved", world.mira.id)
    again = await logins.validate_with_login(world.house, world.cineshelf.app.id, token, RIGHT)
    assert again == approved
    approvals = [event for event in await world.house.read(audit) if event.kind == Happened.TOKEN_APPROVED_BY_LOGIN]
    assert [event[:3] for event in approvals] == [(approvals[0].kind, world.cineshelf.app.id, world.mira.id)]


async def test_a_login_approves_nothing_that_it_must_not(world: World, clock: ManualClock) -> None:
    token = await world.token(world.cineshelf)
    denied = await world.token(world.cineshelf)
    await world.decide(denied, world.mira, Decision.DENY)
    taken = await world.approved(world.cineshelf, world.tomas)
    spent, over = [await world.approved(world.cineshelf, world.mira) for _ in range(2)]
    await world.house.write(sessions.exchange, world.cineshelf.app.id, spent, NETWORK)
    cases = [
        (world.reelsync, token, RIGHT, Fault.TOKEN_OF_OTHER_APP),
        (world.cineshelf, token, WRONG, Fault.LOGIN_WRONG),
        (world.cineshelf, "f" * 40, RIGHT, Fault.TOKEN_UNKNOWN),
        (world.cineshelf, "f" * 40, WRONG, Fault.LOGIN_WRONG),
        (world.cineshelf, denied, RIGHT, Fault.TOKEN_DENIED),
        (world.cineshelf, taken, RIGHT, Fault.TOKEN_DECIDED),
        (world.cineshelf, spent, RIGHT, Fault.TOKEN_SPENT),
    ]
    for app, text, attempt, fault in cases:
        assert await fault_of(logins.validate_with_login(world.house, app.app.id, text, attempt)) is fault
    clock.advance(LIFE_MS)
    for text in (token, over):
        late = logins.validate_with_login(world.house, world.cineshelf.app.id, text, RIGHT)
        assert await fault_of(late) is Fault.TOKEN_EXPIRED
    kept = await world.house.read(request_tokens.find, token)
    assert kept
    assert kept.state == "pending"
