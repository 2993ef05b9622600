"""This file lets people change their password, and decide what becomes of their apps then (ux.md §7.12, §7.5)."""

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import gettext
from admitone.flows.logins import Attempt
from admitone.flows.people import changes, passwords, recovery
from admitone.model.faults import Fault, Refused
from admitone.model.passwords import check_new
from admitone.model.web.networks import network_of
from admitone.pages.account.frame import sheet, signed_in, tell
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.headers import SCRIPTED
from admitone.pages.people.fields import PASSWORD, Wrong, add, check, meter
from admitone.pages.words import Notice, say_refused

APPS = "/account/password/apps"
PRESENT = "present_password"
ABOVE_THE_FORM = {Fault.LOGIN_LIMITED, Fault.HASHING_BUSY}


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/password: the present one, and another."""
    return await _form(visitor, form, Wrong(notice=notice))


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/password: change it, here and everywhere, and ask about the apps."""
    visit, new = signed_in(visitor), form.get(PASSWORD, "")
    minimum = await visitor.house.read(passwords.minimum, visit.account_id)
    wrong = check([lambda: check_new(new, minimum)], minimum, form)
    if wrong:
        return await _form(visitor, form, await meter(visitor, wrong, form))
    present = Attempt(visit.username, form.get(PRESENT, ""), visitor.address, visitor.device)
    try:
        await changes.change_password(visitor.house, present, new, visitor.visit_text)
    except Refused as refused:
        if refused.fault in ABOVE_THE_FORM:
            return await _form(visitor, form, Wrong(notice=say_refused(refused)))
        if refused.fault is Fault.PASSWORD_WRONG:
            wrong.fields["present"] = gettext("That isn’t the password you use now. Type it once more.")
        else:
            add(wrong, refused, minimum, form)
        return await _form(visitor, form, await meter(visitor, wrong, form))
    return RedirectResponse(APPS, 303)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "change password"


async def show_apps(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/password/apps: the question that follows a new password."""
    values = {"form_key": form_key(visitor, purpose_apps(visitor, form))}
    return sheet(visitor, "account/people/ask_apps.html", values, notice=notice)


async def act_apps(visitor: Visitor, form: Form) -> Response:
    """POST /account/password/apps: disconnect them, or leave them as they are."""
    if form.get("answer") == "disconnect":
        network = network_of(visitor.address)
        await visitor.house.write(recovery.disconnect_all, signed_in(visitor).account_id, network)
        tell(visitor, gettext("Your apps are disconnected."))
    return RedirectResponse("/account", 303)


def purpose_apps(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "disconnect after a new password"


async def _form(visitor: Visitor, form: Form, wrong: Wrong) -> Response:
    values = {
        "form_key": form_key(visitor, purpose(visitor, form)),
        "minimum": await visitor.house.read(passwords.minimum, signed_in(visitor).account_id),
        "mails": visitor.house.post is not None,
        "wrong": wrong,
    }
    return sheet(visitor, "account/people/password.html", values, policy=SCRIPTED, notice=wrong.whole)
