"""A person decides what an app asks, and goes where the app may send them."""

from urllib.parse import quote

import pytest

from admitone.flows import sessions
from admitone.flows.people import addresses
from admitone.model.faults import Fault, Refused
from admitone.model.request_tokens import Decision, State
from admitone.model.web.returns import Unregistered
from admitone.pages.site import Site
from tests.pages.browser import CALLBACK, Browser, Form, state_of, title, words
from tests.world import MINUTE, NETWORK, Registered, World


async def test_the_ticket_says_who_asks_for_what_as_whom_and_where_to(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    world.clock.advance(2 * MINUTE)
    page = await mira.get(f"/authenticate/{token}")
    assert page.status_code == 200
    assert title(page) == "Connect Reel Sync? – Admit One"
    said = words(page)
    for sentence in (
        "Connect Reel Sync to your account?",
        "Reel Sync is made by Tomas Lindqvist, not by Admit One.",
        "Signed in as Mira Okafor @mira Not you?",
        "Reel Sync will be able to See your name, language, ratings, lists, favourites and watchlist",
        "Add, change and remove ratings, lists, favourites and watchlist entries",
        "It won’t see your password or e-mail address, and can’t change how you sign in",
        "If you approve, you go to a page that says you can close it",
        "Asked 2 minutes ago, on your network Didn’t start this yourself? Deny it. Deny Approve",
    ):
        assert sentence in said
    assert "Take a closer look" not in said
    assert "people here use it" not in said  # two accounts: the number would mean nothing


async def test_another_network_is_said_and_nothing_where_the_address_may_be_anybodys(world: World) -> None:
    token = await world.token(world.reelsync)
    away = Browser(world, address="198.51.100.1")
    await away.sign_in()
    assert ", on another network" in words(await away.get(f"/authenticate/{token}"))
    unsure = Browser(world, Site("https://admit.example"))
    await unsure.sign_in()
    assert "network" not in words(await unsure.get(f"/authenticate/{token}"))


async def test_approving_without_an_address_ends_on_the_page_that_says_so(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    answer = await mira.press(await mira.get(f"/authenticate/{token}"), decision="approve")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/authenticate/{token}/allow")
    assert await state_of(world, token) is State.APPROVED
    page = await mira.get(answer.headers["location"])
    assert page.status_code == 200
    assert "Reel Sync is connected You can close this window and go back to Reel Sync." in words(page)
    call = page.headers["authentication-callback"]
    assert call == f"https://admit.example/3/authentication/session/new?request_token={token}"
    assert await world.house.write(sessions.exchange, world.reelsync.app.id, token, NETWORK)
    assert "is connected" in words(await mira.follow(f"/authenticate/{token}"))  # also once the app has picked it up


async def test_a_database_that_is_lost_is_not_taken_for_an_unconfirmed_address(
    mira: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object) -> None:
        raise Refused(Fault.STORE_DOWN, retry_after=5)

    token = await world.token(world.reelsync)
    monkeypatch.setattr(addresses, "is_unconfirmed", lost)
    page = await mira.get(f"/authenticate/{token}")
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "Nothing was changed." in words(page)


async def test_denying_without_an_address_ends_on_the_page_that_says_so(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    answer = await mira.press(await mira.get(f"/authenticate/{token}"), decision="deny")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/authenticate/{token}/deny")
    assert await state_of(world, token) is State.DENIED
    page = await mira.get(answer.headers["location"])
    assert (page.status_code, title(page)) == (200, "Denied – Admit One")
    assert "You said no to Reel Sync Nothing was shared and nothing was changed." in words(page)
    assert "authentication-callback" not in page.headers


@pytest.mark.parametrize(
    ("address", "where"),
    [
        (CALLBACK, "you go back to paperboy.example"),
        ("http://127.0.0.1:8731/back", "you go back to a program on this device (127.0.0.1:8731)"),
        ("paperboy://back", "you go back to the Paper Boy app on this device"),
    ],
)
@pytest.mark.parametrize(("decision", "flag"), [("approve", "approved"), ("deny", "denied")])
@pytest.mark.parametrize("encoded", [True, False])
async def test_a_registered_address_is_followed_at_once(
    mira: Browser, world: World, listed: Registered, address: str, where: str, decision: str, flag: str, encoded: bool
) -> None:
    token = await world.token(listed)
    written = quote(address, safe="") if encoded else address
    page = await mira.get(f"/authenticate/{token}?redirect_to={written}")
    assert where in words(page)
    scheme = address.partition(":")[0]
    extra = "" if scheme == "https" else f" {scheme}:"
    assert f"form-action 'self' https:{extra};" in page.headers["content-security-policy"]
    answer = await mira.press(page, decision=decision)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{address}?request_token={token}&{flag}=true"
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_state_is_handed_back_last(mira: Browser, world: World, listed: Registered) -> None:
    token = await world.token(listed)
    page = await mira.get(f"/authenticate/{token}?redirect_to={CALLBACK}&state=a%20b%26c")
    answer = await mira.press(page, decision="approve")
    assert answer.headers["location"] == f"{CALLBACK}?request_token={token}&approved=true&state=a%20b%26c"


@pytest.mark.parametrize("state", ["x" * 513, "%0d%0aSet-Cookie:x", "%ff", "%e2%80%ae"])
async def test_a_state_that_could_not_come_back_as_it_was_is_left_out(
    mira: Browser, world: World, listed: Registered, state: str
) -> None:
    token = await world.token(listed)
    page = await mira.get(f"/authenticate/{token}?redirect_to={CALLBACK}&state={state}")
    answer = await mira.press(page, decision="approve")
    assert answer.headers["location"] == f"{CALLBACK}?request_token={token}&approved=true"


@pytest.mark.parametrize("address", ["https://evil.example/", "javascript:alert(1)", CALLBACK + "/", "//evil.example"])
@pytest.mark.parametrize("decision", ["approve", "deny"])
async def test_an_address_that_is_not_registered_stops_everything(
    mira: Browser, world: World, listed: Registered, address: str, decision: str
) -> None:
    token = await world.token(listed)
    page = await mira.get(f"/authenticate/{token}?redirect_to={quote(address, safe='')}")
    assert page.status_code == 400
    assert "This request was put together wrongly" in words(page)
    assert "Nothing was approved." in words(page)
    honest = await mira.get(f"/authenticate/{token}?redirect_to={CALLBACK}")
    answer = await mira.press(honest, decision=decision, redirect_to=address)  # swapped on the way
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert await state_of(world, token) is State.PENDING


@pytest.mark.holds("F4")
async def test_an_address_swapped_for_another_registered_one_is_not_followed(
    mira: Browser, world: World, listed: Registered
) -> None:
    token = await world.token(listed)
    page = await mira.get(f"/authenticate/{token}?redirect_to={CALLBACK}")
    answer = await mira.press(page, decision="approve", redirect_to="paperboy://back")
    assert (answer.status_code, await state_of(world, token)) == (422, State.PENDING)


@pytest.mark.holds("ASVS 3.7.3")
async def test_without_registered_addresses_a_page_asks_before_it_sends_anybody_on(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    page = await mira.get(f"/authenticate/{token}?redirect_to=https://reel.example/cb?x=1&state=s")
    assert "If you approve, we ask before you go to reel.example" in words(page)
    answer = await mira.press(page, decision="approve")
    assert answer.headers["location"].startswith(f"/authenticate/{token}/allow?")
    page = await mira.get(answer.headers["location"])
    assert "It asks to take you to reel.example, an address it hasn’t registered." in words(page)
    assert "Continue to reel.example Stay here" in words(page)
    link = f"https://reel.example/cb?x=1&amp;request_token={token}&amp;approved=true&amp;state=s"
    assert f'href="{link}" rel="noreferrer noopener"' in page.text
    assert "authentication-callback" in page.headers
    stayed = await mira.get(f"/authenticate/{token}/allow")
    assert "Continue" not in words(stayed)


async def test_nobody_can_put_an_address_of_their_own_on_the_approved_page(mira: Browser, world: World) -> None:
    token, other = await world.token(world.reelsync), await world.token(world.reelsync)
    pages = [await mira.get(f"/authenticate/{each}?redirect_to=https://reel.example/") for each in (token, other)]
    onward = [(await mira.press(page, decision="approve")).headers["location"] for page in pages]
    for query in (onward[1].partition("?")[2], "onward=https://evil.example", "onward=x.y", "onward=%ff"):
        page = await mira.get(f"/authenticate/{token}/allow?{query}")
        assert "Continue" not in words(page)


@pytest.mark.holds("F24")
async def test_a_denial_is_never_sent_to_an_address_that_is_not_registered(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    page = await mira.get(f"/authenticate/{token}?redirect_to=https://reel.example/cb")
    answer = await mira.press(page, decision="deny")
    assert answer.headers["location"] == f"/authenticate/{token}/deny"
    assert "reel.example" not in (await mira.get(answer.headers["location"])).text


@pytest.mark.parametrize("policy", [Unregistered.FOLLOW, Unregistered.REFUSE])
async def test_the_operator_may_follow_or_refuse_what_is_not_registered(world: World, policy: Unregistered) -> None:
    browser = Browser(world, Site("https://admit.example", unregistered=policy))
    await browser.sign_in()
    token = await world.token(world.reelsync)
    page = await browser.get(f"/authenticate/{token}?redirect_to=reelsync://done")
    if policy is Unregistered.REFUSE:
        assert page.status_code == 400
        assert "It asks to send you to an address that Reel Sync hasn’t registered." in words(page)
    else:
        assert "you go to the app on this device that opens “reelsync:”" in words(page)
        answer = await browser.press(page, decision="approve")
        assert answer.headers["location"] == f"reelsync://done?request_token={token}&approved=true"


async def test_opening_allow_or_deny_decides_nothing(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    pages = [await mira.get(f"/authenticate/{token}/{ending}") for ending in ("allow", "deny")]
    for page in pages:
        assert page.status_code == 200
        assert "Connect Reel Sync to your account?" in words(page)
        assert "authentication-callback" not in page.headers
    assert await state_of(world, token) is State.PENDING
    answer = await mira.press(pages[0], decision="approve")  # and the page that came works
    assert answer.headers["location"] == f"/authenticate/{token}/allow"


@pytest.mark.parametrize("ending", ["allow", "deny"])
async def test_the_neutral_pages_say_nothing_about_any_request(mira: Browser, ending: str) -> None:
    page = await mira.get(f"/authenticate/{ending}")
    assert (page.status_code, words(page)) == (200, "You can close this window.")


@pytest.mark.parametrize(("ending", "state"), [("allow", State.APPROVED), ("deny", State.DENIED)])
async def test_posting_to_allow_and_deny_decides(mira: Browser, world: World, ending: str, state: State) -> None:
    token = await world.token(world.reelsync)
    page = await mira.get(f"/authenticate/{token}")
    answer = await mira.send(f"/authenticate/{token}/{ending}", Form(page.text).hidden)
    assert answer.headers["location"] == f"/authenticate/{token}/{ending}"
    assert await state_of(world, token) is state


async def test_a_form_without_a_button_asks_which(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    page = await mira.press(await mira.get(f"/authenticate/{token}"))
    assert (page.status_code, title(page)) == (422, "Error: Connect Reel Sync? – Admit One")
    assert "Choose Deny or Approve." in words(page)
    assert await state_of(world, token) is State.PENDING


async def test_the_same_decision_again_has_the_same_answer(mira: Browser, world: World, listed: Registered) -> None:
    token = await world.token(listed)
    page = await mira.get(f"/authenticate/{token}?redirect_to={CALLBACK}")
    first, second = [await mira.press(page, decision="approve") for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    assert (await mira.get(f"/authenticate/{token}")).headers["location"] == f"/authenticate/{token}/allow"


@pytest.mark.parametrize(("said", "then", "ending"), [("approve", "deny", "allow"), ("deny", "approve", "deny")])
async def test_the_opposite_decision_changes_nothing(
    mira: Browser, world: World, said: str, then: str, ending: str
) -> None:
    token = await world.token(world.reelsync)
    page = await mira.get(f"/authenticate/{token}")
    await mira.press(page, decision=said)
    answer = await mira.press(page, decision=then)
    assert answer.headers["location"] == f"/authenticate/{token}/{ending}"
    other = {"allow": "deny", "deny": "allow"}[ending]
    assert (await mira.get(f"/authenticate/{token}/{other}")).headers["location"] == answer.headers["location"]


@pytest.mark.holds("F12")
async def test_a_request_decided_by_somebody_else_looks_expired(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    page = await mira.get(f"/authenticate/{token}")
    await world.decide(token, world.tomas)
    for answer in (await mira.get(f"/authenticate/{token}"), await mira.press(page, decision="approve")):
        assert (answer.status_code, title(answer)) == (404, "This request has expired – Admit One")


async def test_a_request_ends_with_its_hour(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    page = await mira.get(f"/authenticate/{token}")
    world.clock.advance(60 * MINUTE - 1)
    assert (await mira.get(f"/authenticate/{token}")).status_code == 200
    world.clock.advance(1)
    answers = [await mira.get(f"/authenticate/{token}"), await mira.press(page, decision="approve")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert await state_of(world, token) is State.PENDING


@pytest.mark.holds("F16", "ASVS 7.6.2")
async def test_an_app_that_is_connected_says_since_when(mira: Browser, world: World) -> None:
    await world.session(world.reelsync, world.mira)
    world.clock.advance(1000)
    page = await mira.get(f"/authenticate/{await world.token(world.reelsync)}")
    assert "You connected it on 15 January; this adds another device." in words(page)


async def test_a_decision_made_elsewhere_shows_here(mira: Browser, world: World) -> None:
    token = await world.token(world.reelsync)
    page = await mira.get(f"/authenticate/{token}")
    await world.decide(token, world.mira, Decision.DENY)
    answer = await mira.press(page, decision="approve")
    assert "You said no to Reel Sync" in words(await mira.follow(answer.headers["location"]))
