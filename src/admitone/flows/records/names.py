"""This file keeps the user names of those who left free for a while, so that nobody is taken for them."""

from admitone.basics.digests import Kind
from admitone.flows.house import House
from admitone.model.names import username_key
from admitone.store.engine.tx import Tx
from admitone.store.records import leaving


async def is_reserved(house: House, tx: Tx, username: str) -> bool:
    """Whether a user name was somebody's a short while ago, whom others would still take its next owner for."""
    digests = house.digests.candidates(Kind.NAME, username_key(username))
    return any([await tx.one(leaving.IS_RESERVED, digest=digest, now=tx.now) is not None for digest in digests])
