"""How many transactions and statements each flow takes, exactly: on both engines alike."""

import pytest

from admitone.flows import access_tokens, callers, consents, guests, logins, request_tokens, sessions, visits
from admitone.flows.callers import Credential
from admitone.flows.fourth import account as fourth_account
from admitone.flows.fourth import lists as fourth_lists
from admitone.flows.fourth import recommendations
from admitone.flows.fourth.lists import Item, ListChange, NewFourthList
from admitone.flows.logins import Attempt
from admitone.flows.media import lists, marks, ratings, search, states, titles
from admitone.flows.media.lists import NewList
from admitone.flows.media.marks import Marked
from admitone.flows.media.ratings import Rater
from admitone.flows.throttle import limited
from admitone.model.faults import Fault
from admitone.model.limits import TOKENS
from admitone.model.lists import ListSort
from admitone.model.media import ExternalSource, Mark, MediaType, RatedType, Subject
from admitone.model.paging import Order, Sorting
from admitone.model.request_tokens import Decision
from tests.flows.conftest import Counted
from tests.store.aside import fault_of
from tests.world import NETWORK, PASSWORD, World

FILM = Subject(RatedType.MOVIE, 550)


async def test_a_request_token_costs_two_statements_and_one_more_with_its_limit(counted: Counted, world: World) -> None:
    app_id = world.cineshelf.app.id
    await counted.house.write(request_tokens.issue, app_id, NETWORK)
    assert counted.store.cost() == ["write 2"]
    await counted.house.write(limited(TOKENS, app_id, NETWORK)(request_tokens.issue), app_id, NETWORK)
    assert counted.store.cost() == ["write 3"]


async def test_an_exchange_costs_three_statements_and_a_refused_one_two(counted: Counted, world: World) -> None:
    token = await world.approved(world.cineshelf, world.mira)
    await counted.house.write(sessions.exchange, world.cineshelf.app.id, token, NETWORK)
    assert counted.store.cost() == ["write 3"]
    await fault_of(counted.house.write(sessions.exchange, world.cineshelf.app.id, token, NETWORK))
    assert counted.store.cost() == ["write 2"]


async def test_a_user_access_token_costs_four_statements_and_its_request_three(counted: Counted, world: World) -> None:
    app_id = world.cineshelf.app.id
    token = await counted.house.write(access_tokens.issue, app_id, NETWORK, "https://cineshelf.example/back")
    assert counted.store.cost() == ["write 3"]
    await world.decide(token, world.mira)
    made = await counted.house.write(access_tokens.exchange, app_id, token, NETWORK)
    assert counted.store.cost() == ["write 4"]
    await fault_of(counted.house.write(access_tokens.exchange, app_id, token, NETWORK))
    assert counted.store.cost() == ["write 2"]
    await counted.house.read(access_tokens.convert, app_id, made.text)
    assert counted.store.cost() == ["read 1"]
    await counted.house.write(access_tokens.end, app_id, made.text, NETWORK)
    assert counted.store.cost() == ["write 2"]


async def test_the_end_of_a_session_costs_two_statements(counted: Counted, world: World) -> None:
    session = await world.session(world.cineshelf, world.mira)
    await counted.house.write(sessions.end, world.cineshelf.app.id, session, NETWORK)
    assert counted.store.cost() == ["write 2"]


async def test_a_caller_costs_one_statement_however_it_comes(counted: Counted, world: World) -> None:
    key, read_token = world.cineshelf.credentials
    session = await world.session(world.cineshelf, world.mira)
    credentials = [
        Credential(key, None, None),
        Credential(key, None, session),
        Credential(None, read_token, None),
        Credential(None, read_token, session),
        Credential(key, read_token, session),
        Credential("0" * 32, None, session),
        Credential(None, await world.access_token(world.cineshelf, world.mira), None),
    ]
    for credential in credentials:
        await fault_of(counted.house.glance(callers.recognise, credential))
        assert counted.store.cost() == ["glance 1"], credential
    await counted.house.glance(callers.recognise, Credential(key, read_token, None))
    assert counted.store.cost() == ["glance 2"]


async def test_the_approve_page_costs_six_statements_and_a_decision_six(counted: Counted, world: World) -> None:
    token = await world.token(world.cineshelf)
    await counted.house.read(consents.look, token, world.mira.id)
    assert counted.store.cost() == ["read 6"]
    await counted.house.write(consents.decide, token, world.mira.id, Decision.APPROVE)
    assert counted.store.cost() == ["write 6"]
    await counted.house.read(visits.find, "nobody's visit")
    assert counted.store.cost() == ["read 1"]


async def test_a_rating_costs_three_statements_with_its_vote_and_what_was_before_and_a_page_of_them_two(
    counted: Counted, world: World
) -> None:
    mira, app_id = Rater(world.mira.id), world.cineshelf.app.id
    await counted.house.write(ratings.rate, mira, app_id, FILM, 17)
    assert counted.store.cost() == ["write 3"]
    await counted.house.write(ratings.rate, mira, app_id, FILM, 17)
    assert counted.store.cost() == ["write 2"]  # no vote has changed
    await counted.house.write(ratings.unrate, mira, None, FILM)
    assert counted.store.cost() == ["write 4"]
    await counted.house.read(ratings.rated_titles, mira, RatedType.MOVIE, Order.OLDEST_FIRST, 1)
    assert counted.store.cost() == ["read 2"]
    await counted.house.read(ratings.rated_episodes, mira, Order.OLDEST_FIRST, 1)
    assert counted.store.cost() == ["read 2"]


async def test_a_guest_costs_one_statement_and_what_it_rates_one(counted: Counted, world: World) -> None:
    app_id = world.cineshelf.app.id
    text = (await counted.house.write(guests.start, app_id, NETWORK)).text
    assert counted.store.cost() == ["write 1"]
    guest = await counted.house.read(guests.must_find, app_id, text)
    assert counted.store.cost() == ["read 1"]
    await counted.house.write(ratings.rate, Rater(guest.id, guest=True), app_id, FILM, 17)
    assert counted.store.cost() == ["write 1"]  # a guest has no vote


async def test_marks_cost_two_statements_and_states_one(counted: Counted, world: World) -> None:
    which = Marked(Mark.FAVORITE, MediaType.MOVIE, 550)
    await counted.house.write(marks.mark, world.mira.id, world.cineshelf.app.id, which)
    assert counted.store.cost() == ["write 2"]
    await counted.house.glance(states.of_subject, Rater(world.mira.id), FILM)
    assert counted.store.cost() == ["glance 1"]
    await counted.house.read(marks.marked, world.mira.id, which.mark, which.media_type, Order.OLDEST_FIRST, 1)
    assert counted.store.cost() == ["read 2"]
    await counted.house.write(marks.unmark, world.mira.id, None, which)
    assert counted.store.cost() == ["write 2"]


async def test_titles_cost_one_statement_and_a_page_of_popular_ones_two(counted: Counted) -> None:
    await counted.house.read(titles.show, MediaType.MOVIE, 550)
    assert counted.store.cost() == ["read 1"]
    for typed in ("f", "fight club", "a name as long as no title has ever been"):
        await counted.house.read(search.by_name, typed, tuple(MediaType), 1)
        assert counted.store.cost() == ["read 1"]
    await counted.house.read(search.by_external_id, ExternalSource.IMDB, "tt0137523")
    assert counted.store.cost() == ["read 1"]
    await counted.house.read(search.popular, MediaType.MOVIE, 1)
    assert counted.store.cost() == ["read 2"]


async def test_lists_cost_two_to_four_statements(counted: Counted, world: World) -> None:
    list_id = await counted.house.write(lists.create, world.mira.id, None, NewList("Noir", "", "en", True))
    assert counted.store.cost() == ["write 2"]
    await counted.house.write(lists.add_item, world.mira.id, None, list_id, MediaType.MOVIE, 550)
    assert counted.store.cost() == ["write 4"]
    await counted.house.read(lists.show, list_id, None, 1)
    assert counted.store.cost() == ["read 2"]
    await counted.house.read(lists.has_item, None, list_id, MediaType.MOVIE, 550)
    assert counted.store.cost() == ["read 2"]
    await counted.house.read(lists.of_account, world.mira.id, 1)
    assert counted.store.cost() == ["read 2"]
    await counted.house.read(lists.with_title, MediaType.MOVIE, 550, 1)
    assert counted.store.cost() == ["read 3"]
    await counted.house.write(lists.remove_item, world.mira.id, None, list_id, MediaType.MOVIE, 550)
    assert counted.store.cost() == ["write 3"]
    await counted.house.write(lists.clear, world.mira.id, None, list_id)
    assert counted.store.cost() == ["write 3"]
    await counted.house.write(lists.delete, world.mira.id, None, list_id)
    assert counted.store.cost() == ["write 4"]


async def test_lists_of_the_fourth_generation_cost_two_statements_to_read_and_one_to_three_an_item_to_write(
    counted: Counted, world: World
) -> None:
    who, items = (world.mira.id, world.cineshelf.app.id), [Item(MediaType.MOVIE, film, True) for film in (550, 11)]
    new = NewFourthList("Noir", "", "en", "US", public=True, sort=ListSort.ORIGINAL)
    list_id = await counted.house.write(fourth_lists.create, *who, new)
    assert counted.store.cost() == ["write 2"]
    await counted.house.write(fourth_lists.add, *who, list_id, items)
    assert counted.store.cost() == ["write 4"]
    commented = [item._replace(comment="Twice.") for item in items]
    await counted.house.write(fourth_lists.comment, *who, list_id, commented)
    assert counted.store.cost() == ["write 6"]
    await counted.house.write(fourth_lists.comment, *who, list_id, commented)
    assert counted.store.cost() == ["write 4"]  # nothing has changed
    for sort in (None, *ListSort):
        await counted.house.read(fourth_lists.show, list_id, None, sort, 1)
        assert counted.store.cost() == ["read 2"]
    await counted.house.read(fourth_lists.of_account, world.mira.id, 1)
    assert counted.store.cost() == ["read 2"]
    await counted.house.write(fourth_lists.update, *who, list_id, ListChange("Black", None, None, None, None))
    assert counted.store.cost() == ["write 4"]
    await counted.house.write(fourth_lists.update, *who, list_id, ListChange(None, None, None, None, None))
    assert counted.store.cost() == ["write 1"]
    await counted.house.write(fourth_lists.remove, *who, list_id, items)
    assert counted.store.cost() == ["write 4"]


async def test_pages_of_the_fourth_generations_account_cost_two_statements_and_what_it_recommends_four(
    counted: Counted, world: World
) -> None:
    for person, film in ((world.mira, 550), (world.tomas, 550), (world.tomas, 11)):
        await world.house.write(ratings.rate, Rater(person.id), None, Subject(RatedType.MOVIE, film), 17)
    for media_type in MediaType:
        for sort in Sorting:
            for mark in Mark:
                await counted.house.read(fourth_account.marked, world.mira.id, mark, media_type, sort, 1)
                assert counted.store.cost() == ["read 2"]
            await counted.house.read(fourth_account.rated, world.mira.id, media_type, sort, 1)
            assert counted.store.cost() == ["read 2"]
    found = await counted.house.read(recommendations.recommended, world.mira.id, MediaType.MOVIE, 1)
    assert [title.id for title in found.rows] == [11]
    assert counted.store.cost() == ["read 4"]
    await counted.house.read(recommendations.recommended, world.mira.id, MediaType.TV, 1)
    assert counted.store.cost() == ["read 1"]  # who rated nothing is recommended nothing


@pytest.mark.holds("A5")
async def test_an_unknown_name_costs_what_a_wrong_password_costs(counted: Counted) -> None:
    costs = []
    for username in ("mira", "nobody", "", "mira\0"):
        attempt = Attempt(username, "not the password", "203.0.113.7")
        assert await fault_of(logins.check(counted.house, attempt)) is Fault.LOGIN_WRONG
        costs.append(counted.store.cost())
    assert costs == [["write 7", "write 1"]] * 4


@pytest.mark.holds("A5")
async def test_for_an_app_as_well(counted: Counted, world: World) -> None:
    token = await world.token(world.cineshelf)
    counted.store.cost()
    costs = []
    for username in ("mira", "nobody", "", "mira\0"):
        attempt = Attempt(username, "not the password", "203.0.113.7")
        asked = logins.validate_with_login(counted.house, world.cineshelf.app.id, token, attempt)
        assert await fault_of(asked) is Fault.LOGIN_WRONG
        costs.append(counted.store.cost())
    assert costs == [["write 8", "write 1"]] * 4


async def test_a_sign_in_costs_three_transactions(counted: Counted) -> None:
    await visits.sign_in(counted.house, Attempt("mira", PASSWORD, "203.0.113.7"), remember=False)
    assert counted.store.cost() == ["write 7", "write 5", "write 7"]
