"""This file signs people in and out on our own pages."""

from admitone.basics.digests import Kind
from admitone.flows import events, logins
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.logins import Attempt, Proof
from admitone.model.faults import Fault, Refused
from admitone.model.visits import BYTES, LONG_MS, ROLL_MS, SHORT_MS, NewVisit, Visit
from admitone.model.web.networks import network_of
from admitone.store import visits
from admitone.store.engine.tx import Tx, first_of


async def sign_in(house: House, attempt: Attempt, *, remember: bool, old: str | None = None) -> NewVisit:
    """Check a password and begin a visit with a new secret; `old` is the browser's last visit, which ends.

    Raises as `logins.check`. A visit lasts 12 hours unused, 30 days when remembered.
    """
    proof = await logins.check(house, attempt)
    return await house.write(_start, proof, attempt.address, LONG_MS if remember else SHORT_MS, old)


async def confirm(house: House, text: str, attempt: Attempt) -> NewVisit:
    """Let whoever is signed in prove it again with the password; the visit goes on under a new secret.

    Raises as `logins.check`, and VISIT_MISSING when the visit has ended or is somebody else's.
    """
    proof = await logins.check(house, attempt)
    return await house.write(_renew, proof, text, network_of(attempt.address))


async def find(house: House, tx: Tx, text: str) -> Visit | None:
    """Who is signed in with this visit; None for nobody, or no longer."""
    _, visit = await first_of(tx, visits.FIND, house.digests.candidates(Kind.VISIT, text), now=tx.now)
    return visit


def is_due(visit: Visit, now: int) -> bool:
    """Whether it is time to move the end of a visit on."""
    return now - visit.seen_at >= ROLL_MS


async def roll(house: House, tx: Tx, text: str) -> int | None:
    """Move the end of a visit on because it is in use; the new end, None when it has ended."""
    _, expires_at = await first_of(tx, visits.ROLL, house.digests.candidates(Kind.VISIT, text), now=tx.now)
    return expires_at


async def sign_out(house: House, tx: Tx, text: str) -> None:
    """End a visit; one that is unknown or over is left as it is."""
    _, account_id = await first_of(tx, visits.END, house.digests.candidates(Kind.VISIT, text))
    if account_id is not None:
        await events.record(tx, Happened.SIGNED_OUT, account_id=account_id)


async def _renew(house: House, tx: Tx, proof: Proof, old: str, network: str) -> NewVisit:
    await logins.still(tx, proof)
    text = house.entropy.hex(BYTES)
    digests = house.digests.candidates(Kind.VISIT, old)
    new_digest = house.digests.of(Kind.VISIT, text)
    _, expires_at = await first_of(
        tx, visits.RENEW, digests, account_id=proof.account_id, new_digest=new_digest, now=tx.now
    )
    if expires_at is None:
        raise Refused(Fault.VISIT_MISSING)
    await events.record(tx, Happened.CONFIRMED, account_id=proof.account_id, network=network)
    return NewVisit(text, proof.account_id, expires_at)


async def _start(house: House, tx: Tx, proof: Proof, address: str, lasts: int, old: str | None) -> NewVisit:
    await logins.still(tx, proof)
    if old is not None:
        await first_of(tx, visits.END, house.digests.candidates(Kind.VISIT, old))
    text = house.entropy.hex(BYTES)
    network = network_of(address)
    await tx.run(
        visits.START,
        digest=house.digests.of(Kind.VISIT, text),
        account_id=proof.account_id,
        network=network,
        now=tx.now,
        lasts=lasts,
        expires_at=tx.now + lasts,
    )
    await events.record(tx, Happened.SIGNED_IN, account_id=proof.account_id, network=network)
    return NewVisit(text, proof.account_id, tx.now + lasts)
