"""This file tells people what happened to their account: in the audit and by mail, in the same transaction."""

from typing import Final

from admitone.basics.letters import Letter
from admitone.flows import events, throttle
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import outbox
from admitone.model.limits import NOTICES
from admitone.store.engine.tx import Tx
from admitone.store.people import accounts

# What the audit calls that of which a letter tells.
HAPPENED: Final[dict[Letter, Happened]] = {
    Letter.PASSWORD_CHANGED: Happened.PASSWORD_SET,
    Letter.NEW_DEVICE: Happened.NEW_DEVICE,
    Letter.PASSKEY_ADDED: Happened.PASSKEY_ADDED,
    Letter.PASSKEY_REMOVED: Happened.PASSKEY_REMOVED,
    Letter.AUTHENTICATOR_ON: Happened.AUTHENTICATOR_ON,
    Letter.AUTHENTICATOR_OFF: Happened.AUTHENTICATOR_OFF,
    Letter.RECOVERY_CODES_MADE: Happened.RECOVERY_CODES_MADE,
    Letter.RECOVERY_CODE_USED: Happened.RECOVERY_CODE_USED,
    Letter.APP_PASSWORD_MADE: Happened.APP_PASSWORD_MADE,
    Letter.APP_PASSWORD_USED: Happened.APP_PASSWORD_USED,
    Letter.EXPORT_READY: Happened.EXPORT_READY,
    Letter.DELETION_STARTED: Happened.DELETION_STARTED,
    Letter.ACCOUNT_DELETED: Happened.ACCOUNT_DELETED,
}


async def tell(
    house: House,
    tx: Tx,
    account_id: int,
    letter: Letter,
    /,
    *,
    network: str = "",
    app_id: int | None = None,
    detail: str = "",
    **facts: str,
) -> None:
    """Write what happened into the audit, and mail it to the account's confirmed address, if it has one.

    `facts` fill the blanks of the letter; `username`, `network` and `when` are known. The mail is dropped, never the
    audit, when a person would get more than is of use to anybody.
    """
    await events.record(tx, HAPPENED[letter], app_id=app_id, account_id=account_id, network=network, detail=detail)
    await mail(house, tx, account_id, letter, network=network, **facts)


async def mail(house: House, tx: Tx, account_id: int, letter: Letter, /, *, network: str = "", **facts: str) -> None:
    """The mail alone, of what is in the audit otherwise."""
    if house.post is None:
        return
    found = await tx.one(accounts.ADDRESSEE, account_id=account_id)
    if found is None or found.email is None or found.email_confirmed_at is None:
        return
    if await throttle.has_room(house, tx, NOTICES, account_id):
        known = {"address": found.email, "username": found.username, "network": network or "unknown"}
        await outbox.queue(house, tx, letter, account_id, found.language, {**known, **facts})
