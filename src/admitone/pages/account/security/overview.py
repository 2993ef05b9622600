"""This file shows how an account is protected, a card for each way (ux.md §7.12)."""

from starlette.responses import Response

from admitone.flows.people import addresses, factors, passkeys
from admitone.model.people.factors import FEW_LEFT, Passkey
from admitone.pages.account.frame import sheet, signed_in
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor
from admitone.pages.moments import Moment, ago, date
from admitone.pages.printer import shown
from admitone.pages.words import Notice

PATH = "/account/security"


async def show(visitor: Visitor, _form: Form, notice: Notice | None) -> Response:
    """GET /account/security: what the account can be proved with, and the way to change each."""
    account_id = signed_in(visitor).account_id
    kept = await visitor.house.read(passkeys.all_of, account_id)
    address = await visitor.house.glance(addresses.of_account, account_id)
    values = {
        "factors": await visitor.house.glance(factors.of_account, account_id),
        "few": FEW_LEFT,
        "passkeys": [card(visitor, each) for each in kept],
        "passkeys_work": bool(visitor.site.passkey_host),
        "email": address.email,
        "confirmed": address.is_confirmed,
    }
    return sheet(visitor, "account/security/overview.html", values, notice=notice)


def card(visitor: Visitor, passkey: Passkey) -> dict[str, object]:
    """A passkey as a card shows it."""
    used: Moment | None = ago(passkey.used_at, visitor.now) if passkey.used_at is not None else None
    return {
        "path": f"{PATH}/passkeys/{passkey.id}",
        "name": shown(passkey.name),
        "made": date(passkey.made_at),
        "used": used,
        "synced": passkey.synced,
    }
