"""This file lets people change their e-mail address: the new one is confirmed first (ux.md §7.4)."""

from starlette.responses import RedirectResponse, Response

from admitone.flows.people import addresses
from admitone.model.faults import Fault, Refused
from admitone.pages.account.frame import sheet, signed_in
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.people.fields import EMAIL, Wrong, add, typed
from admitone.pages.people.verify import awaited
from admitone.pages.words import Notice, say_refused

ABOVE_THE_FORM = {Fault.RATE_LIMITED, Fault.MAIL_OFF, Fault.RECOVERED_LATELY}


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/email: which it is, and where to type another."""
    return await _form(visitor, form, Wrong(notice=notice))


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/email: send a code to the new address; nobody is told whether it is somebody's already."""
    account_id = signed_in(visitor).account_id
    try:
        await visitor.house.write(addresses.want, account_id, typed(form, EMAIL), visitor.address)
    except Refused as refused:
        if refused.fault in ABOVE_THE_FORM:
            return await _form(visitor, form, Wrong(notice=say_refused(refused)))
        wrong = Wrong()
        add(wrong, refused, 0, form)
        return await _form(visitor, form, wrong)
    return RedirectResponse("/verify", 303)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "e-mail address"


async def _form(visitor: Visitor, form: Form, wrong: Wrong) -> Response:
    found = await visitor.house.read(addresses.of_account, signed_in(visitor).account_id)
    values = {
        "form_key": form_key(visitor, purpose(visitor, form)),
        "email": found.email,
        "confirmed": found.is_confirmed,
        "awaited": awaited(found) if visitor.house.post else None,
        "mails": visitor.house.post is not None,
        "contact": visitor.site.contact,
        "typed": typed(form, EMAIL),
        "wrong": wrong,
    }
    return sheet(visitor, "account/people/email.html", values, notice=wrong.whole)
