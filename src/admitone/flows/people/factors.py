"""This file tells what an account can be proved with."""

from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.people.factors import Factors
from admitone.store.engine.tx import Tx
from admitone.store.people import factors


async def of_account(_house: House, tx: Tx, account_id: int) -> Factors:
    """What an account can be proved with. Raises ACCOUNT_UNKNOWN."""
    found = await tx.one(factors.OF_ACCOUNT, account_id=account_id)
    if found is None:
        raise Refused(Fault.ACCOUNT_UNKNOWN)
    return found
