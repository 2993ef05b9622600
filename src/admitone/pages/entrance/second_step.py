"""This file asks for the second step of signing in, a code or a recovery code (ux.md §7.2)."""

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import ngettext
from admitone.flows.people import second_steps
from admitone.flows.people.second_steps import Answer
from admitone.model.faults import Fault, Refused
from admitone.pages import signin
from admitone.pages.account.frame import tell_to
from admitone.pages.entrance import halfway, questions
from admitone.pages.entrance.halfway import Halfway
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.headers import Policy
from admitone.pages.words import Notice, say, say_refused

CODE = "/signin/code"
RECOVERY = "/signin/recovery"
ON_THE_FORM = {Fault.STEP_CODE_WRONG, Fault.CODE_LIMITED}


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /signin/code: the field for the code of an authenticator app."""
    return await _show(visitor, form, notice, recovery=False)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /signin/code: let them in, or say that the code is wrong."""
    return await _act(visitor, form, recovery=False)


async def show_recovery(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /signin/recovery: the field for a recovery code."""
    return await _show(visitor, form, notice, recovery=True)


async def act_recovery(visitor: Visitor, form: Form) -> Response:
    """POST /signin/recovery: let them in by a recovery code, which is worth nothing after."""
    return await _act(visitor, form, recovery=True)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the forms are for."""
    return "second step"


async def _show(visitor: Visitor, form: Form, notice: Notice | None, *, recovery: bool) -> Response:
    if halfway.find(visitor) is None:
        if notice is None:
            return RedirectResponse(signin.kept_address(visitor, "/signin"), 303)
        return await signin.show(visitor, {}, notice)
    values = {
        "recovery": recovery,
        "action": signin.kept_address(visitor, RECOVERY if recovery else CODE),
        "other": signin.kept_address(visitor, CODE if recovery else RECOVERY),
        "passkey_action": signin.kept_address(visitor, signin.PASSKEY),
        "form_key": form_key(visitor, purpose(visitor, form)),
        "passkey_key": form_key(visitor, questions.SIGN_IN),
        "passkey_options": questions.options(visitor, questions.SIGN_IN),
        "trust": "trust" in form,
    }
    policy = Policy(scripts=True, opener=signin.waits(visitor))
    return visitor.printer.page("entrance/code.html", values, policy=policy, notice=notice)


async def _act(visitor: Visitor, form: Form, *, recovery: bool) -> Response:
    half = halfway.find(visitor)
    if half is None:
        return await signin.show(visitor, {}, say(Fault.HALFWAY_OVER))
    answer = Answer(form.get("code", ""), recovery)
    coming = visitor.coming(remember=half.remember, trust="trust" in form and not recovery)
    try:
        taken = await second_steps.sign_in(visitor.house, half.account_id, half.marked, answer, coming)
    except Refused as refused:
        if refused.fault in ON_THE_FORM:
            return await _show(visitor, form, say_refused(refused), recovery=recovery)
        if refused.fault in (Fault.HALFWAY_OVER, Fault.LOGIN_WRONG):
            halfway.forget(visitor)
            return await signin.show(visitor, {}, say(Fault.HALFWAY_OVER))
        raise
    return _in(visitor, half, taken)


def _in(visitor: Visitor, half: Halfway, taken: second_steps.Taken) -> Response:
    halfway.forget(visitor)
    visitor.settle(taken.visit, remember=half.remember)
    if half.listed:
        return signin.warned(visitor, half.account_id)
    if taken.left is None:
        return RedirectResponse(signin.onward(visitor), 303)
    left = ngettext("You have one recovery code left.", "You have {count} recovery codes left.", taken.left)
    tell_to(visitor, half.account_id, left)
    return RedirectResponse(signin.onward(visitor, otherwise="/account"), 303)
