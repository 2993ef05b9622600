"""Whoever approves an app is told by mail, with a link that ends that connection once, and only that one (M10)."""

import re
from dataclasses import replace

import pytest

from admitone.basics.mail import Kept, Mail
from admitone.flows import access_tokens, callers, consents, logins, sessions
from admitone.flows.callers import Credential
from admitone.flows.connected import connections
from admitone.flows.house import House
from admitone.flows.logins import Attempt
from admitone.flows.people import app_passwords, outbox
from admitone.model.connected.approvals import SAME_AGAIN, Approval, How
from admitone.model.connected.connections import AppOrder
from admitone.model.faults import Fault
from admitone.model.people.links import LIFE_MS, Purpose
from admitone.model.request_tokens import Decision
from tests.post import MIRAS, give_address, posting
from tests.store.aside import audit, fault_of
from tests.wire.dumps import dump
from tests.world import NETWORK, PASSWORD, Registered, World

HERE = Approval(How.PAGE, "198.51.100.4/32", "Firefox|Windows")
LINK = re.compile(r"/disconnect/([0-9a-f]{40})")


@pytest.fixture
async def told(world: World) -> World:
    """The same world, in which mail is sent and Mira has an address."""
    house = posting(world.house, Kept())
    await house.write(give_address, world.mira.id, MIRAS)
    return replace(world, house=house)


async def approve(world: World, app: Registered, approval: Approval = HERE) -> str:
    token = await world.token(app)
    await world.house.write(consents.decide, token, world.mira.id, Decision.APPROVE, approval)
    return token


async def mails(house: House) -> list[Mail]:
    return [mail for mail in await outbox.kept(house) if mail.subject == "An app was connected to your account"]


async def link_of(house: House, number: int = -1) -> str:
    found = LINK.search((await mails(house))[number].text)
    assert found
    return found[1]


async def works(world: World, app: Registered, session: str) -> bool:
    found = await world.house.read(callers.recognise, Credential(app.key, None, session))
    return found.person is not None


async def test_an_approval_on_the_page_is_told_with_who_asked_and_where_it_was_given(told: World) -> None:
    await approve(told, told.cineshelf)
    (mail,) = await mails(told.house)
    assert mail.to == MIRAS
    for words in ("“CineShelf” by Mira Okafor", "with Firefox (Windows)", "from the network 198.51.100.4/32", "@mira"):
        assert words in " ".join(mail.text.split())


async def test_an_approval_by_password_or_app_password_says_so(told: World) -> None:
    token = await told.token(told.cineshelf)
    attempt = Attempt("mira", PASSWORD, "198.51.100.4")
    await logins.validate_with_login(told.house, told.cineshelf.app.id, token, attempt)
    made = await told.house.write(app_passwords.add, told.mira.id, "Player", NETWORK)
    other = await told.token(told.reelsync)
    await logins.validate_with_login(told.house, told.reelsync.app.id, other, attempt._replace(password=made))
    found = await mails(told.house)
    assert ["“CineShelf”" in found[0].text, "“Reel Sync”" in found[1].text] == [True, True]
    assert all("approved with your user name and a password" in " ".join(mail.text.split()) for mail in found)


async def test_an_approval_of_the_fourth_generation_is_told_and_its_link_ends_the_access_token(told: World) -> None:
    token = await told.access_request(told.cineshelf)
    await told.house.write(consents.decide, token, told.mira.id, Decision.APPROVE, HERE)
    made = await told.house.write(access_tokens.exchange, told.cineshelf.app.id, token, NETWORK)
    await told.house.write(connections.end_by_link, await link_of(told.house), NETWORK)
    ended = told.house.read(callers.recognise, Credential(None, made.text, None))
    assert await fault_of(ended) is Fault.APP_UNKNOWN


async def test_denying_tells_nobody(told: World) -> None:
    token = await told.token(told.cineshelf)
    await told.house.write(consents.decide, token, told.mira.id, Decision.DENY, HERE)
    assert await mails(told.house) == []


async def test_the_link_ends_that_connection_once_and_no_other(told: World) -> None:
    app, house = told.cineshelf, told.house
    session = await house.write(sessions.exchange, app.app.id, await approve(told, app), NETWORK)
    elsewhere = HERE._replace(network="192.0.2.9/32")
    kept = await house.write(sessions.exchange, app.app.id, await approve(told, app, elsewhere), NETWORK)
    first = await link_of(house, 0)
    before = await house.read(connections.of_link, first)
    assert (before.username, before.app, before.used, before.alive) == ("mira", app.app, False, True)
    await house.write(connections.end_by_link, first, "192.0.2.77/32")
    assert [await works(told, app, each) for each in (session, kept)] == [False, True]
    event = (await house.read(audit))[-1]
    assert (event.kind, event.account_id, event.network) == (
        "app disconnected by mail", told.mira.id, "192.0.2.77/32",
    )  # fmt: skip
    after = await house.read(connections.of_link, first)
    assert (after.used, after.alive) == (True, False)
    assert await fault_of(house.write(connections.end_by_link, first, NETWORK)) is Fault.LINK_DEAD


async def test_the_link_takes_back_what_was_not_fetched_yet(told: World) -> None:
    token = await approve(told, told.cineshelf)
    await told.house.write(connections.end_by_link, await link_of(told.house), NETWORK)
    exchange = told.house.write(sessions.exchange, told.cineshelf.app.id, token, NETWORK)
    assert await fault_of(exchange) is Fault.TOKEN_DENIED


@pytest.mark.parametrize("how", ["by the app", "by the person", "all", "by time"])
async def test_the_link_dies_with_the_connection(told: World, how: str) -> None:
    app, house = told.cineshelf, told.house
    session = await house.write(sessions.exchange, app.app.id, await approve(told, app), NETWORK)
    link = await link_of(house)
    if how == "by the app":
        await house.write(sessions.end, app.app.id, session, NETWORK)
    elif how == "by the person":
        await house.write(connections.end_of_app, told.mira.id, app.app.public_id)
    elif how == "all":
        await house.write(connections.end_all, told.mira.id)
    else:
        told.clock.advance(LIFE_MS[Purpose.DISCONNECT])
    assert await fault_of(house.write(connections.end_by_link, link, NETWORK)) is Fault.LINK_DEAD
    assert await works(told, app, session) is (how == "by time")


async def test_the_link_is_good_for_nothing_else_and_is_not_kept(told: World) -> None:
    await approve(told, told.cineshelf)
    link = await link_of(told.house)
    for other in (link[:-1], link[::-1], "", link.upper()):
        assert await fault_of(told.house.write(connections.end_by_link, other, NETWORK)) is Fault.LINK_DEAD
    assert link not in str(await dump(told.house))


async def test_the_same_again_within_a_day_is_told_once_and_anything_else_at_once(told: World) -> None:
    for _ in range(3):
        await approve(told, told.cineshelf)
    assert len(await mails(told.house)) == 1
    await approve(told, told.cineshelf, HERE._replace(network="192.0.2.9/32"))
    await approve(told, told.cineshelf, HERE._replace(how=How.LOGIN))
    await approve(told, told.reelsync)
    assert len(await mails(told.house)) == 4
    told.clock.advance(SAME_AGAIN.interval_ms)
    await approve(told, told.cineshelf)
    assert len(await mails(told.house)) == 5


async def test_how_it_was_approved_stays_with_the_connection(told: World) -> None:
    app = told.cineshelf
    await told.house.write(sessions.exchange, app.app.id, await approve(told, app), NETWORK)
    token = await told.token(app)
    await logins.validate_with_login(told.house, app.app.id, token, Attempt("mira", PASSWORD, "192.0.2.9"))
    told.clock.advance(1)
    await told.house.write(sessions.exchange, app.app.id, token, NETWORK)
    (found,) = (await told.house.read(connections.overview, told.mira.id, AppOrder.USED)).apps
    given = [(each.approved_how, each.approved_network, each.approved_browser) for each in found.connections]
    assert given == [("login", "192.0.2.9/32", ""), ("page", "198.51.100.4/32", "Firefox|Windows")]
