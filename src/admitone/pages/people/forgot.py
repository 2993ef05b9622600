"""This file helps people who forgot their password, or whose address somebody else changed (ux.md §7.5)."""

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import language
from admitone.flows.people import addresses, links, passwords, recovery
from admitone.model.faults import Fault, Refused
from admitone.model.passwords import check_new
from admitone.model.people.links import Purpose
from admitone.pages import signin
from admitone.pages.forms import Form, asked_for
from admitone.pages.guard import Visitor, form_key
from admitone.pages.headers import SCRIPTED
from admitone.pages.people.fields import PASSWORD, USERNAME, Wrong, add, check, meter, turned_away, typed
from admitone.pages.words import Notice, say, say_refused

SENT = "sent"
APPS = "/account/password/apps"


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /forgot: whom the link shall go to; once asked, the same words for everybody."""
    if visitor.house.post is None:
        return turned_away(visitor, Fault.MAIL_OFF)
    values = {
        "sent": notice is None and asked_for(visitor.request, SENT) is not None,
        "form_key": form_key(visitor, purpose(visitor, form)),
        "username": typed(form, USERNAME),
    }
    return visitor.printer.page("people/forgot.html", values, notice=notice)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /forgot: have the link sent, if it can be; nothing here depends on whether it can."""
    asked = typed(form, USERNAME)
    if not asked:
        return await show(visitor, form, say(Fault.PARAMETER_MISSING))
    try:
        await visitor.house.write(recovery.ask, asked, language().code, visitor.address)
    except Refused as refused:
        if refused.fault is Fault.MAIL_OFF:
            return turned_away(visitor, Fault.MAIL_OFF)
        if refused.fault is not Fault.RATE_LIMITED:
            raise
        return await show(visitor, form, say_refused(refused))
    return RedirectResponse(f"/forgot?{SENT}=1", 303)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "forgot password"


async def show_reset(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /reset/{token}: the field for a new password; opening the link uses nothing up."""
    return await _choosing(visitor, form, Wrong(notice=notice))


async def act_reset(visitor: Visitor, form: Form) -> Response:
    """POST /reset/{token}: set the password, sign in with it, and ask about the apps."""
    password, minimum = form.get(PASSWORD, ""), await _minimum(visitor)
    wrong = check([lambda: check_new(password, minimum)], minimum, form)
    if wrong:
        return await _choosing(visitor, form, await meter(visitor, wrong, form))
    try:
        username = await recovery.reset(visitor.house, _text(visitor), password, visitor.address)
    except Refused as refused:
        if refused.fault is Fault.LINK_DEAD:
            return await _choosing(visitor, form, Wrong())
        if refused.fault is Fault.HASHING_BUSY:
            return await _choosing(visitor, form, Wrong(notice=say_refused(refused)))
        add(wrong, refused, minimum, form)
        return await _choosing(visitor, form, await meter(visitor, wrong, form))
    answer = await signin.act(visitor, {"username": username, "password": password})
    signed = answer.status_code == 303 and answer.headers["location"] == signin.onward(visitor)
    return RedirectResponse(APPS, 303) if signed else answer


def purpose_reset(visitor: Visitor, _form: Form) -> str:
    """What the form of a link is for: this one and no other."""
    return f"reset\0{_text(visitor)}"


async def show_revert(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /revert/{token}: what happened, and one button that takes it back."""
    link = await visitor.house.read(links.find, Purpose.REVERT, _text(visitor))
    if link is None:
        return visitor.printer.page("people/dead.html", {"again": ""}, notice=say(Fault.LINK_DEAD))
    values = {
        "address": link.address,
        "username": link.username,
        "done": link.used_at is not None,
        "action": visitor.request.scope["path"],
        "form_key": form_key(visitor, purpose_revert(visitor, form)),
    }
    return visitor.printer.page("people/revert.html", values, notice=notice)


async def act_revert(visitor: Visitor, form: Form) -> Response:
    """POST /revert/{token}: give the account its old address back; a link for a new password goes there."""
    try:
        await visitor.house.write(addresses.revert, _text(visitor), visitor.address)
    except Refused as refused:
        if refused.fault not in {Fault.LINK_DEAD, Fault.EMAIL_TAKEN}:
            raise
        return await show_revert(visitor, form, say_refused(refused) if refused.fault is Fault.EMAIL_TAKEN else None)
    return RedirectResponse(visitor.request.scope["path"], 303)


def purpose_revert(visitor: Visitor, _form: Form) -> str:
    """What the form of a link is for: this one and no other."""
    return f"revert\0{_text(visitor)}"


async def _choosing(visitor: Visitor, form: Form, wrong: Wrong) -> Response:
    try:
        opened = await visitor.house.read(recovery.look, _text(visitor))
    except Refused as refused:
        if refused.fault is not Fault.LINK_DEAD:
            raise
        return visitor.printer.page("people/dead.html", {"again": "/forgot"}, notice=say_refused(refused))
    values = {
        "username": opened.link.username,
        "action": visitor.request.scope["path"],
        "form_key": form_key(visitor, purpose_reset(visitor, form)),
        "minimum": await _minimum(visitor),
        "wrong": wrong,
    }
    return visitor.printer.page("people/reset.html", values, policy=SCRIPTED, notice=wrong.whole)


async def _minimum(visitor: Visitor) -> int:
    """How many characters the password of this link's account needs; of a link that is dead, as of any."""
    link = await visitor.house.read(links.find, Purpose.RESET, _text(visitor))
    return await visitor.house.read(passwords.minimum, link.account_id) if link else visitor.house.password_minimum


def _text(visitor: Visitor) -> str:
    return str(visitor.request.path_params["token"])
