"""This file lets people delete their account, and keep it as long as it is not erased (ux.md §7.15)."""

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import mark
from admitone.flows.people import factors, second_steps
from admitone.flows.people.second_steps import Answer
from admitone.flows.records import leaving
from admitone.model.faults import Fault, Refused
from admitone.model.names import username_key
from admitone.model.people.factors import clean_code
from admitone.model.records.jobs import GRACE_MS
from admitone.pages.account.frame import sheet, signed_in
from admitone.pages.forms import Form
from admitone.pages.guard import VISIT, Visitor, form_key
from admitone.pages.moments import date
from admitone.pages.printer import shown
from admitone.pages.returning import LEAVING, Returning, returning
from admitone.pages.words import Notice, Words, say_refused, told

ON_THE_FORM = {Fault.STEP_CODE_WRONG, Fault.CODE_LIMITED, Fault.ADDRESS_CHANGED_LATELY}
OTHER_NAME = Words(
    422,
    mark("That isn’t your username"),
    (mark("Type your username as it stands beside the field. Nothing was deleted."),),
)


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/delete: what goes, what stays, when; and the field that makes it deliberate."""
    visit = signed_in(visitor)
    values = {
        "username": shown(visit.username),
        "typed": form.get("username", ""),
        "erase_on": date(visitor.now + GRACE_MS),
        "apps": await visitor.house.read(leaving.own_apps, visit.account_id),
        "form_key": form_key(visitor, purpose(visitor, form)),
    }
    return sheet(visitor, "account/delete.html", values, notice=notice)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/delete: signed out and disconnected at once, erased after 14 days."""
    visit = signed_in(visitor)
    if username_key(form.get("username", "").strip().removeprefix("@")) != username_key(visit.username):
        return await show(visitor, form, told(OTHER_NAME))
    until = date(visitor.now + GRACE_MS).words
    await visitor.house.write(leaving.ask, visit.account_id, visitor.network or "", until)
    visitor.drop(VISIT)
    return visitor.printer.page("leaving.html", {"erase_on": date(visitor.now + GRACE_MS), "state": "begun"})


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "delete account"


async def show_pending(visitor: Visitor, _form: Form, notice: Notice | None) -> Response:
    """GET /leaving: for whoever signed in to an account that is leaving: keep it, or do not wait."""
    who = returning(visitor)
    if who is None:
        return RedirectResponse("/signin", 303)
    values = {
        "state": "pending",
        "username": shown(who.username),
        "erase_on": date(who.erase_at),
        "asks_code": await _asks_code(visitor, who),
        "form_key": form_key(visitor, purpose_pending(visitor, {})),
    }
    return visitor.printer.page("leaving.html", values, notice=notice)


async def act_pending(visitor: Visitor, form: Form) -> Response:
    """POST /leaving: keep the account, or erase it now."""
    who = returning(visitor)
    if who is None:
        return RedirectResponse("/signin", 303)
    choice = form.get("choice", "")
    try:
        if choice == "keep":
            await visitor.house.write(leaving.keep, who.account_id)
        elif choice == "erase":
            if await _asks_code(visitor, who):
                code = form.get("code", "")
                answer = Answer(code, recovery=clean_code(code) is None)
                await second_steps.prove(visitor.house, who.account_id, answer, visitor.coming())
            await leaving.erase_now(visitor.house, who.account_id)
        else:
            return await show_pending(visitor, form, None)
    except Refused as refused:
        if refused.fault in ON_THE_FORM:
            return await show_pending(visitor, form, say_refused(refused))
        if refused.fault is not Fault.ACCOUNT_UNKNOWN:
            raise
        choice = "erase"  # it was, a moment ago
    visitor.drop(LEAVING)
    return visitor.printer.page("leaving.html", {"state": "kept" if choice == "keep" else "erased"})


def purpose_pending(visitor: Visitor, _form: Form) -> str:
    """What the form is for: this one account."""
    who = returning(visitor)
    return f"leaving\0{who.account_id if who else 0}"


async def _asks_code(visitor: Visitor, who: Returning) -> bool:
    """Whether a second step is left to prove before nothing can be taken back any more."""
    return not who.both_steps and bool((await visitor.house.glance(factors.of_account, who.account_id)).authenticator)
