"""This file shows people their account at a glance: how each part stands, and what waits for them (ux.md §7.11)."""

from starlette.responses import Response

from admitone.basics.languages import figure, gettext, ngettext
from admitone.flows.connected import connections
from admitone.flows.people import addresses, factors, history
from admitone.model.people.factors import FEW_LEFT, Factors
from admitone.pages.account.frame import sheet, signed_in
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.signin import purpose_out
from admitone.pages.words import Notice


async def show(visitor: Visitor, form: Form, _notice: Notice | None) -> Response:
    """GET /account: the way to every page of the account with a line on how it stands, and out."""
    house, account_id = visitor.house, signed_in(visitor).account_id
    proofs = await house.glance(factors.of_account, account_id)
    apps = await house.glance(connections.count, account_id)
    places = len(await house.glance(history.signed_in, account_id))
    values = {
        "form_key": form_key(visitor, purpose_out(visitor, form)),
        "states": {
            "/account/security": _ways_in(proofs),
            "/account/apps": gettext("Connected apps: {count}", count=figure(apps)),
            "/account/history": ngettext("Signed in on one browser", "Signed in on {count} browsers", places),
        },
        "unconfirmed": await house.glance(addresses.is_unconfirmed, account_id),
        "codes": proofs.recovery_codes,
        "few_codes": bool(proofs.authenticator) and proofs.recovery_codes < FEW_LEFT,
    }
    return sheet(visitor, "account/overview.html", values)


def _ways_in(proofs: Factors) -> str:
    count = figure(proofs.passkeys)
    if proofs.authenticator:
        return gettext("Passkeys: {count} · Authenticator app: on", count=count)
    return gettext("Passkeys: {count} · Authenticator app: off", count=count)
