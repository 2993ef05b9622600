"""Whatever many programs do at the same moment, one of them wins: real threads, each with its own loop and store."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from admitone.flows import access_tokens, accounts, apps, consents, request_tokens, sessions, throttle
from admitone.flows.apps import Registration
from admitone.flows.house import House
from admitone.flows.media import lists, ratings
from admitone.flows.media.lists import NewList
from admitone.flows.media.ratings import Rater
from admitone.model.faults import Fault
from admitone.model.limits import Limit
from admitone.model.media import MediaType, RatedType, Subject
from admitone.model.paging import Order
from admitone.model.request_tokens import Decision
from tests.store.aside import rows
from tests.store.crowd import MEMBERS, Crowd, Work, faults
from tests.world import NETWORK, PASSWORD, World

FIGHT_CLUB = 550


async def approved(world: World, how_many: int) -> list[str]:
    """Tokens of CineShelf that Mira has approved."""
    return await asyncio.gather(*(world.approved(world.cineshelf, world.mira) for _ in range(how_many)))


@pytest.mark.holds("F11")
async def test_a_token_is_spent_once_however_many_exchange_it(crowd: Crowd, world: World) -> None:
    rounds, each = 500, 2
    tokens = await approved(world, rounds)

    def exchange(number: int) -> Work:
        return lambda house, _: house.write(sessions.exchange, world.cineshelf.app.id, tokens[number], NETWORK)

    for outcomes in await crowd.rush(rounds, exchange, each):
        assert faults(outcomes) == [Fault.TOKEN_SPENT] * (MEMBERS * each - 1)
    assert await world.house.read(rows, "sessions") == rounds


async def test_a_request_is_one_user_access_token_however_many_ask_for_it(crowd: Crowd, world: World) -> None:
    rounds, each = 100, 2
    made = [world.approved_access(world.cineshelf, world.mira) for _ in range(rounds)]
    tokens = await asyncio.gather(*made)

    def poll(number: int) -> Work:
        return lambda house, _: house.write(access_tokens.exchange, world.cineshelf.app.id, tokens[number], NETWORK)

    given = set()
    for outcomes in await crowd.rush(rounds, poll, each):
        assert faults(outcomes) == [Fault.TOKEN_SPENT] * (MEMBERS * each - 1)
        given |= {each.text for each in outcomes if not isinstance(each, Fault)}
    assert len(given) == await world.house.read(rows, "sessions") == rounds


@pytest.mark.holds("F12")
async def test_one_decision_stands_however_many_decide(crowd: Crowd, world: World) -> None:
    rounds = 500
    tokens = await asyncio.gather(*(world.token(world.cineshelf) for _ in range(rounds)))

    def wants(number: int) -> tuple[int, Decision]:
        return (world.mira, world.tomas)[number % 2].id, (Decision.APPROVE, Decision.DENY)[number // 2 % 2]

    def decide(number: int) -> Work:
        return lambda house, who: house.write(consents.decide, tokens[number], *wants(who))

    for token, outcomes in zip(tokens, await crowd.rush(rounds, decide), strict=True):
        won = {wants(number) for number, each in enumerate(outcomes) if not isinstance(each, Fault)}
        ((account_id, decision),) = won
        assert set(faults(outcomes)) <= {Fault.TOKEN_DECIDED, Fault.TOKEN_DENIED}
        kept = await world.house.read(request_tokens.find, token)
        assert kept
        assert (kept.decided_by, kept.state) == (account_id, decision.state.value)


async def test_an_exchange_and_the_end_of_its_app_leave_nothing_behind(crowd: Crowd, world: World) -> None:
    rounds = 5  # on PostgreSQL each may end in a deadlock, which takes a second to be found
    made = [await world.house.write(apps.add, Registration(f"App number {n}", "mira")) for n in range(rounds)]
    tokens = [(await world.house.write(request_tokens.issue, app.id, NETWORK)).text for app, _ in made]
    for token in tokens:
        await world.decide(token, world.tomas)

    def race(number: int) -> Work:
        app = made[number][0]

        def act(house: House, who: int) -> Any:
            if who % 4 == 0:
                return house.write(apps.remove, app.public_id)
            return house.write(sessions.exchange, app.id, tokens[number], NETWORK)

        return act

    for outcomes in await crowd.rush(rounds, race):
        assert sorted(faults(outcomes[::4])) == [Fault.APP_UNKNOWN] * (MEMBERS // 4 - 1)
        assert set(faults(outcomes)) <= {Fault.APP_UNKNOWN, Fault.TOKEN_UNKNOWN, Fault.TOKEN_SPENT}
    assert await world.house.read(rows, "sessions") == 0
    assert await world.house.read(rows, "request_tokens") == 0


@pytest.mark.holds("A1")
async def test_a_limit_lets_exactly_its_burst_through(crowd: Crowd) -> None:
    limit = Limit("test", burst=20, interval_ms=1000)

    def take(number: int) -> Work:
        return lambda house, _: house.write(throttle.take, Fault.RATE_LIMITED, limit, number)

    for outcomes in await crowd.rush(10, take, each=10):
        assert Counter(outcomes) == {None: 20, Fault.RATE_LIMITED: MEMBERS * 10 - 20}


async def test_a_user_name_is_given_once(crowd: Crowd, world: World) -> None:
    rounds = 20
    spelled = ["nia{}", "Nia{}", "NIA{}", "nIa{}"]

    def sign_up(number: int) -> Work:
        return lambda house, who: accounts.add(house, spelled[who % 4].format(number), PASSWORD)

    for outcomes in await crowd.rush(rounds, sign_up):
        assert faults(outcomes) == [Fault.USERNAME_TAKEN] * (MEMBERS - 1)
    assert await world.house.read(rows, "accounts") == 2 + rounds


async def test_the_name_of_an_app_is_given_once(crowd: Crowd, world: World) -> None:
    rounds = 20

    def register(number: int) -> Work:
        return lambda house, _: house.write(apps.add, Registration(f"Watch Party {number}", "mira"))

    for outcomes in await crowd.rush(rounds, register):
        assert faults(outcomes) == [Fault.NAME_TAKEN] * (MEMBERS - 1)
    assert await world.house.read(rows, "app_credentials") == 2 + rounds


async def test_a_title_is_put_on_a_list_once_and_taken_off_once(crowd: Crowd, world: World) -> None:
    rounds = 40
    account_id = world.mira.id
    made = [
        await world.house.write(lists.create, account_id, None, NewList("Noir", "", "en", True)) for _ in range(rounds)
    ]

    def add(number: int) -> Work:
        return lambda house, _: house.write(lists.add_item, account_id, None, made[number], MediaType.MOVIE, FIGHT_CLUB)

    def remove(number: int) -> Work:
        return lambda house, _: house.write(
            lists.remove_item, account_id, None, made[number], MediaType.MOVIE, FIGHT_CLUB
        )

    for outcomes in await crowd.rush(rounds, add):
        assert faults(outcomes) == [Fault.LIST_ITEM_TWICE] * (MEMBERS - 1)
    assert await world.house.read(rows, "list_items") == rounds
    for outcomes in await crowd.rush(rounds, remove):
        assert faults(outcomes) == [Fault.LIST_ITEM_ABSENT] * (MEMBERS - 1)
    assert await world.house.read(rows, "list_items") == 0


async def test_a_rating_is_new_once_and_one_vote(crowd: Crowd, world: World) -> None:
    mira = Rater(world.mira.id)

    def rate(_: int) -> Work:
        subject = Subject(RatedType.MOVIE, FIGHT_CLUB)
        return lambda house, who: house.write(ratings.rate, mira, world.cineshelf.app.id, subject, who + 1)

    (outcomes,) = await crowd.rush(1, rate)
    assert Counter(outcomes) == {True: 1, False: MEMBERS - 1}
    page = await world.house.read(ratings.rated_titles, mira, RatedType.MOVIE, Order.OLDEST_FIRST, 1)
    assert page.total == 1
    ((title, halves),) = page.rows
    assert (title.votes, title.halves) == (1, halves)  # whoever came last
