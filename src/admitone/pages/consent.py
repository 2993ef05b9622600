"""This file lets a person decide what an app asks: ticket, decision, and where the browser goes then (ux.md §7.6)."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from admitone.basics.digests import Kind
from admitone.flows import consents
from admitone.flows.consents import Ask
from admitone.flows.people import addresses
from admitone.model.connected.approvals import Approval, How
from admitone.model.faults import Fault, Refused
from admitone.model.request_tokens import Decision, Generation, State
from admitone.model.web import returns
from admitone.model.web.networks import network_of
from admitone.model.web.returns import Next, ReturnAddress
from admitone.pages import pending
from admitone.pages.forms import Form, asked_for
from admitone.pages.guard import Visitor, form_key, unsealed
from admitone.pages.headers import RESULT, Policy
from admitone.pages.moments import HOUR
from admitone.pages.pending import Question
from admitone.pages.printer import person, shown
from admitone.pages.ticket import place, ticket
from admitone.pages.words import CHOOSE, Notice, say_refused, told

Act = Callable[[Visitor, Form], Coroutine[Any, Any, Response]]
LONGEST_STATE = 512
ONWARD = "onward"


class Opened(NamedTuple):
    """A request on the table: what is asked, where its app wants the browser to go, and what that leads to."""

    ask: Ask
    question: Question
    address: ReturnAddress | None
    following: Next

    @property
    def app_name(self) -> str:
        """The app's name as pages show it."""
        return shown(self.ask.app.name)


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /authenticate/{token}, …/allow and …/deny: the ticket, or what became of it. Decides nothing."""
    opened = await _open(visitor, form)
    if isinstance(opened, Response):
        return opened
    question = opened.question
    if visitor.visit is None:
        return RedirectResponse(f"/signin?for={pending.keep(visitor, question)}", 303)
    if opened.ask.state is State.PENDING:
        bound_to = _purpose(question.token, question.return_to, question.state)
        return await ask_person(visitor, opened, bound_to, notice)
    result = question.denied if opened.ask.state is State.DENIED else question.allowed
    if visitor.request.scope["path"] != result:
        return RedirectResponse(result, 303)
    return _denied(visitor, opened) if opened.ask.state is State.DENIED else _approved(visitor, opened)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /authenticate/{token}: the button that was pressed decides."""
    said = form.get("decision", "")
    if said not in list(Decision):
        return await show(visitor, form, told(CHOOSE))
    return await _decide(visitor, form, Decision(said))


async def act_allow(visitor: Visitor, form: Form) -> Response:
    """POST /authenticate/{token}/allow: approve (wire B.2)."""
    return await _decide(visitor, form, Decision.APPROVE)


async def act_deny(visitor: Visitor, form: Form) -> Response:
    """POST /authenticate/{token}/deny: deny."""
    return await _decide(visitor, form, Decision.DENY)


def purpose(visitor: Visitor, form: Form) -> str:
    """What the form is for: one request, with the very address that its page named."""
    return _purpose(_token(visitor), form.get("redirect_to"), form.get("state"))


async def neutral(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /authenticate/allow and /authenticate/deny: nothing is said about any request."""
    return visitor.printer.page("neutral.html", policy=RESULT)


async def nothing(_visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET of anything else below /authenticate: a link that was cut short is an expired one (ux.md §7.9)."""
    raise Refused(Fault.TOKEN_UNKNOWN)


async def _open(visitor: Visitor, form: Form) -> Opened | Response:
    question = Question(_token(visitor), state=_state(visitor, form))
    return await open_request(visitor, question, lambda _: _address(visitor, form))


async def open_request(
    visitor: Visitor, question: Question, address_of: Callable[[Ask], ReturnAddress | None]
) -> Opened | Response:
    """Put a request on the table, or the page that says its address is none. Raises as `consents.look`."""
    account_id = visitor.visit.account_id if visitor.visit else None
    ask = await visitor.house.read(consents.look, question.token, account_id)
    if ask.generation != question.generation:
        raise Refused(Fault.TOKEN_OF_OTHER_GENERATION)
    try:
        address = address_of(ask)
        following = returns.choose(address, ask.returns, visitor.site.unregistered)
    except Refused as refused:
        return visitor.printer.problem(say_refused(refused, app=shown(ask.app.name)), policy=RESULT)
    return_to = address.text if address and question.generation == Generation.THIRD else None
    return Opened(ask, question._replace(return_to=return_to), address, following)


async def _decide(visitor: Visitor, form: Form, decision: Decision) -> Response:
    opened = await _open(visitor, form)
    if isinstance(opened, Response) or not await decided(visitor, opened, decision):
        return await show(visitor, form, None)
    return _send_on(visitor, opened, decision)


async def decided(visitor: Visitor, opened: Opened, decision: Decision) -> bool:
    """Let the visitor decide; False for nobody, and where it was decided before, the other way or further on.

    Then the page says how, if it was this very person. Raises as `consents.decide`.
    """
    token = opened.question.token
    if visitor.visit is None:
        return False
    approval = Approval(How.PAGE, network_of(visitor.address), visitor.browser.kept)
    try:
        await visitor.house.write(consents.decide, token, visitor.visit.account_id, decision, approval)
    except Refused as refused:
        if refused.fault not in (Fault.TOKEN_DECIDED, Fault.TOKEN_DENIED, Fault.TOKEN_SPENT):
            raise
        return False
    pending.forget(visitor, token)
    return True


def _send_on(visitor: Visitor, opened: Opened, decision: Decision) -> Response:
    """Leave by 303, so that nothing is sent twice; straight to the app if its address may be followed (ux.md §6.3)."""
    question, address = opened.question, opened.address
    if address is not None and opened.following is Next.FOLLOW:
        # No referrer: the address of this page holds the request token.
        return to_app(_answered(address, question, decision))
    if decision is Decision.DENY:
        return RedirectResponse(question.denied, 303)
    if address is None:
        return RedirectResponse(question.allowed, 303)
    text = json.dumps([question.token, address.text, question.state], separators=(",", ":"))
    sealed = visitor.house.digests.seal(Kind.PENDING, text, visitor.now + HOUR)
    return RedirectResponse(f"{question.allowed}?{ONWARD}={sealed}", 303)


def to_app(location: str) -> Response:
    """Leave for an address that was judged."""
    # Not RedirectResponse: what was judged goes out, untouched.
    return Response(status_code=303, headers={"location": location, "referrer-policy": "no-referrer"})


def _answered(address: ReturnAddress, question: Question, decision: Decision) -> str:
    """The address that tells the app what was decided, with its own `state` last (security.md M12)."""
    answer = returns.approved if decision is Decision.APPROVE else returns.denied
    text = answer(address, question.token)
    return text if question.state is None else f"{text}&state={quote(question.state, safe='')}"


async def ask_person(visitor: Visitor, opened: Opened, bound_to: str, notice: Notice | None) -> Response:
    """The approve page; `bound_to` is what its form is for. Whose address is not confirmed yet does that first."""
    ask, question, address, following = opened
    if visitor.visit is not None and await visitor.house.glance(addresses.is_unconfirmed, visitor.visit.account_id):
        waiting = {"app_name": opened.app_name, "handle": pending.keep(visitor, question)}
        return visitor.printer.page("people/unconfirmed.html", waiting, policy=RESULT)
    fourth = question.generation == Generation.FOURTH
    carried = {"redirect_to": question.return_to, "state": question.state}
    if fourth:  # the fields that are sent from TMDB's own page (wire B.6)
        carried = {"request_token": question.token, "time": f"{visitor.now / 1000:.3f}"}
    values = {
        "ticket": ticket(ask, address, following, visitor.network),
        "person": person(visitor.visit),
        "other_account": f"/signin?for={pending.keep(visitor, question)}",
        "action": question.decided_at,
        "deny_action": question.denied if fourth else None,
        "form_key": form_key(visitor, bound_to),
        "carried": {name: value for name, value in carried.items() if value is not None},
    }
    # The measured rule: a redirect to an address that form-action does not name is blocked without a word.
    policy = Policy(form_action=returns.form_action(address), opener=True)
    return visitor.printer.page("approve.html", values, policy=policy, notice=notice)


def _approved(visitor: Visitor, opened: Opened) -> Response:
    question = opened.question
    onward = _onward(visitor, opened)
    values = {
        "app_name": opened.app_name,
        "onward": onward,
        "stay": question.allowed,
        "public_id": opened.ask.app.public_id,
    }
    page = visitor.printer.page("approved.html", values, policy=RESULT)
    call = f"{visitor.site.public_url}/3/authentication/session/new?request_token={quote(question.token, safe='')}"
    page.headers["authentication-callback"] = call
    return page


def _denied(visitor: Visitor, opened: Opened) -> Response:
    return visitor.printer.page("denied.html", {"app_name": opened.app_name}, policy=RESULT)


def _onward(visitor: Visitor, opened: Opened) -> dict[str, str] | None:
    """The button to an address that the app has not registered; only one that its ticket had named."""
    match unsealed(visitor, Kind.PENDING, asked_for(visitor.request, ONWARD) or ""):
        case [str() as token, str() as return_to, (str() | None) as state] if token == opened.question.token:
            address = returns.parse(return_to)
        case _:
            return None
    link = _answered(address, Question(token, return_to, state), Decision.APPROVE)
    return {"where": place(opened.ask.app, address, registered=False), "address": link}


def _token(visitor: Visitor) -> str:
    return str(visitor.request.path_params["token"])


def _address(visitor: Visitor, form: Form) -> ReturnAddress | None:
    try:
        text = form["redirect_to"] if "redirect_to" in form else asked_for(visitor.request, "redirect_to")
    except Refused as refused:
        raise Refused(Fault.RETURN_ADDRESS_BAD, detail=refused.detail) from refused
    return returns.parse(text) if text else None


def _state(visitor: Visitor, form: Form) -> str | None:
    """What the app wants handed back; nothing if it could not be handed back as it came."""
    try:
        state = form["state"] if "state" in form else asked_for(visitor.request, "state")
    except Refused:
        return None
    fine = state is not None and len(state) <= LONGEST_STATE and state.isascii() and state.isprintable()
    return state if fine else None


def _purpose(token: str, return_to: str | None, state: str | None) -> str:
    return "\0".join(("decide", token, return_to or "", state or ""))
