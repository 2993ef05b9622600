"""This file makes invitations, each of which lets one person make an account where not everybody may."""

from typing import NamedTuple

from admitone.basics.digests import Kind
from admitone.flows import events
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.people.joining import INVITATION_BYTES
from admitone.model.people.posting import DAY
from admitone.store.engine.tx import Tx, first_of
from admitone.store.people import invitations


class Invitation(NamedTuple):
    """An invitation just made: its secret, which is never shown again, and until when it is good."""

    text: str
    expires_at: int


async def invite(house: House, tx: Tx, days: int, note: str = "") -> Invitation:
    """Make an invitation; `note` is for the operator, who else is meant."""
    made = Invitation(house.entropy.hex(INVITATION_BYTES), tx.now + days * DAY)
    await tx.run(
        invitations.MAKE,
        digest=house.digests.of(Kind.INVITATION, made.text),
        note=note,
        now=tx.now,
        expires_at=made.expires_at,
    )
    await events.record(tx, Happened.INVITATION_MADE, detail=note)
    return made


async def look(house: House, tx: Tx, text: str) -> None:
    """Make sure that an invitation is good. Raises INVITATION_UNKNOWN."""
    digests = house.digests.candidates(Kind.INVITATION, text)
    digest, _ = await first_of(tx, invitations.FIND, digests, now=tx.now)
    if digest is None:
        raise Refused(Fault.INVITATION_UNKNOWN)


async def use(house: House, tx: Tx, text: str, account_id: int) -> None:
    """Use an invitation, once. Raises INVITATION_UNKNOWN."""
    digests = house.digests.candidates(Kind.INVITATION, text)
    digest, _ = await first_of(tx, invitations.USE, digests, account_id=account_id, now=tx.now)
    if digest is None:
        raise Refused(Fault.INVITATION_UNKNOWN)
