"""This file takes the second step of signing in: a code of the authenticator app, or one of the recovery codes."""

from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple, TypeVar

from admitone.flows import events, logins, visits
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import authenticators, places, recovery_codes
from admitone.flows.visits import Coming
from admitone.model.faults import Fault, Refused
from admitone.model.visits import NewVisit, Way
from admitone.model.web.networks import network_of
from admitone.store.engine.tx import Tx

T = TypeVar("T")
After = Callable[[House, Tx], Coroutine[Any, Any, T]]


class Answer(NamedTuple):
    """What somebody typed as their second step; `recovery` says which kind of code it is meant to be."""

    text: str
    recovery: bool = False


class Taken(NamedTuple):
    """A visit after the second step; `left` is how many recovery codes there are still, None when none was used."""

    visit: NewVisit
    left: int | None


async def sign_in(house: House, account_id: int, marked: str, answer: Answer, coming: Coming) -> Taken:
    """Begin a visit after password and second step; `marked` is what `logins.mark` said of the password.

    Raises STEP_CODE_WRONG, CODE_LIMITED, HALFWAY_OVER, LOGIN_WRONG.
    """
    way = Way.RECOVERY_CODE if answer.recovery else Way.CODE

    async def begin(house: House, tx: Tx) -> Taken:
        proof = await logins.resume(house, tx, account_id, marked)
        left = await _take(house, tx, account_id, answer, coming.address)
        return Taken(await visits.start(house, tx, proof, coming._replace(way=way)), left)

    return await _counted(house, account_id, coming, begin)


async def confirm(house: House, account_id: int, marked: str, answer: Answer, coming: Coming) -> NewVisit:
    """Go on with the visit `coming.old` after password and second step were given once more.

    Raises as `sign_in`, and VISIT_MISSING.
    """

    async def go_on(house: House, tx: Tx) -> NewVisit:
        proof = await logins.resume(house, tx, account_id, marked)
        await _take(house, tx, account_id, answer, coming.address)
        return await visits.renew(house, tx, proof, coming.old, coming.address)

    return await _counted(house, account_id, coming, go_on)


async def prove(house: House, account_id: int, answer: Answer, coming: Coming) -> None:
    """Take a code where nothing but the second step is left to prove. Raises STEP_CODE_WRONG, CODE_LIMITED."""

    async def take(house: House, tx: Tx) -> None:
        await _take(house, tx, account_id, answer, coming.address)

    await _counted(house, account_id, coming, take)


async def turn_off(house: House, account_id: int, text: str, coming: Coming) -> None:
    """Disconnect the authenticator app with one more of its codes. Raises STEP_CODE_WRONG, CODE_LIMITED."""

    async def off(house: House, tx: Tx) -> None:
        await authenticators.turn_off(house, tx, account_id, text, network_of(coming.address))

    await _counted(house, account_id, coming, off)


async def _counted(house: House, account_id: int, coming: Coming, act: After[T]) -> T:
    """Count the try, whatever becomes of it, before the code is looked at; after a right one none is counted."""
    place = await house.write(_take_turn, account_id, coming)

    async def acted(house: House, tx: Tx) -> T:
        done = await act(house, tx)
        await authenticators.give_turns_back(house, tx, account_id, place)
        return done

    try:
        return await house.write(acted)
    except Refused as refused:
        if refused.fault is Fault.STEP_CODE_WRONG:
            await house.write(_wrong, account_id, coming.address)
        raise


async def _take_turn(house: House, tx: Tx, account_id: int, coming: Coming) -> bytes | None:
    place = (await places.recognise(house, tx, account_id, coming.device, coming.address)).device
    await authenticators.take_turn(house, tx, account_id, place)
    return place


async def _take(house: House, tx: Tx, account_id: int, answer: Answer, address: str) -> int | None:
    if answer.recovery:
        return await recovery_codes.use(house, tx, account_id, answer.text, network_of(address))
    await authenticators.use(house, tx, account_id, answer.text)
    return None


async def _wrong(_house: House, tx: Tx, account_id: int, address: str) -> None:
    await events.record(tx, Happened.WRONG_CODE, account_id=account_id, network=network_of(address))
