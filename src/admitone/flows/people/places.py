"""This file remembers where people have signed in, so that no stranger can lock them out there (security.md A2)."""

from typing import NamedTuple

from admitone.basics.digests import Kind
from admitone.flows.house import House
from admitone.model.visits import BYTES
from admitone.model.web.networks import limiter_network
from admitone.store.engine.tx import Tx, first_of
from admitone.store.people import places

DAY_MS = 24 * 60 * 60 * 1000
DEVICE_MS = 400 * DAY_MS  # browsers keep no cookie longer
NETWORK_MS = 60 * DAY_MS
TRUST_MS = 30 * DAY_MS


class Place(NamedTuple):
    """How somebody is known where they ask from: the digest of their browser, whether it is trusted, their network."""

    device: bytes | None = None
    trusted: bool = False
    network: bool = False


async def recognise(house: House, tx: Tx, account_id: int, device: str, address: str) -> Place:
    """How the owner of an account is known on this browser and this network; 0 for no account costs the same."""
    digest, trusted_until = None, 0
    if device:
        candidates = house.digests.candidates(Kind.PLACE, device)
        digest, found = await first_of(tx, places.FIND, candidates, account_id=account_id, now=tx.now)
        trusted_until = found or 0
    network = await tx.one(places.FIND, digest=_network(house, address), account_id=account_id, now=tx.now)
    return Place(digest, trusted_until > tx.now, network is not None)


async def is_first(tx: Tx, account_id: int) -> bool:
    """Whether nobody has ever signed in to this account before, so that there is nobody to be warned."""
    return not await tx.one(places.ANY_OF_ACCOUNT, account_id=account_id)


async def know(house: House, tx: Tx, account_id: int, device: str, *, trust: bool = False) -> str:
    """Know a browser from now on, under a new secret, which is returned; `device` is its last one, or nothing.

    A secret that somebody else may have planted or seen is thereby worth nothing.
    """
    text = house.entropy.hex(BYTES)
    new = house.digests.of(Kind.PLACE, text)
    if device:
        for old in house.digests.candidates(Kind.PLACE, device):
            await tx.run(places.MOVE, digest=old, new_digest=new)
    trusted_until = tx.now + TRUST_MS if trust else None
    await _know(tx, new, account_id, DEVICE_MS, trusted_until)
    return text


async def know_network(house: House, tx: Tx, account_id: int, address: str) -> None:
    """Know the network from which somebody has just proved who they are."""
    await _know(tx, _network(house, address), account_id, NETWORK_MS, None)


async def trust_none(tx: Tx, account_id: int) -> None:
    """Ask for the second step again on every browser of an account."""
    await tx.run(places.TRUST_NONE, account_id=account_id)


async def _know(tx: Tx, digest: bytes, account_id: int, lasts: int, trusted_until: int | None) -> None:
    await tx.run(
        places.KNOW,
        digest=digest,
        account_id=account_id,
        now=tx.now,
        expires_at=tx.now + lasts,
        trusted_until=trusted_until,
    )


def _network(house: House, address: str) -> bytes:
    return house.digests.of(Kind.PLACE, f"network {limiter_network(address)}")
