"""This file connects authenticator apps, takes their codes, each once, and disconnects them."""

from admitone.basics import one_time_codes
from admitone.basics.digests import Kind
from admitone.basics.letters import Letter
from admitone.flows import throttle
from admitone.flows.house import House
from admitone.flows.people import addresses, places, recovery_codes
from admitone.flows.people.notices import tell
from admitone.model.faults import Fault, Refused
from admitone.model.people.factors import CODES, clean_code, step_of
from admitone.store.engine.tx import Tx
from admitone.store.people import authenticators
from admitone.store.people import recovery_codes as codes_kept


async def set_up(house: House, tx: Tx, account_id: int, secret: bytes, text: str, network: str) -> list[str]:
    """Connect an authenticator app that shows the right code; the new recovery codes.

    Raises STEP_CODE_WRONG, and what `addresses.may_change_factors` says.
    """
    await addresses.may_change_factors(house, tx, account_id)
    step = _step(secret, text, tx.now)
    if step is None:
        raise Refused(Fault.STEP_CODE_WRONG)
    hidden = house.digests.hide(Kind.AUTHENTICATOR, f"{account_id} {secret.hex()}", house.entropy)
    await tx.run(authenticators.SET, account_id=account_id, secret=hidden, now=tx.now, step=step)
    await places.trust_none(tx, account_id)
    await tell(house, tx, account_id, Letter.AUTHENTICATOR_ON, network=network)
    return await recovery_codes.replace(house, tx, account_id, network)


async def take_turn(house: House, tx: Tx, account_id: int, place: bytes | None) -> None:
    """Count a try with a code before it is looked at, in a transaction of its own. Raises CODE_LIMITED.

    A browser that the owner is known on has turns of its own, which nobody else can use up.
    """
    for limit in CODES:
        await throttle.take(house, tx, Fault.CODE_LIMITED, limit, account_id, place.hex() if place else "")


async def give_turns_back(house: House, tx: Tx, account_id: int, place: bytes | None) -> None:
    """Forget wrong tries after a right code."""
    for limit in CODES:
        await throttle.forget(house, tx, limit, account_id, place.hex() if place else "")


async def use(house: House, tx: Tx, account_id: int, text: str) -> None:
    """Take a code. Raises STEP_CODE_WRONG for a wrong or old one, and for one that was taken before."""
    kept = await tx.one(authenticators.FIND, account_id=account_id)
    secret = _revealed(house, account_id, kept.secret) if kept else None
    step = _step(secret, text, tx.now) if secret else None
    if kept is None or step is None:
        raise Refused(Fault.STEP_CODE_WRONG)
    if await tx.one(authenticators.TAKE, account_id=account_id, secret=kept.secret, step=step) is None:
        raise Refused(Fault.STEP_CODE_WRONG, detail="taken before")


async def turn_off(house: House, tx: Tx, account_id: int, text: str, network: str) -> None:
    """Disconnect the authenticator app with one more of its codes, recovery codes as well.

    Raises STEP_CODE_WRONG, RECOVERED_LATELY.
    """
    await addresses.must_be_settled(house, tx, account_id)
    await use(house, tx, account_id, text)
    await tx.one(authenticators.REMOVE, account_id=account_id)
    await tx.run(codes_kept.REMOVE_ALL, account_id=account_id)
    await places.trust_none(tx, account_id)
    await tell(house, tx, account_id, Letter.AUTHENTICATOR_OFF, network=network)


def _revealed(house: House, account_id: int, hidden: bytes) -> bytes | None:
    whose, _, secret = (house.digests.reveal(Kind.AUTHENTICATOR, hidden) or "").partition(" ")
    # Nobody who can write to the database may put one account's secret into another's row.
    return bytes.fromhex(secret) if whose == str(account_id) else None


def _step(secret: bytes, text: str, now: int) -> int | None:
    code = clean_code(text)
    # A clock that stands at the first half minute of 1970 has no step before it.
    return one_time_codes.step_that_fits(secret, code, now) if code and step_of(now) else None
