"""This file puts questions to passkeys, and lets people in by the answers; each question is answered once."""

from typing import NamedTuple

from admitone.basics import passkeys as webauthn
from admitone.basics.digests import Kind
from admitone.basics.letters import Letter
from admitone.basics.passkey_makers import maker
from admitone.basics.passkeys import Owner, Party, Signed
from admitone.flows import events, visits
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.logins import Proof
from admitone.flows.people import addresses
from admitone.flows.people.notices import tell
from admitone.flows.visits import Coming
from admitone.model.faults import Fault, Refused
from admitone.model.names import clean_name
from admitone.model.people.factors import CHALLENGE_BYTES, HALFWAY_MS, MOST_PASSKEYS, Passkey
from admitone.model.visits import NewVisit, Way
from admitone.model.web.networks import network_of
from admitone.store import accounts
from admitone.store.engine.tx import Tx
from admitone.store.people import challenges, passkeys
from admitone.store.people.passkeys import Known

INSTANT_BYTES = 8


class Asked(NamedTuple):
    """What a question was for, and the secret of the browser that it was put to: it is good for nothing else."""

    purpose: str
    holder: str


class New(NamedTuple):
    """What a browser says it has created, what to call it if its maker is unknown, and from which network it came."""

    text: str
    fallback: str
    network: str


def challenge(house: House, asked: Asked) -> bytes:
    """A question nobody has been asked before. It carries our own mark and its end, so that asking writes nothing."""
    nonce = house.entropy.bytes(CHALLENGE_BYTES)
    expires_at = (house.clock.now() + HALFWAY_MS).to_bytes(INSTANT_BYTES, "big")
    return nonce + expires_at + house.digests.of(Kind.CHALLENGE, _marked(asked, nonce + expires_at))


def sign_in_options(house: House, party: Party, asked: Asked) -> str:
    """What a browser asks any passkey of this site."""
    return webauthn.request_options(party, challenge(house, asked))


async def creation_options(house: House, tx: Tx, account_id: int, party: Party, asked: Asked) -> str:
    """What a browser asks to create a passkey for an account."""
    owner = await tx.one(accounts.OWNER, account_id=account_id)
    if owner is None:
        raise Refused(Fault.ACCOUNT_UNKNOWN)
    others = await tx.all(passkeys.CREDENTIALS, account_id=account_id)
    object_id, username, name = owner
    return webauthn.creation_options(
        party, Owner(bytes.fromhex(object_id), username, name), challenge(house, asked), others
    )


async def add(house: House, tx: Tx, account_id: int, new: New, party: Party, asked: Asked) -> int:
    """Connect the passkey that a browser has created; its number. Raises PASSKEY_BAD, _LATE, _TAKEN, TOO_MANY_KEPT.

    And what `addresses.may_change_factors` says.
    """
    await addresses.may_change_factors(house, tx, account_id)
    text, fallback, network = new
    said = webauthn.said(text)
    await _answer(house, tx, said.challenge, asked)
    created = webauthn.read_created(text, party, said.challenge)
    name = maker(created.aaguid) or clean_name(fallback)
    added: int | None = await tx.one(
        passkeys.ADD,
        account_id=account_id,
        credential_id=created.credential_id,
        public_key=created.public_key,
        uses=created.uses,
        name=name,
        aaguid=created.aaguid,
        synced=int(created.synced),
        now=tx.now,
        most=MOST_PASSKEYS,
    )
    if added is None:
        taken = await tx.one(passkeys.FIND, credential_id=created.credential_id)
        raise Refused(Fault.PASSKEY_TAKEN if taken else Fault.TOO_MANY_KEPT)
    await tell(house, tx, account_id, Letter.PASSKEY_ADDED, network=network, detail=name, name=name)
    return added


async def sign_in(house: House, text: str, party: Party, asked: Asked, coming: Coming) -> NewVisit:
    """Begin a visit of whoever's passkey answered; it is both steps at once, because it has verified the person.

    Raises PASSKEY_BAD, PASSKEY_LATE, PASSKEY_UNKNOWN, ACCOUNT_SWITCHED_OFF.
    """
    proof = await _proof(house, text, party, asked, coming)
    return await house.write(visits.start, proof, coming._replace(way=Way.PASSKEY))


async def confirm(house: House, account_id: int, text: str, party: Party, asked: Asked, coming: Coming) -> NewVisit:
    """Go on with the visit `coming.old`, whose person has proved it by passkey. Raises as `sign_in`, VISIT_MISSING."""
    proof = await _proof(house, text, party, asked, coming)
    if proof.account_id != account_id:
        raise Refused(Fault.PASSKEY_UNKNOWN, detail="somebody else's")
    return await house.write(visits.renew, proof, coming.old, coming.address)


async def all_of(_house: House, tx: Tx, account_id: int) -> list[Passkey]:
    """The passkeys of an account, oldest first."""
    return await tx.all(passkeys.OF_ACCOUNT, account_id=account_id)


async def rename(_house: House, tx: Tx, account_id: int, passkey_id: int, name: str) -> str | None:
    """Give a passkey another name; it as it is kept, None when there is no such passkey. Raises NAME_BAD."""
    renamed = await tx.one(passkeys.RENAME, account_id=account_id, passkey_id=passkey_id, new_name=clean_name(name))
    if renamed is not None:
        await events.record(tx, Happened.PASSKEY_RENAMED, account_id=account_id, detail=renamed)
    return renamed


async def remove(house: House, tx: Tx, account_id: int, passkey_id: int, network: str) -> str | None:
    """Disconnect a passkey; its name, None when it is gone already or somebody else's. Raises RECOVERED_LATELY."""
    await addresses.must_be_settled(house, tx, account_id)
    name = await tx.one(passkeys.REMOVE, account_id=account_id, passkey_id=passkey_id)
    if name is not None:
        await tell(house, tx, account_id, Letter.PASSKEY_REMOVED, network=network, detail=name, name=name)
    return name


async def _proof(house: House, text: str, party: Party, asked: Asked, coming: Coming) -> Proof:
    """Check an answer, and count it, in a transaction of its own: whatever comes after, it was the only one."""
    said = webauthn.said(text)
    await house.write(_answer, said.challenge, asked)
    known = await house.read(_find, said.credential_id)
    if known is None or said.handle not in (None, bytes.fromhex(known.object_id)):
        raise Refused(Fault.PASSKEY_UNKNOWN)
    signed = webauthn.read_signed(text, party, said.challenge, known.public_key)
    if not await house.write(_use, known, signed):
        await house.write(_copied, known, coming.address)
        raise Refused(Fault.PASSKEY_BAD, detail="counted backwards")
    if known.switched_off_at is not None:
        raise Refused(Fault.ACCOUNT_SWITCHED_OFF, account_id=known.account_id)
    return Proof(known.account_id, known.password_hash)


async def _answer(house: House, tx: Tx, text: bytes, asked: Asked) -> None:
    """Take a question as answered, once. Raises PASSKEY_LATE for one that is over, was answered, or is none of ours."""
    unmarked, mark = text[: CHALLENGE_BYTES + INSTANT_BYTES], text[CHALLENGE_BYTES + INSTANT_BYTES :]
    expires_at = int.from_bytes(unmarked[CHALLENGE_BYTES:], "big")
    candidates = house.digests.candidates(Kind.CHALLENGE, _marked(asked, unmarked))
    if mark not in candidates or tx.now >= expires_at:
        raise Refused(Fault.PASSKEY_LATE)
    digest = house.digests.of(Kind.CHALLENGE, text.hex())
    if await tx.one(challenges.ANSWER, digest=digest, expires_at=expires_at) is None:
        raise Refused(Fault.PASSKEY_LATE, detail="answered before")


async def _find(_house: House, tx: Tx, credential_id: bytes) -> Known | None:
    return await tx.one(passkeys.FIND, credential_id=credential_id)


async def _use(_house: House, tx: Tx, known: Known, signed: Signed) -> bool:
    used = await tx.one(passkeys.USE, passkey_id=known.id, uses=signed.uses, synced=int(signed.synced), now=tx.now)
    return used is not None


async def _copied(_house: House, tx: Tx, known: Known, address: str) -> None:
    network = network_of(address)
    await events.record(tx, Happened.PASSKEY_COPIED, account_id=known.account_id, network=network)


def _marked(asked: Asked, unmarked: bytes) -> str:
    return f"{asked.purpose}\0{asked.holder}\0{unmarked.hex()}"
