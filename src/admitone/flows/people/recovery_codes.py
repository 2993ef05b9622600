"""This file makes recovery codes, ten at a time, and takes each once."""

from admitone.basics.digests import Kind
from admitone.basics.letters import Letter
from admitone.flows.house import House
from admitone.flows.people import addresses
from admitone.flows.people.notices import tell
from admitone.model.faults import Fault, Refused
from admitone.model.people.factors import RECOVERY_CODES, SYMBOLS, clean_drawn, drawn
from admitone.store.engine.tx import Tx, first_of
from admitone.store.people import recovery_codes

RAW_BYTES = SYMBOLS * 5 // 8


async def replace(house: House, tx: Tx, account_id: int, network: str) -> list[str]:
    """Make new recovery codes; the old ones are worth nothing from now on. This is the only time they are seen.

    Raises what `addresses.may_change_factors` says.
    """
    await addresses.may_change_factors(house, tx, account_id)
    codes = [drawn(house.entropy.bytes(RAW_BYTES)) for _ in range(RECOVERY_CODES)]
    await tx.run(recovery_codes.REMOVE_ALL, account_id=account_id)
    for code in codes:
        digest = house.digests.of(Kind.RECOVERY_CODE, _bound(account_id, code))
        await tx.run(recovery_codes.ADD, digest=digest, account_id=account_id, now=tx.now)
    await tell(house, tx, account_id, Letter.RECOVERY_CODES_MADE, network=network)
    return codes


async def use(house: House, tx: Tx, account_id: int, text: str, network: str) -> int:
    """Take a recovery code; how many are left. Raises STEP_CODE_WRONG for one that was never given, or was used."""
    code = clean_drawn(text)
    candidates = house.digests.candidates(Kind.RECOVERY_CODE, _bound(account_id, code)) if code else ()
    _, taken = await first_of(tx, recovery_codes.USE, candidates, account_id=account_id, now=tx.now)
    if taken is None:
        raise Refused(Fault.STEP_CODE_WRONG)
    left = await tx.one(recovery_codes.LEFT, account_id=account_id) or 0
    await tell(house, tx, account_id, Letter.RECOVERY_CODE_USED, network=network, left=str(left))
    return left


def _bound(account_id: int, code: str) -> str:
    return f"{account_id} {code}"
