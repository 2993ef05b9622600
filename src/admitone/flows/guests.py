"""This file makes guest sessions and keeps those that are used alive (wire A.7)."""

from typing import NamedTuple

from admitone.basics.digests import Kind
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.guests import BYTES, LIFE_MS, TOUCH_MS
from admitone.store import guests
from admitone.store.engine.tx import Tx, first_of
from admitone.store.guests import Guest


class NewGuest(NamedTuple):
    """A guest session just made; `text` is its secret (32 hex digits), `expires_at` when it ends unused."""

    text: str
    expires_at: int


async def start(house: House, tx: Tx, app_id: int, network: str) -> NewGuest:
    """Make a guest session for an app."""
    text, expires_at = house.entropy.hex(BYTES), tx.now + LIFE_MS
    digest = house.digests.of(Kind.GUEST_SESSION, text)
    await tx.run(guests.START, digest=digest, app_id=app_id, network=network, now=tx.now, expires_at=expires_at)
    return NewGuest(text, expires_at)


async def find(house: House, tx: Tx, app_id: int, text: str) -> Guest | None:
    """The guest session of this text, if this app has it and it was used within the hour."""
    digests = house.digests.candidates(Kind.GUEST_SESSION, text)
    _, guest = await first_of(tx, guests.FIND, digests, app_id=app_id, now=tx.now)
    return guest


async def must_find(house: House, tx: Tx, app_id: int, text: str) -> Guest:
    """As `find`. Raises GUEST_UNKNOWN."""
    guest = await find(house, tx, app_id, text)
    if guest is None:
        raise Refused(Fault.GUEST_UNKNOWN)
    return guest


async def in_path(house: House, tx: Tx, app_id: int, text: str) -> tuple[Guest, bool]:
    """As `must_find`, and whether its use should be written down."""
    guest = await must_find(house, tx, app_id, text)
    return guest, guest.used_at < tx.now - TOUCH_MS


async def touch(_house: House, tx: Tx, guest_id: int) -> None:
    """Move the end of a guest session on because it is in use."""
    await tx.one(guests.TOUCH, guest_id=guest_id, now=tx.now, expires_at=tx.now + LIFE_MS)
