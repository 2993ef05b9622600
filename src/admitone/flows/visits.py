"""This file signs people in and out on our own pages."""

from typing import NamedTuple

from admitone.basics.digests import Kind
from admitone.basics.letters import Letter
from admitone.flows import events, logins
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.logins import Attempt, Proof
from admitone.flows.people import places
from admitone.flows.people.notices import tell
from admitone.model.faults import Fault, Refused
from admitone.model.visits import BYTES, LONG_MS, ROLL_MS, SHORT_MS, NewVisit, Visit, Way
from admitone.model.web.browsers import as_kept
from admitone.model.web.networks import network_of
from admitone.store import visits
from admitone.store.engine.tx import Tx, first_of


class Coming(NamedTuple):
    """Somebody about to be signed in: where from, on what browser, in which way, and for how long.

    `device` is the secret by which the browser may be known, `old` its last visit, which ends; `trust` lets it do
    without a second step for a while.
    """

    address: str
    browser: str = ""
    device: str = ""
    old: str = ""
    remember: bool = False
    trust: bool = False
    way: Way = Way.PASSWORD


async def sign_in(house: House, attempt: Attempt, *, remember: bool, old: str | None = None) -> NewVisit:
    """Check a password and begin a visit with a new secret; `old` is the browser's last visit, which ends.

    Raises as `logins.check`, and SECOND_STEP_NEEDED. A visit lasts 12 hours unused, 30 days when remembered.
    """
    proof = await logins.check(house, attempt)
    coming = Coming(attempt.address, device=attempt.device, old=old or "", remember=remember)
    return await house.write(start, proof, coming)


async def start(house: House, tx: Tx, proof: Proof, coming: Coming) -> NewVisit:
    """Begin a visit of whoever has proved who they are. Raises LOGIN_WRONG, and SECOND_STEP_NEEDED for half a proof."""
    if proof.second_step:
        raise Refused(Fault.SECOND_STEP_NEEDED)
    await logins.still(tx, proof)
    if coming.old:
        await first_of(tx, visits.END, house.digests.candidates(Kind.VISIT, coming.old))
    text = house.entropy.hex(BYTES)
    network = network_of(coming.address)
    lasts = LONG_MS if coming.remember else SHORT_MS
    await tx.run(
        visits.START,
        digest=house.digests.of(Kind.VISIT, text),
        account_id=proof.account_id,
        network=network,
        now=tx.now,
        lasts=lasts,
        expires_at=tx.now + lasts,
        browser=coming.browser,
        way=coming.way.value,
    )
    device, new = await _known(house, tx, proof.account_id, coming)
    await events.record(
        tx, Happened.SIGNED_IN, account_id=proof.account_id, network=network, detail=f"{coming.way} {coming.browser}"
    )
    if new:
        name = as_kept(coming.browser).words or "?"
        await tell(house, tx, proof.account_id, Letter.NEW_DEVICE, network=network, detail=coming.browser, name=name)
    return NewVisit(text, proof.account_id, tx.now + lasts, device)


async def confirm(house: House, text: str, attempt: Attempt) -> NewVisit:
    """Let whoever is signed in prove it again with the password; the visit goes on under a new secret.

    Raises as `logins.check`, VISIT_MISSING when the visit has ended or is somebody else's, and SECOND_STEP_NEEDED.
    """
    proof = await logins.check(house, attempt)
    return await house.write(renew, proof, text, attempt.address)


async def renew(house: House, tx: Tx, proof: Proof, old: str, address: str) -> NewVisit:
    """Go on with a visit under a new secret, because its person has just proved who they are. Raises as `confirm`."""
    if proof.second_step:
        raise Refused(Fault.SECOND_STEP_NEEDED)
    await logins.still(tx, proof)
    text = house.entropy.hex(BYTES)
    digests = house.digests.candidates(Kind.VISIT, old)
    new_digest = house.digests.of(Kind.VISIT, text)
    _, expires_at = await first_of(
        tx, visits.RENEW, digests, account_id=proof.account_id, new_digest=new_digest, now=tx.now
    )
    if expires_at is None:
        raise Refused(Fault.VISIT_MISSING)
    await events.record(tx, Happened.CONFIRMED, account_id=proof.account_id, network=network_of(address))
    return NewVisit(text, proof.account_id, expires_at)


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


async def _known(house: House, tx: Tx, account_id: int, coming: Coming) -> tuple[str, bool]:
    """Know the browser and the network from now on; its new secret, and whether its owner is to be warned of it."""
    place = await places.recognise(house, tx, account_id, coming.device, coming.address)
    new = place.device is None and not await places.is_first(tx, account_id)
    device = await places.know(house, tx, account_id, coming.device, trust=coming.trust)
    await places.know_network(house, tx, account_id, coming.address)
    return device, new
