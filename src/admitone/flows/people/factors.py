"""This file tells what an account can be proved with."""

from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.people.factors import Factors
from admitone.store.engine.tx import Tx
from admitone.store.people import factors


async def void(tx: Tx, account_id: int) -> None:
    """Take away everything that proves an account but its password: somebody else may have planted it (A11, A17)."""
    for statement in factors.VOID.values():
        await tx.run(statement, account_id=account_id)


async def of_account(_house: House, tx: Tx, account_id: int) -> Factors:
    """What an account can be proved with. Raises ACCOUNT_UNKNOWN."""
    found = await tx.one(factors.OF_ACCOUNT, account_id=account_id)
    if found is None:
        raise Refused(Fault.ACCOUNT_UNKNOWN)
    return found
