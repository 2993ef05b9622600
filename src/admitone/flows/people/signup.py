"""This file makes accounts for people who ask for one, and tells nobody whose an e-mail address is.

An address that belongs to another account gets an account all the same, with the same work and the same answer. It is
only a claim: the mail to it says that there is an account already, and brings nothing to confirm it with.
"""

from admitone.basics.addresses import Address, read_address
from admitone.flows import accounts, throttle
from admitone.flows.house import House
from admitone.flows.people import addresses, invitations, passwords
from admitone.model.faults import Fault, Refused
from admitone.model.limits import JOINING
from admitone.model.names import clean_username, username_key
from admitone.model.people.joining import UNCONFIRMED_MS, Newcomer, SignUp
from admitone.model.web.networks import network_of
from admitone.store import accounts as statements
from admitone.store.engine.tx import Tx
from admitone.store.people import accounts as people


async def sign_up(house: House, newcomer: Newcomer) -> str:
    """Make an account; its user name as it is kept. Whoever asked may sign in with it at once.

    Raises SIGN_UP_CLOSED, INVITATION_UNKNOWN, USERNAME_BAD, USERNAME_TAKEN, EMAIL_BAD, RATE_LIMITED, and what
    `passwords.hashed` says.
    """
    username = clean_username(newcomer.username)
    address = read_address(newcomer.email) if newcomer.email or house.post else None
    # Apart from what follows: what is refused there must count as well.
    await house.write(_count, newcomer)
    await house.read(_look, username)
    password_hash = await passwords.hashed(house, newcomer.password, (username, newcomer.email))
    await house.write(_add, newcomer, username, address, password_hash)
    return username


async def may(house: House, tx: Tx, invitation: str) -> None:
    """Make sure that somebody with this invitation, or none, may sign up. Raises SIGN_UP_CLOSED, INVITATION_UNKNOWN."""
    if house.sign_up is SignUp.CLOSED or (house.sign_up is SignUp.INVITATION and not invitation):
        raise Refused(Fault.SIGN_UP_CLOSED)
    if house.sign_up is SignUp.INVITATION:
        await invitations.look(house, tx, invitation)


async def _count(house: House, tx: Tx, newcomer: Newcomer) -> None:
    await may(house, tx, newcomer.invitation)
    await throttle.take_from(house, tx, JOINING, newcomer.address)


async def _look(_house: House, tx: Tx, username: str) -> None:
    # User names are public, so that this may be said.
    if await tx.one(statements.FIND, username_key=username_key(username)) is not None:
        raise Refused(Fault.USERNAME_TAKEN)


async def _add(
    house: House, tx: Tx, newcomer: Newcomer, username: str, address: Address | None, password_hash: str
) -> None:
    network = network_of(newcomer.address)
    account = await accounts.make(house, tx, username, password_hash, "", language=newcomer.language, network=network)
    if house.sign_up is SignUp.INVITATION:
        await invitations.use(house, tx, newcomer.invitation, account.id)
    if address is not None:
        await tx.one(people.CLAIM_ADDRESS, account_id=account.id, written=address.written, address_key=address.key)
        if house.post is not None:
            await tx.run(people.AWAIT_CONFIRMATION, account_id=account.id, until=tx.now + UNCONFIRMED_MS)
        await addresses.send_link(house, tx, account.id, address.written)
