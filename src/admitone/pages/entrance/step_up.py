"""This file asks people to confirm that it is them before sensitive pages, and brings them back there (ux.md §5)."""

import json

from starlette.responses import RedirectResponse, Response

from admitone.basics.digests import Kind
from admitone.flows import logins, visits
from admitone.flows.logins import Attempt
from admitone.flows.people import factors, passkeys, second_steps
from admitone.flows.people.second_steps import Answer
from admitone.model.faults import Fault, Refused
from admitone.model.people.factors import clean_code
from admitone.model.visits import FRESH_MS, LONG_MS, NewVisit, Visit
from admitone.pages.account.frame import signed_in
from admitone.pages.entrance import questions
from admitone.pages.forms import Form
from admitone.pages.guard import FORM_KEY, Visitor, form_key, is_ours
from admitone.pages.headers import SCRIPTED
from admitone.pages.printer import person
from admitone.pages.words import Notice, say, say_refused

CONFIRMING = "confirming"
KEPT = "kept"
ON_THE_FORM = {
    *(Fault.LOGIN_WRONG, Fault.LOGIN_MISSING, Fault.LOGIN_LIMITED, Fault.HASHING_BUSY),
    *(Fault.STEP_CODE_WRONG, Fault.CODE_LIMITED, Fault.PASSKEY_BAD, Fault.PASSKEY_LATE, Fault.PASSKEY_UNKNOWN),
}


def is_needed(visitor: Visitor) -> bool:
    """Whether whoever is signed in has to confirm it before this page (15 minutes after they last did)."""
    return visitor.visit is not None and not visitor.visit.is_fresh(visitor.now)


def is_answer(form: Form) -> bool:
    """Whether a form is the one that this file shows, and not the page's own."""
    return CONFIRMING in form


async def ask(visitor: Visitor, kept: Form | None = None, notice: Notice | None = None) -> Response:
    """The page that asks, at the address that was wanted; what was typed there waits in it, but for passwords."""
    visit = signed_in(visitor)
    waiting = {name: value for name, value in (kept or {}).items() if "password" not in name and name != FORM_KEY}
    hidden = {CONFIRMING: "1", **({KEPT: _sealed(visitor, waiting)} if waiting else {})}
    values = {
        "person": person(visit),
        "username": visit.username,
        "factors": await visitor.house.glance(factors.of_account, visit.account_id),
        "action": _here(visitor),
        "form_key": form_key(visitor, _purpose(visitor)),
        "hidden": hidden,
        "passkey_options": questions.options(visitor, _purpose(visitor)),
    }
    return visitor.printer.page("entrance/confirm.html", values, policy=SCRIPTED, notice=notice)


async def answer(visitor: Visitor, form: Form) -> Response | Form:
    """Take what was answered: the page again, the way on, or the form that waited, to be shown filled in."""
    visit = signed_in(visitor)
    kept = _unsealed(visitor, form.get(KEPT, ""))
    if not is_ours(visitor, _purpose(visitor), form):
        return await ask(visitor, kept, say(Fault.FORM_STALE))
    try:
        proved = await _prove(visitor, visit, form)
    except Refused as refused:
        if refused.fault not in ON_THE_FORM:
            raise
        return await ask(visitor, kept, say_refused(refused))
    visitor.keep_visit(proved.text, remember=visit.lasts == LONG_MS)
    now = visitor.now
    visitor.visit = visit._replace(proved_at=now, seen_at=now, expires_at=proved.expires_at)
    visitor.visit_text = proved.text
    return kept or RedirectResponse(_here(visitor), 303)


async def _prove(visitor: Visitor, visit: Visit, form: Form) -> NewVisit:
    house, coming = visitor.house, visitor.coming()
    if text := form.get(questions.CREDENTIAL, ""):
        asked = questions.asked(visitor, _purpose(visitor))
        return await passkeys.confirm(house, visit.account_id, text, questions.party(visitor), asked, coming)
    password, code = form.get("password", ""), form.get("code", "")
    if not password:
        raise Refused(Fault.LOGIN_MISSING)
    found = await house.glance(factors.of_account, visit.account_id)
    proof = await logins.check(house, Attempt(visit.username, password, visitor.address, visitor.device))
    if not found.authenticator:
        return await house.write(visits.renew, proof, coming.old, coming.address)
    answer = Answer(code, recovery=clean_code(code) is None)
    return await second_steps.confirm(house, visit.account_id, logins.mark(house, proof), answer, coming)


def _here(visitor: Visitor) -> str:
    request = visitor.request
    path = request.scope.get("raw_path", b"").decode("ascii", "replace")
    query = request.scope["query_string"].decode("ascii", "replace")
    return f"{path}{'?' if query else ''}{query}"


def _purpose(visitor: Visitor) -> str:
    return f"confirm\0{visitor.request.scope['path']}"


def _whose(visitor: Visitor) -> list[str]:
    return [str(visitor.visit.account_id if visitor.visit else 0), visitor.request.scope["path"]]


def _sealed(visitor: Visitor, kept: Form) -> str:
    text = json.dumps([*_whose(visitor), kept], separators=(",", ":"))
    return visitor.house.digests.seal(Kind.KEPT, text, visitor.now + FRESH_MS)


def _unsealed(visitor: Visitor, sealed: str) -> Form:
    text = visitor.house.digests.unseal(Kind.KEPT, sealed, visitor.now) if sealed else None
    if text is None:
        return {}
    *whose, kept = json.loads(text)
    return dict(kept) if whose == _whose(visitor) else {}
