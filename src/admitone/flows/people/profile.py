"""This file keeps what people say of themselves: what apps are told of it, they chose."""

from admitone.basics import catalogue
from admitone.flows.house import House
from admitone.flows.people import addresses
from admitone.model.faults import Fault, Refused
from admitone.model.names import clean_name
from admitone.model.people.profile import APPEARANCES, Wishes
from admitone.store.engine.tx import Tx
from admitone.store.people import accounts

LONGEST_ZONE = 40  # characters


async def save(house: House, tx: Tx, account_id: int, wishes: Wishes) -> None:
    """Keep what a person wants their record to be. Raises NAME_BAD, PARAMETER_BAD, EMAIL_UNCONFIRMED.

    Without Gravatar apps get a hash that names nobody's address.
    """
    found = await addresses.of_account(house, tx, account_id)
    name = clean_name(wishes.name) if wishes.name.strip() else ""
    if wishes.iso_639_1 not in catalogue.languages() or wishes.iso_3166_1 not in catalogue.countries():
        raise Refused(Fault.PARAMETER_BAD)
    if wishes.appearance not in APPEARANCES or len(wishes.time_zone) > LONGEST_ZONE:
        raise Refused(Fault.PARAMETER_BAD)
    if wishes.gravatar and not found.is_confirmed:
        raise Refused(Fault.EMAIL_UNCONFIRMED)
    await tx.run(
        accounts.SAVE,
        account_id=account_id,
        new_name=name,
        iso_639_1=wishes.iso_639_1,
        iso_3166_1=wishes.iso_3166_1,
        include_adult=int(wishes.include_adult),
        gravatar_hash=addresses.gravatar(found.email or "") if wishes.gravatar else addresses.neutral(found.username),
        time_zone=wishes.time_zone,
        appearance=wishes.appearance,
    )
