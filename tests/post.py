"""A House that sends mail, in tests: to a list, to a mail server of ours, or to one that fails."""

from dataclasses import dataclass, field, replace

from sqlalchemy import bindparam, update

from admitone.basics.addresses import read_address
from admitone.basics.mail import Kept, Mail, Post, Sender
from admitone.flows.house import House
from admitone.store.engine.statements import insert, no_row
from admitone.store.engine.tx import Tx
from admitone.store.people.tables import addresses
from admitone.store.schema import accounts
from tests.store.aside import Aside

SITE = "https://admit.example"
MIRAS = "mira@example.org"
GIVE = Aside(
    update(accounts)
    .where(accounts.c.id == bindparam("which"))
    .values(email=bindparam("to"), email_key=bindparam("key"), email_confirmed_at=bindparam("at")),
    no_row,
)
OWN = Aside(
    insert(addresses).values(address_key=bindparam("key"), account_id=bindparam("which"), confirmed_at=bindparam("at")),
    no_row,
)


@dataclass
class Scripted:
    """Takes mails, but first raises what it was told to."""

    raises: list[Exception] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        if self.raises:
            raise self.raises.pop(0)
        self.mails.append(mail)


def posting(house: House, sender: Sender | None = None) -> House:
    """The same house, but it sends mail."""
    return replace(house, post=Post(SITE, sender or Kept()))


async def give_address(_house: House, tx: Tx, account_id: int, written: str, *, confirmed: bool = True) -> None:
    """Give an account an e-mail address, as if it had been confirmed long ago."""
    key = read_address(written).key
    at = tx.now if confirmed else None
    await tx.run(GIVE, which=account_id, to=written, key=key, at=at)
    if confirmed:
        await tx.run(OWN, which=account_id, key=key, at=at)
