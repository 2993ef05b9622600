"""This file signs people in by passkey: the answer to a question of ours comes as an ordinary form (ux.md §7.1)."""

from starlette.responses import RedirectResponse, Response

from admitone.flows.people import passkeys
from admitone.model.faults import Fault, Refused
from admitone.pages import signin
from admitone.pages.entrance import halfway, questions
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor
from admitone.pages.returning import back_in
from admitone.pages.words import Notice, say, say_refused

ON_THE_FORM = {Fault.PASSKEY_BAD, Fault.PASSKEY_LATE, Fault.PASSKEY_UNKNOWN, Fault.ACCOUNT_SWITCHED_OFF}


async def show(visitor: Visitor, _form: Form, notice: Notice | None) -> Response:
    """GET /signin/passkey: nothing is here but the way to sign in."""
    if notice is None:
        return RedirectResponse(signin.kept_address(visitor, "/signin"), 303)
    return await signin.show(visitor, {}, notice)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /signin/passkey: let in whoever's passkey has answered."""
    text = form.get(questions.CREDENTIAL, "")
    asked = questions.asked(visitor, questions.SIGN_IN)
    half = halfway.find(visitor)
    remember = half.remember if half else False
    if not visitor.site.passkey_host:
        return await signin.show(visitor, {}, say(Fault.PASSKEY_BAD))
    try:
        coming = visitor.coming(remember=remember)
        visit = await passkeys.sign_in(visitor.house, text, questions.party(visitor), asked, coming)
    except Refused as refused:
        if refused.fault not in ON_THE_FORM:
            raise
        if way := await back_in(visitor, refused, both_steps=True):
            halfway.forget(visitor)
            return way
        return await signin.show(visitor, {}, say_refused(refused))
    halfway.forget(visitor)
    visitor.settle(visit, remember=remember)
    return RedirectResponse(signin.onward(visitor), 303)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return questions.SIGN_IN
