"""Whoever makes an account with another's address gains nothing when its owner comes, in five forms (A11)."""

import pytest

from admitone.flows import callers, logins, sessions
from admitone.flows.callers import Credential
from admitone.flows.logins import Attempt
from admitone.flows.people import app_passwords, authenticators, factors
from admitone.model.faults import Fault
from admitone.model.people.factors import SECRET_BYTES
from tests.factors import AuthenticatorApp, plant_passkey, with_authenticator
from tests.pages.browser import Browser, title, words
from tests.pages.people.conftest import PASSWORD, Town, form_of, sign_up
from tests.store.aside import fault_of, rows
from tests.world import NETWORK

VICTIMS = "victim@example.org"
ATTACKERS = "attacker@example.org"
HERS = "the owner chose another"
NUMBER = 3


async def hijacked(town: Town) -> Browser:
    """The browser of somebody who has signed up with an address that is not theirs."""
    attacker = town.browser()
    answer = await sign_up(attacker, "victim", VICTIMS)
    assert answer.status_code == 303
    return attacker


async def recovered(town: Town) -> Browser:
    """The browser of the address's owner, who has found that there is an account and set a password by mail."""
    victim = town.browser()
    await victim.press(await victim.get("/forgot"), username=VICTIMS)
    done = await victim.press(await victim.get(await town.link("/reset")), password=HERS)
    assert (done.status_code, done.headers["location"]) == (303, "/account/password/apps")
    return victim


@pytest.mark.holds("A11")
async def test_form_1_the_password_that_was_planted_ends(town: Town) -> None:
    attacker = await hijacked(town)
    await recovered(town)
    answer = await attacker.press(await town.browser().get("/signin"), username="victim", password=PASSWORD)
    assert answer.status_code == 422
    again = town.browser()
    assert (await again.press(await again.get("/signin"), username="victim", password=PASSWORD)).status_code == 422


@pytest.mark.holds("A11")
async def test_form_2_the_visit_that_was_kept_ends(town: Town) -> None:
    attacker = await hijacked(town)
    page = await attacker.get("/signin")
    assert (await attacker.get("/account")).status_code == 200
    await attacker.press(page, username="victim", password=PASSWORD, remember="1")
    victim = await recovered(town)
    assert (await attacker.get("/account")).status_code == 303
    assert (await victim.get("/account")).status_code == 200


@pytest.mark.holds("A11")
async def test_form_3_no_factor_can_be_planted_and_what_was_is_gone(town: Town) -> None:
    attacker, house = await hijacked(town), town.world.house
    for path in ("passkeys/new", "authenticator"):
        answer = await attacker.get(f"/account/security/{path}")
        assert (answer.status_code, title(answer)) == (403, "Confirm your e-mail address first – Admit One")
    page = await attacker.get("/account/security/app-passwords")
    answer = await attacker.send("/account/security/app-passwords", {**form_of(page, -1).hidden, "name": "Player"})
    assert answer.status_code == 403
    secret = house.entropy.bytes(SECRET_BYTES)
    right = AuthenticatorApp(secret, town.world).code()
    set_up = house.write(authenticators.set_up, NUMBER, secret, right, NETWORK)
    assert await fault_of(set_up) is Fault.EMAIL_UNCONFIRMED
    # Planted while this server sent no mail, when nobody could confirm anything.
    silent = town.having(post=None).world
    person = silent.mira._replace(id=NUMBER)
    await plant_passkey(silent, person)
    await with_authenticator(silent, person)
    await silent.house.write(app_passwords.add, NUMBER, "Player", NETWORK)
    await recovered(town)
    assert tuple(await house.read(factors.of_account, NUMBER)) == (1, 0, 0, 0, 0)
    assert await house.read(rows, "known_places") == 2  # the owner's browser and network alone


@pytest.mark.holds("A11")
async def test_form_4_a_change_of_address_under_way_ends(town: Town) -> None:
    attacker = await hijacked(town)
    page = await attacker.get("/account/email")
    await attacker.send("/account/email", {**form_of(page, -1).hidden, "email": ATTACKERS})
    planted = await town.link("/verify")
    again = await attacker.get("/account/email")
    await attacker.send("/account/email", {**form_of(again, -1).hidden, "email": VICTIMS})
    await town.mails()
    victim = await recovered(town)
    answer = await attacker.get(planted)
    assert answer.status_code == 404
    assert VICTIMS in words(await victim.get("/account/email"))
    assert ATTACKERS not in words(await victim.get("/account/email"))


@pytest.mark.holds("A11")
async def test_form_5_no_app_can_be_connected_and_what_was_ends(town: Town) -> None:
    attacker, world = await hijacked(town), town.world
    token = await world.token(world.reelsync)
    page = await attacker.get(f"/authenticate/{token}")
    assert title(page) == "Confirm your e-mail address first – Admit One"
    attempt = Attempt("victim", PASSWORD, "198.51.100.4")
    by_login = logins.validate_with_login(world.house, world.reelsync.app.id, token, attempt)
    assert await fault_of(by_login) is Fault.EMAIL_UNCONFIRMED
    # Connected while this server sent no mail; one more is approved and waits to be fetched.
    silent = town.having(post=None).world
    person = silent.mira._replace(id=NUMBER)
    session = await silent.session(silent.reelsync, person)
    waiting = await silent.approved(silent.reelsync, person)
    await recovered(town)
    found = await world.house.read(callers.recognise, Credential(world.reelsync.key, None, session))
    assert found.person is None
    exchange = world.house.write(sessions.exchange, world.reelsync.app.id, waiting, NETWORK)
    assert await fault_of(exchange) is Fault.TOKEN_DENIED
