"""This file takes the passwords that people choose: checked, the cheapest check first, and hashed."""

from admitone.basics.mail import PRODUCT
from admitone.basics.strength import is_listed, measure
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.passwords import check_new, is_about, is_repeated


async def hashed(house: House, password: str, words: tuple[str, ...] = (), minimum: int | None = None) -> str:
    """Check a password that somebody chooses, and hash it; `words` are what others know of them.

    Raises PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_LISTED, PASSWORD_GUESSABLE, HASHING_BUSY.
    """
    minimum = house.password_minimum if minimum is None else minimum
    check_new(password, minimum)
    if is_listed(password):
        raise Refused(Fault.PASSWORD_LISTED)
    known = (*words, PRODUCT, house.post.host if house.post else "")
    if is_repeated(password, minimum) or is_about(password, known, minimum):
        raise Refused(Fault.PASSWORD_GUESSABLE)
    strength = await house.hasher.run(lambda: measure(password, known))
    if not strength.is_enough:
        raise Refused(Fault.PASSWORD_GUESSABLE)
    return await house.hasher.hash(password)
