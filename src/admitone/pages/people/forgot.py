"""This file helps people who forgot their password, or whose address somebody else changed (ux.md §7.5)."""

from starlette.responses import RedirectResponse, Response

from admitone.basics.digests import Kind
from admitone.basics.languages import language
from admitone.flows import visits
from admitone.flows.people import addresses, links, passwords, recovery
from admitone.flows.people.recovery import Opened
from admitone.flows.people.second_steps import Answer
from admitone.model.faults import Fault, Refused
from admitone.model.passwords import check_new
from admitone.model.people.factors import HALFWAY_MS, clean_code
from admitone.model.people.links import Purpose
from admitone.pages.account.people.password import APPS
from admitone.pages.forms import Form, asked_for
from admitone.pages.guard import Visitor, cookie_name, form_key
from admitone.pages.headers import SCRIPTED
from admitone.pages.people.fields import CODE, PASSWORD, USERNAME, Wrong, add, check, meter, turned_away, typed
from admitone.pages.words import Notice, say, say_refused

SENT = "sent"
PROVED = "proved"


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
    """GET /reset/{token}: the code first where there is a second step, then a new password; it uses nothing up."""
    return await _choosing(visitor, form, Wrong(notice=notice))


async def act_reset(visitor: Visitor, form: Form) -> Response:
    """POST /reset/{token}: take the code, or set the password, sign in with it, and ask about the apps."""
    if await _waits_for_code(visitor):
        return await _prove(visitor, form)
    password, minimum = form.get(PASSWORD, ""), await _minimum(visitor)
    wrong = check([lambda: check_new(password, minimum)], minimum, form)
    if wrong:
        return await _choosing(visitor, form, await meter(visitor, wrong, form))
    try:
        proof = await recovery.reset(visitor.house, _text(visitor), password, visitor.address, _proved(visitor))
        visit = await visitor.house.write(visits.start, proof, visitor.coming())
    except Refused as refused:
        if refused.fault is Fault.LINK_DEAD:
            return await _choosing(visitor, form, Wrong())
        if refused.fault is Fault.HASHING_BUSY:
            return await _choosing(visitor, form, Wrong(notice=say_refused(refused)))
        add(wrong, refused, minimum, form)
        return await _choosing(visitor, form, await meter(visitor, wrong, form))
    visitor.drop(PROVED)
    visitor.settle(visit, remember=False)
    return RedirectResponse(APPS, 303)


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
    if opened.second_step and not recovery.is_proved(visitor.house, _text(visitor), opened, _proved(visitor)):
        return _asking(visitor, form, opened, wrong.whole)
    values = {
        "username": opened.link.username,
        "action": visitor.request.scope["path"],
        "form_key": form_key(visitor, purpose_reset(visitor, form)),
        "minimum": await _minimum(visitor),
        "wrong": wrong,
    }
    return visitor.printer.page("people/reset.html", values, policy=SCRIPTED, notice=wrong.whole)


def _asking(visitor: Visitor, form: Form, opened: Opened, notice: Notice | None) -> Response:
    """The page that asks for the code before the new password (ux.md §7.5)."""
    values = {
        "username": opened.link.username,
        "action": visitor.request.scope["path"],
        "form_key": form_key(visitor, purpose_reset(visitor, form)),
    }
    return visitor.printer.page("people/reset_code.html", values, notice=notice)


async def _waits_for_code(visitor: Visitor) -> bool:
    try:
        opened = await visitor.house.read(recovery.look, _text(visitor))
    except Refused as refused:
        if refused.fault is not Fault.LINK_DEAD:
            raise
        return False
    return opened.second_step and not recovery.is_proved(visitor.house, _text(visitor), opened, _proved(visitor))


async def _prove(visitor: Visitor, form: Form) -> Response:
    code = form.get(CODE, "")
    answer = Answer(code, recovery=clean_code(code) is None)
    try:
        proved = await recovery.prove(visitor.house, _text(visitor), answer, visitor.coming())
    except Refused as refused:
        if refused.fault not in {Fault.LINK_DEAD, Fault.STEP_CODE_WRONG, Fault.CODE_LIMITED}:
            raise
        return await _choosing(visitor, form, Wrong(notice=say_refused(refused)))
    sealed = visitor.house.digests.seal(Kind.HALFWAY, f"{PROVED} {proved}", visitor.now + HALFWAY_MS)
    visitor.keep(PROVED, sealed, HALFWAY_MS // 1000)
    return RedirectResponse(visitor.request.scope["path"], 303)


def _proved(visitor: Visitor) -> str:
    """What this browser has been given for the right code, within the last ten minutes."""
    sealed = visitor.cookies.get(cookie_name(visitor.site, PROVED), "")
    text = visitor.house.digests.unseal(Kind.HALFWAY, sealed, visitor.now) if sealed else None
    return (text or "").removeprefix(f"{PROVED} ")


async def _minimum(visitor: Visitor) -> int:
    """How many characters the password of this link's account needs; of a link that is dead, as of any."""
    link = await visitor.house.read(links.find, Purpose.RESET, _text(visitor))
    return await visitor.house.read(passwords.minimum, link.account_id) if link else visitor.house.password_minimum


def _text(visitor: Visitor) -> str:
    return str(visitor.request.path_params["token"])
