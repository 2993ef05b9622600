"""This file connects and disconnects authenticator apps: QR code, code, recovery codes (ux.md §7.12)."""

from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from admitone.basics import one_time_codes
from admitone.basics.digests import Kind
from admitone.basics.languages import gettext
from admitone.basics.late import late
from admitone.flows.people import addresses, authenticators, factors, second_steps
from admitone.model.faults import Fault, Refused
from admitone.model.people.factors import SECRET_BYTES
from admitone.model.web.networks import network_of
from admitone.pages.account.frame import sheet, signed_in, tell
from admitone.pages.account.security import recovery_codes
from admitone.pages.account.security.overview import PATH
from admitone.pages.forms import Form
from admitone.pages.guard import FORM_LIFE, Visitor, form_key
from admitone.pages.words import Notice, say, say_refused

if TYPE_CHECKING:
    import segno
else:
    segno = late("segno", for_people=True)

SETUP = "setup"


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/security/authenticator: the QR code of a new secret, which is kept nowhere until its code is right.

    After a wrong code it is the same secret: the app has it already.
    """
    visit = signed_in(visitor)
    await visitor.house.glance(addresses.may_change_factors, visit.account_id)
    secret = _carried(visitor, form) or visitor.house.entropy.bytes(SECRET_BYTES)
    address = one_time_codes.address(secret, visit.username, visitor.site.product)
    values = {
        "code": Markup(_drawn(address)),  # noqa: S704 - drawn by the library out of what we have written
        "key": one_time_codes.spelled(secret),
        "setup": visitor.house.digests.seal(Kind.AUTHENTICATOR, _bound(visitor, secret), visitor.now + FORM_LIFE),
        "factors": await visitor.house.glance(factors.of_account, visit.account_id),
        "form_key": form_key(visitor, purpose(visitor, form)),
    }
    return sheet(visitor, "account/security/authenticator.html", values, notice=notice)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/security/authenticator: connect the app that shows the right code; its recovery codes, once."""
    secret = _carried(visitor, form)
    if secret is None:
        return await show(visitor, form, say(Fault.FORM_STALE))
    who = signed_in(visitor).account_id
    try:
        codes = await visitor.house.write(
            authenticators.set_up, who, secret, form.get("code", ""), network_of(visitor.address)
        )
    except Refused as refused:
        if refused.fault is not Fault.STEP_CODE_WRONG:
            raise
        return await show(visitor, form, say_refused(refused))
    return recovery_codes.shown_once(visitor, codes)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "set up an authenticator app"


async def show_off(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/security/authenticator/off: the field for one more code."""
    if not (await visitor.house.glance(factors.of_account, signed_in(visitor).account_id)).authenticator:
        return RedirectResponse(PATH, 303)
    values = {"form_key": form_key(visitor, purpose_off(visitor, form))}
    return sheet(visitor, "account/security/authenticator_off.html", values, notice=notice)


async def act_off(visitor: Visitor, form: Form) -> Response:
    """POST /account/security/authenticator/off: disconnect it."""
    who = signed_in(visitor).account_id
    try:
        await second_steps.turn_off(visitor.house, who, form.get("code", ""), visitor.coming())
    except Refused as refused:
        if refused.fault not in (Fault.STEP_CODE_WRONG, Fault.CODE_LIMITED):
            raise
        return await show_off(visitor, form, say_refused(refused))
    tell(visitor, gettext("Your authenticator app is turned off."))
    return RedirectResponse(PATH, 303)


def purpose_off(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "turn off the authenticator app"


def _drawn(address: str) -> str:
    """A QR code without any inline style; white around it, so that it can be scanned in the dark theme as well."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(
        border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff", title=gettext("QR code")
    )


def _bound(visitor: Visitor, secret: bytes) -> str:
    return f"{signed_in(visitor).account_id}|{secret.hex()}"


def _carried(visitor: Visitor, form: Form) -> bytes | None:
    text = visitor.house.digests.unseal(Kind.AUTHENTICATOR, form.get(SETUP, ""), visitor.now)
    who, _, secret = (text or "").partition("|")
    return bytes.fromhex(secret) if secret and who == str(signed_in(visitor).account_id) else None
