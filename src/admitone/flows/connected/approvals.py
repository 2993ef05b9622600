"""This file tells people by mail that an app may use their account from now on, with a link that ends it (M10)."""

from typing import NamedTuple

from admitone.basics.letters import Letter
from admitone.flows import throttle
from admitone.flows.house import House
from admitone.flows.people import notices, outbox
from admitone.model.connected.approvals import SAME_AGAIN, Approval, How
from admitone.model.web.browsers import as_kept
from admitone.store import apps
from admitone.store.engine.tx import Tx

LETTERS = {
    How.PAGE: Letter.APP_CONNECTED,
    How.LOGIN: Letter.APP_CONNECTED_BY_LOGIN,
    How.APP_PASSWORD: Letter.APP_CONNECTED_BY_LOGIN,
}


class Given(NamedTuple):
    """What was approved: the digest of the request token, whose it is, who approved, and where it had been made."""

    digest: bytes
    app_id: int
    account_id: int
    network: str


async def tell(house: House, tx: Tx, given: Given, approval: Approval) -> None:
    """Queue the mail about a connection, in the transaction that approves it.

    What was approved within a day in the same way, of the same app and from the same networks is not told once more
    (decision 21).
    """
    if house.post is None:
        return
    networks = (given.network, approval.network)
    if not await throttle.has_room(house, tx, SAME_AGAIN, given.account_id, given.app_id, approval.how, *networks):
        return
    app = await tx.one(apps.FIND_BY_ID, app_id=given.app_id)
    if app is None:
        return
    facts = {
        "app": app.name,
        "maker": app.owner_name or house.post.host,
        "browser": as_kept(approval.browser).words or "?",
        outbox.CONNECTION: given.digest.hex(),
    }
    await notices.mail(house, tx, given.account_id, LETTERS[approval.how], network=approval.network, **facts)
