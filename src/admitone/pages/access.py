"""This file lets a person decide what the fourth generation asks: the same ticket at other addresses (wire B.6).

The address that the app wants the browser to go to is fixed with its token, so nothing in this one can change it. What
machines that drive this page look for stays: client-rules 15.
"""

import json
from typing import NamedTuple

from starlette.responses import RedirectResponse, Response

from admitone.basics.digests import Kind
from admitone.flows.consents import Ask
from admitone.model.faults import Fault, Refused
from admitone.model.request_tokens import Decision, Generation, State
from admitone.model.web import returns
from admitone.model.web.returns import Next, ReturnAddress
from admitone.pages import consent, pending
from admitone.pages.consent import Opened
from admitone.pages.forms import Form, asked_for
from admitone.pages.guard import Visitor, cookie_name
from admitone.pages.headers import RESULT
from admitone.pages.moments import HOUR
from admitone.pages.pending import FOURTH, Question
from admitone.pages.ticket import place
from admitone.pages.words import Notice, say_fourth

DECIDED = "decided"
STAY = "stay"


class Decided(NamedTuple):
    """What a person decided a moment ago, as their browser keeps it; `address` is where the app would have them go."""

    account_id: int
    state: str
    app_name: str
    address: str | None
    where: str
    public_id: str = ""


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /auth/access?request_token=…: the ticket, or what became of it. Decides nothing."""
    opened = await _open(visitor, form)
    if isinstance(opened, Response):
        return opened
    if visitor.visit is None:
        signin = f"/signin?for={pending.keep(visitor, opened.question)}"
        return visitor.printer.page("access.html", {"app_name": opened.app_name, "signin": signin}, policy=RESULT)
    if opened.ask.state is State.PENDING:
        return await consent.ask_person(visitor, opened, _purpose(opened.question.token), notice)
    return _tell(visitor, opened, opened.ask.state)


async def show_approved(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /auth/access/approve: what was approved a moment ago on this browser, else nothing about any request."""
    if form:
        return await show(visitor, form, notice)
    decided = _found(visitor, State.APPROVED)
    if decided is None:
        return visitor.printer.page("neutral.html", policy=RESULT)
    onward = None
    if decided.address and asked_for(visitor.request, STAY) is None:
        onward = {"where": decided.where, "address": decided.address}
    values = {
        "app_name": decided.app_name,
        "onward": onward,
        "stay": f"{FOURTH}/approve?{STAY}=1",
        "public_id": decided.public_id,
    }
    return visitor.printer.page("approved.html", values, policy=RESULT)


async def show_denied(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /auth/access/deny: what was denied a moment ago on this browser, else nothing about any request."""
    if form:
        return await show(visitor, form, notice)
    decided = _found(visitor, State.DENIED)
    if decided is None:
        return visitor.printer.page("neutral.html", policy=RESULT)
    return visitor.printer.page("denied.html", {"app_name": decided.app_name}, policy=RESULT)


async def act_approve(visitor: Visitor, form: Form) -> Response:
    """POST /auth/access/approve: approve, then go where the token says, else stay at this very address."""
    return await _decide(visitor, form, Decision.APPROVE)


async def act_deny(visitor: Visitor, form: Form) -> Response:
    """POST /auth/access/deny: deny."""
    return await _decide(visitor, form, Decision.DENY)


def purpose(_visitor: Visitor, form: Form) -> str:
    """What the form is for: one request."""
    return _purpose(form.get("request_token", ""))


async def _decide(visitor: Visitor, form: Form, decision: Decision) -> Response:
    opened = await _open(visitor, form)
    if isinstance(opened, Response) or not await consent.decided(visitor, opened, decision):
        return await show(visitor, form, None)
    if opened.address is not None and opened.following is Next.FOLLOW:
        # With nothing appended: the app has kept its token, and learns from it what was decided.
        return consent.to_app(opened.address.text)
    return _tell(visitor, opened, decision.state)


async def _open(visitor: Visitor, form: Form) -> Opened | Response:
    try:
        question = Question(_token(visitor, form), generation=Generation.FOURTH)
        return await consent.open_request(visitor, question, _address)
    except Refused as refused:
        return visitor.printer.problem(say_fourth(refused), policy=RESULT)


def _address(ask: Ask) -> ReturnAddress | None:
    return returns.parse(ask.redirect_to) if ask.redirect_to else None


def _tell(visitor: Visitor, opened: Opened, state: State) -> Response:
    """Go to the page that says what was decided; its address must be literally so, hence the cookie (wire B.6)."""
    app, address = opened.ask.app, opened.address
    # Only the address that an app did not register is offered as a button.
    offered = address if opened.following is Next.ASK else None
    decided = Decided(
        account_id=visitor.visit.account_id if visitor.visit else 0,
        state=state.value,
        app_name=opened.app_name,
        address=offered.text if offered else None,
        where=place(app, offered, registered=False) if offered else "",
        public_id=app.public_id,
    )
    text = json.dumps(decided, separators=(",", ":"))
    visitor.keep(DECIDED, visitor.house.digests.seal(Kind.PENDING, f"{DECIDED} {text}", visitor.now + HOUR), None)
    question = opened.question
    return RedirectResponse(question.denied if state is State.DENIED else question.allowed, 303)


def _found(visitor: Visitor, state: State) -> Decided | None:
    sealed = visitor.cookies.get(cookie_name(visitor.site, DECIDED), "")
    text = visitor.house.digests.unseal(Kind.PENDING, sealed, visitor.now) or ""
    # The same seal is on requests that wait, which begin otherwise.
    if not text.startswith(f"{DECIDED} ") or visitor.visit is None:
        return None
    decided = Decided(*json.loads(text.removeprefix(f"{DECIDED} ")))
    return decided if (decided.account_id, decided.state) == (visitor.visit.account_id, state.value) else None


def _token(visitor: Visitor, form: Form) -> str:
    token = form.get("request_token") or asked_for(visitor.request, "request_token")
    if not token:
        raise Refused(Fault.TOKEN_UNKNOWN)
    return token


def _purpose(token: str) -> str:
    return f"decide access\0{token}"
