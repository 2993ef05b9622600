"""This file lets people make an account, where they may (ux.md §7.3)."""

from collections.abc import Callable

from starlette.responses import RedirectResponse, Response

from admitone.basics.addresses import read_address
from admitone.basics.languages import language
from admitone.flows.people import signup
from admitone.model.faults import Fault, Refused
from admitone.model.names import clean_username
from admitone.model.passwords import check_new
from admitone.model.people.joining import Newcomer
from admitone.pages import signin
from admitone.pages.forms import Form, asked_for
from admitone.pages.guard import Visitor, form_key
from admitone.pages.headers import SCRIPTED
from admitone.pages.people import welcome
from admitone.pages.people.fields import EMAIL, PASSWORD, USERNAME, Wrong, add, check, meter, turned_away, typed
from admitone.pages.words import Notice, say_refused

ABOVE_THE_FORM = {Fault.RATE_LIMITED, Fault.HASHING_BUSY}
INVITATION = "invitation"


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /signup: the form, or why there is none."""
    try:
        await visitor.house.read(signup.may, _invitation(visitor, form))
    except Refused as refused:
        if refused.fault not in {Fault.SIGN_UP_CLOSED, Fault.INVITATION_UNKNOWN}:
            raise
        return turned_away(visitor, refused.fault)
    return _form(visitor, form, Wrong(notice=notice))


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /signup: make the account, sign in, and go on to confirm the address."""
    house, email = visitor.house, typed(form, EMAIL)
    minimum = house.password_minimum
    checks: list[Callable[[], object]] = [
        lambda: clean_username(typed(form, USERNAME)),
        lambda: check_new(form.get(PASSWORD, ""), minimum),
    ]
    if email or house.post:
        checks.insert(1, lambda: read_address(email))
    wrong = check(checks, minimum, form)
    if wrong:
        return _form(visitor, form, await meter(visitor, wrong, form))
    password = form.get(PASSWORD, "")
    newcomer = Newcomer(
        typed(form, USERNAME), email, password, _invitation(visitor, form), language().code, visitor.address
    )
    try:
        username = await signup.sign_up(house, newcomer)
    except Refused as refused:
        return await _refused(visitor, form, refused)
    answer = await signin.act(visitor, {"username": username, "password": password})
    if answer.status_code != 303:
        return answer
    onward = answer.headers["location"]
    # A request that waits is gone on with first: it says itself that the address must be confirmed, and how.
    if onward == "/":
        onward = "/verify" if email and house.post else welcome.PATH
    return RedirectResponse(onward, 303)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "sign up"


async def _refused(visitor: Visitor, form: Form, refused: Refused) -> Response:
    if refused.fault in {Fault.SIGN_UP_CLOSED, Fault.INVITATION_UNKNOWN}:
        return turned_away(visitor, refused.fault)
    if refused.fault in ABOVE_THE_FORM:
        return _form(visitor, form, Wrong(notice=say_refused(refused)))
    wrong = Wrong()
    add(wrong, refused, visitor.house.password_minimum, form)
    return _form(visitor, form, await meter(visitor, wrong, form))


def _form(visitor: Visitor, form: Form, wrong: Wrong) -> Response:
    values = {
        "form_key": form_key(visitor, purpose(visitor, form)),
        "action": _action(visitor),
        "invitation": _invitation(visitor, form),
        "username": typed(form, USERNAME),
        "email": typed(form, EMAIL),
        "mails": visitor.house.post is not None,
        "minimum": visitor.house.password_minimum,
        "wrong": wrong,
    }
    return visitor.printer.page("people/signup.html", values, policy=SCRIPTED, notice=wrong.whole)


def _invitation(visitor: Visitor, form: Form) -> str:
    return form.get(INVITATION) or asked_for(visitor.request, INVITATION) or ""


def _action(visitor: Visitor) -> str:
    """This page, with what waits until somebody is signed in."""
    query = visitor.request.scope["query_string"].decode("ascii", "replace")
    return f"/signup?{query}" if query else "/signup"
