"""This file takes the passwords that people choose: checked, the cheapest check first, and hashed."""

from admitone.basics.mail import PRODUCT
from admitone.basics.strength import Strength, is_listed, measure
from admitone.flows import throttle
from admitone.flows.house import House
from admitone.flows.people import factors
from admitone.model.faults import Fault, Refused
from admitone.model.limits import MEASURING
from admitone.model.passwords import SHORTEST_OF_TWO, check_new, is_about, is_repeated
from admitone.store.engine.tx import Tx


async def minimum(house: House, tx: Tx, account_id: int) -> int:
    """How many characters a new password of this account needs: fewer where it is not the only proof."""
    found = await factors.of_account(house, tx, account_id)
    return min(house.password_minimum, SHORTEST_OF_TWO) if found.authenticator else house.password_minimum


async def hashed(house: House, password: str, words: tuple[str, ...] = (), shortest: int | None = None) -> str:
    """Check a password that somebody chooses, and hash it; `words` are what others know of them.

    Raises PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_LISTED, PASSWORD_GUESSABLE, HASHING_BUSY.
    """
    shortest = house.password_minimum if shortest is None else shortest
    check_new(password, shortest)
    if await house.hasher.run(lambda: is_listed(password)):
        raise Refused(Fault.PASSWORD_LISTED)
    known = (*words, PRODUCT, house.post.host if house.post else "")
    if is_repeated(password, shortest) or is_about(password, known, shortest):
        raise Refused(Fault.PASSWORD_GUESSABLE)
    strength = await house.hasher.run(lambda: measure(password, known))
    if not strength.is_enough:
        raise Refused(Fault.PASSWORD_GUESSABLE)
    return await house.hasher.hash(password)


async def strength_of(house: House, password: str, words: tuple[str, ...], address: str) -> Strength | None:
    """How strong a password was that was not taken; None where that is told no more for now.

    It is work for the hashing threads that anybody can ask for: so often from a network, its neighbours and in all.
    """
    try:
        if not await house.write(throttle.has_room_from, MEASURING, address):
            return None
        return await house.hasher.run(lambda: measure(password, words))
    except Refused:
        return None
