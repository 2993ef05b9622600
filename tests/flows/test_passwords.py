"""A new password ends what the old one began, also what is being begun at that very moment."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from admitone.basics.entropy import Entropy, SystemEntropy
from admitone.flows import accounts, callers, logins, sessions, visits
from admitone.flows.callers import Credential
from admitone.flows.house import House
from admitone.flows.logins import Attempt
from admitone.model.faults import Fault
from admitone.model.sessions import BYTES as SESSION_BYTES
from admitone.model.visits import BYTES as VISIT_BYTES
from tests.store.aside import fault_of
from tests.store.crowd import Crowd, outcome
from tests.world import NETWORK, PASSWORD, World

NEW = "a wholly new password"
ADDRESS = "203.0.113.7"
BY_OLD = Attempt("mira", PASSWORD, ADDRESS)


class HeldEntropy:
    """Draws that wait: the secret of a visit or session is drawn after all that is checked, before it begins."""

    def __init__(self, n_bytes: int) -> None:
        self._entropy: Entropy = SystemEntropy()
        self._n_bytes = n_bytes
        self.reached = threading.Event()
        self.go = threading.Event()

    def bytes(self, n: int) -> bytes:
        return self._entropy.bytes(n)

    def hex(self, n_bytes: int) -> str:
        if n_bytes == self._n_bytes:
            self.reached.set()
            self.go.wait(0.5)
        return self._entropy.hex(n_bytes)


async def test_a_new_password_works_and_the_old_one_no_longer(world: World) -> None:
    await accounts.set_password(world.house, "Mira", NEW, end_sessions=False)
    assert await fault_of(logins.check(world.house, BY_OLD)) is Fault.LOGIN_WRONG
    assert (await logins.check(world.house, BY_OLD._replace(password=NEW))).account_id == world.mira.id


async def test_a_new_password_signs_every_browser_of_its_person_out(world: World) -> None:
    mine = [await visits.sign_in(world.house, BY_OLD, remember=remember) for remember in (True, False)]
    other = await visits.sign_in(world.house, Attempt("tomas", PASSWORD, ADDRESS), remember=False)
    await accounts.set_password(world.house, "mira", NEW, end_sessions=False)
    assert [await world.house.read(visits.find, visit.text) for visit in mine] == [None, None]
    assert await world.house.read(visits.find, other.text)


@pytest.mark.parametrize("end_sessions", [False, True])
async def test_a_new_password_disconnects_the_apps_of_its_person_if_asked(world: World, end_sessions: bool) -> None:
    session = await world.session(world.cineshelf, world.mira)
    other = await world.session(world.cineshelf, world.tomas)
    waiting = await world.approved(world.cineshelf, world.mira)
    others = await world.approved(world.cineshelf, world.tomas)
    await accounts.set_password(world.house, "mira", NEW, end_sessions=end_sessions)

    for text, ended in ((session, end_sessions), (other, False)):
        caller = await world.house.read(callers.recognise, Credential(world.cineshelf.key, None, text))
        assert (caller.person is None) == ended
    for token, fault in ((waiting, Fault.TOKEN_DENIED if end_sessions else None), (others, None)):
        work = world.house.write(sessions.exchange, world.cineshelf.app.id, token, NETWORK)
        assert await fault_of(work) is fault


async def meanwhile(crowd: Crowd, n_bytes: int, late: Callable[[House], Awaitable[Any]]) -> Any:
    """What comes of `late`, while whose last draw waits the password is changed and everything ended."""
    held = HeldEntropy(n_bytes)
    one, other = crowd.members[:2]
    coming = asyncio.wrap_future(one.run(outcome(late(replace(one.house, entropy=held)))))
    assert await asyncio.to_thread(held.reached.wait, 30)
    change = other.run(accounts.set_password(other.house, "mira", NEW, end_sessions=True))
    change.add_done_callback(lambda _: held.go.set())
    came = await coming
    await asyncio.wrap_future(change)
    return came


async def test_a_sign_in_by_the_old_password_does_not_outlive_a_new_one(crowd: Crowd, world: World) -> None:
    began = await meanwhile(crowd, VISIT_BYTES, lambda house: visits.sign_in(house, BY_OLD, remember=True))
    assert began is Fault.LOGIN_WRONG or await world.house.read(visits.find, began.text) is None
    assert await fault_of(logins.check(world.house, BY_OLD)) is Fault.LOGIN_WRONG


async def test_a_session_that_is_being_fetched_does_not_outlive_a_new_password(crowd: Crowd, world: World) -> None:
    token = await world.approved(world.cineshelf, world.mira)
    app_id = world.cineshelf.app.id
    session = await meanwhile(
        crowd, SESSION_BYTES, lambda house: house.write(sessions.exchange, app_id, token, NETWORK)
    )
    assert isinstance(session, str)
    caller = await world.house.read(callers.recognise, Credential(world.cineshelf.key, None, session))
    assert caller.person is None


async def test_only_somebody_has_a_password_to_change(world: World) -> None:
    change = accounts.set_password(world.house, "nobody", NEW, end_sessions=True)
    assert await fault_of(change) is Fault.ACCOUNT_UNKNOWN
    for bad, fault in (("short", Fault.PASSWORD_TOO_SHORT), ("x" * 1025, Fault.PASSWORD_TOO_LONG)):
        assert await fault_of(accounts.set_password(world.house, "mira", bad, end_sessions=True)) is fault
    assert await logins.check(world.house, BY_OLD)
