"""This file signs people in, and out again, on their own browser (ux.md §7.1)."""

import asyncio
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import gettext, mark
from admitone.basics.strength import is_listed
from admitone.flows import consents, logins, visits
from admitone.flows.logins import Attempt
from admitone.model.faults import Fault, Refused
from admitone.model.people.joining import SignUp
from admitone.model.scripts import is_blank
from admitone.pages import pending
from admitone.pages.account.doors import FIELD as NEXT
from admitone.pages.account.doors import wanted_after
from admitone.pages.account.frame import tell_to
from admitone.pages.entrance import halfway, questions
from admitone.pages.forms import Form, asked_for
from admitone.pages.guard import VISIT, Visitor, form_key
from admitone.pages.headers import Policy
from admitone.pages.pending import Question
from admitone.pages.printer import person, shown
from admitone.pages.returning import back_in
from admitone.pages.words import WORDS, Notice, Words, say, say_refused, told

PASSKEY = "/signin/passkey"
BY_PASSKEY = {Fault.PASSKEY_BAD, Fault.PASSKEY_LATE, Fault.PASSKEY_UNKNOWN}
LISTED = mark(
    "Your password is on lists of passwords that attackers try first. Choose another one under “Sign-in and security”."
)
# Where people can help themselves (ux.md §7.1).
WRONG = Words(
    422,
    WORDS[Fault.LOGIN_WRONG].title,
    (mark("The username or password isn’t right. Check both, or set a new password."),),
)
SLOWED = Words(
    429,
    WORDS[Fault.LOGIN_LIMITED].title,
    (mark("Wait {wait}, or sign in with a passkey."),),
    WORDS[Fault.LOGIN_LIMITED].seal,
)
# What the sign-in form itself can answer; everything else is a page of its own.
ON_THE_FORM = {
    Fault.LOGIN_WRONG,
    Fault.LOGIN_LIMITED,
    Fault.LOGIN_MISSING,
    Fault.HASHING_BUSY,
    Fault.ACCOUNT_SWITCHED_OFF,
    Fault.PASSWORD_TOO_LONG,
    Fault.RATE_LIMITED,
}


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /signin: the form, with the app that waits; what was typed stays, but for the password."""
    question = _waiting(visitor)
    values = {
        "app_name": await _app_name(visitor, question),
        "person": person(visitor.visit),
        "stay": onward(visitor),
        "action": kept_address(visitor, "/signin"),
        "passkey_action": kept_address(visitor, PASSKEY),
        "passkey_key": form_key(visitor, questions.SIGN_IN),
        "passkey_options": questions.options(visitor, questions.SIGN_IN),
        "can_sign_up": visitor.house.sign_up is SignUp.OPEN,
        "sign_up": kept_address(visitor, "/signup"),
        "form_key": form_key(visitor, purpose(visitor, form)),
        # After a passkey was turned away the browser does not come with it again by itself, only when asked to.
        "autofill": notice is None or notice.fault not in BY_PASSKEY,
        "username": _username(form),
        "remember": "remember" in form,
    }
    policy = Policy(scripts=True, opener=question is not None)
    return visitor.printer.page("signin.html", values, policy=policy, notice=notice)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /signin: begin a visit with a new secret, then go on to what waits for it, else to the front page."""
    username, password = _username(form), form.get("password", "")
    if not username or not password:
        return await show(visitor, form, say(Fault.LOGIN_MISSING))
    remember = "remember" in form
    attempt = Attempt(username, password, visitor.address, visitor.device)
    try:
        proof = await logins.check(visitor.house, attempt)
        # It may have been set where nobody looked, or before it came on the list (security.md A1).
        listed = await asyncio.to_thread(is_listed, password)
        if proof.second_step:
            halfway.keep(visitor, proof, remember=remember, listed=listed)
            return RedirectResponse(kept_address(visitor, "/signin/code"), 303)
        visit = await visitor.house.write(visits.start, proof, visitor.coming(remember=remember))
    except Refused as refused:
        if refused.fault not in ON_THE_FORM:
            raise
        # Said only after the right password: whoever deleted their account may still keep it.
        if way := await back_in(visitor, refused):
            return way
        notice = say_refused(refused)
        if refused.fault is Fault.LOGIN_WRONG and visitor.house.post is not None:
            notice = told(WRONG, fault=refused.fault)
        elif refused.fault is Fault.LOGIN_LIMITED:
            notice = told(SLOWED, retry_after=refused.retry_after, fault=refused.fault)
        return await show(visitor, form, notice)
    visitor.settle(visit, remember=remember)
    return warned(visitor, proof.account_id) if listed else RedirectResponse(onward(visitor), 303)


def warned(visitor: Visitor, account_id: int) -> Response:
    """Let somebody in whose password attackers try first, and tell them on the next page of their account."""
    tell_to(visitor, account_id, gettext(LISTED))
    return RedirectResponse(onward(visitor, otherwise="/account"), 303)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "sign in"


async def show_out(visitor: Visitor, _form: Form, notice: Notice | None) -> Response:
    """GET /signout: a button; opening the page signs nobody out (security.md B2)."""
    values = {"person": person(visitor.visit), "form_key": form_key(visitor, purpose_out(visitor, {}))}
    # Signing out twice is no mistake: the second time there is nothing left to do.
    return visitor.printer.page("signout.html", values, notice=notice if visitor.visit else None)


async def act_out(visitor: Visitor, _form: Form) -> Response:
    """POST /signout: end the visit here and in the store."""
    if visitor.visit is not None:
        await visitor.house.write(visits.sign_out, visitor.visit_text)
        visitor.drop(VISIT)
    return RedirectResponse("/signout", 303)


def purpose_out(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "sign out"


def _username(form: Form) -> str:
    """The user name that was typed or pasted, without what nobody can see in it (ux.md §5: never so with passwords)."""
    return "".join(char for char in form.get("username", "") if not is_blank(char)).strip()


def onward(visitor: Visitor, otherwise: str = "/") -> str:
    """Where the browser goes once somebody is signed in: the request that waits, else the page they wanted."""
    question = _waiting(visitor)
    return question.door if question else wanted_after(visitor) or otherwise


def kept_address(visitor: Visitor, path: str) -> str:
    """Another page of signing in, with what waits for its end; never what is not our own."""
    if _waiting(visitor) is not None:
        return f"{path}?for={quote(asked_for(visitor.request, 'for') or '', safe='')}"
    wanted = wanted_after(visitor)
    return path if wanted is None else f"{path}?{NEXT}={quote(wanted, safe='')}"


def waits(visitor: Visitor) -> bool:
    """Whether an app waits for somebody to sign in: then the page keeps the window that opened it."""
    return _waiting(visitor) is not None


def _waiting(visitor: Visitor) -> Question | None:
    return pending.find(visitor, asked_for(visitor.request, "for") or "")


async def _app_name(visitor: Visitor, question: Question | None) -> str:
    """The name of the app that waits, or nothing: whether a request has expired is said after signing in."""
    if question is None:
        return ""
    try:
        ask = await visitor.house.read(consents.look, question.token, None)
    except Refused:
        return ""
    return shown(ask.app.name)
