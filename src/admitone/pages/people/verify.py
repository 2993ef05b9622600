"""This file confirms e-mail addresses: by code or link, never by opening the link alone (ux.md §7.4)."""

from starlette.responses import RedirectResponse, Response

from admitone.flows import logins
from admitone.flows.logins import Attempt
from admitone.flows.people import addresses, links
from admitone.model.faults import Fault, Refused
from admitone.model.people.links import Link, Purpose
from admitone.model.people.profile import Profile
from admitone.pages import pending
from admitone.pages.account.frame import signed_in
from admitone.pages.forms import Form, asked_for
from admitone.pages.guard import Visitor, form_key
from admitone.pages.headers import SCRIPTED
from admitone.pages.moments import date
from admitone.pages.people import welcome
from admitone.pages.people.fields import CODE, PASSWORD, Wrong, add
from admitone.pages.words import Notice, say, say_refused

DIGITS = 8
ABOVE_THE_FORM = {
    Fault.RATE_LIMITED, Fault.LOGIN_WRONG, Fault.LOGIN_LIMITED, Fault.LOGIN_MISSING, Fault.HASHING_BUSY,
    Fault.EMAIL_TAKEN, Fault.PASSWORD_WRONG,
}  # fmt: skip


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /verify: where to type the code, or that there is nothing to confirm."""
    return await _waiting(visitor, form, Wrong(notice=notice))


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /verify: confirm with the code."""
    account_id = signed_in(visitor).account_id
    # Spaces and dashes are how people read digits out, and digits come in many scripts.
    code = "".join(str(int(char)) for char in form.get(CODE, "") if char.isdecimal())[: DIGITS + 1]
    try:
        await addresses.confirm_by_code(visitor.house, account_id, code, visitor.visit_text, visitor.address)
    except Refused as refused:
        if refused.fault in ABOVE_THE_FORM:
            return await _waiting(visitor, form, Wrong(notice=say_refused(refused)))
        wrong = Wrong()
        add(wrong, refused, 0, form)
        return await _waiting(visitor, form, wrong)
    return RedirectResponse(_here(visitor), 303)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form with the code is for."""
    return "confirm address"


async def again(visitor: Visitor, form: Form) -> Response:
    """POST /verify/again: send the mail once more; the page says the same whether it was sent or held back."""
    try:
        await visitor.house.write(addresses.send_again, signed_in(visitor).account_id, visitor.address)
    except Refused as refused:
        if refused.fault not in {Fault.RATE_LIMITED, Fault.MAIL_OFF}:
            raise
        return await _waiting(visitor, form, Wrong(notice=say_refused(refused)))
    return RedirectResponse("/verify", 303)


def purpose_again(_visitor: Visitor, _form: Form) -> str:
    """What the form that sends the mail again is for."""
    return "send again"


async def show_link(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /verify/{token}: one button, and for whoever is not signed in to the account its password."""
    link = await _link(visitor)
    if link is None or (link.used_at is not None and not await _is_confirmed(visitor, link)):
        return visitor.printer.page("people/dead.html", {"again": "/verify"}, notice=say(Fault.LINK_DEAD))
    if link.used_at is not None:
        return await _confirmed(visitor, link.address)
    values: dict[str, object] = {
        "address": link.address,
        "username": link.username,
        "asks": not _is_theirs(visitor, link),
        "action": visitor.request.scope["path"],
        "form_key": form_key(visitor, purpose_link(visitor, form)),
        "wrong": Wrong(notice=notice),
    }
    return visitor.printer.page("people/confirm.html", values, policy=SCRIPTED, notice=notice)


async def act_link(visitor: Visitor, form: Form) -> Response:
    """POST /verify/{token}: confirm; it signs nobody in."""
    link = await _link(visitor)
    if link is None or link.used_at is not None:
        return await show_link(visitor, form, None)
    try:
        account_id = await _proved(visitor, link, form)
        await visitor.house.write(
            addresses.confirm_by_link, _text(visitor), account_id, visitor.visit_text, visitor.address
        )
    except Refused as refused:
        if refused.fault not in ABOVE_THE_FORM:
            raise
        return await show_link(visitor, form, say_refused(refused))
    return RedirectResponse(visitor.request.scope["path"], 303)


def purpose_link(visitor: Visitor, _form: Form) -> str:
    """What the form of a link is for: this one and no other."""
    return f"confirm by link\0{_text(visitor)}"


async def _proved(visitor: Visitor, link: Link, form: Form) -> int:
    """The account of whoever is signed in to it, or gave its password: the mailbox alone is not enough (A11)."""
    if _is_theirs(visitor, link):
        return link.account_id
    password = form.get(PASSWORD, "")
    if not password:
        raise Refused(Fault.PASSWORD_WRONG)
    try:
        return (await logins.check(visitor.house, Attempt(link.username, password, visitor.address))).account_id
    except Refused as refused:
        raise Refused(Fault.PASSWORD_WRONG) if refused.fault is Fault.LOGIN_WRONG else refused from refused


async def _waiting(visitor: Visitor, form: Form, wrong: Wrong) -> Response:
    profile = await visitor.house.read(addresses.of_account, signed_in(visitor).account_id)
    address = awaited(profile)
    if address is None:
        return await _confirmed(visitor, profile.email or "")
    values = {
        "address": address,
        "action": _here(visitor),
        "form_key": form_key(visitor, purpose(visitor, form)),
        "until": date(profile.confirm_by) if profile.confirm_by and not profile.is_confirmed else None,
        "again_key": form_key(visitor, purpose_again(visitor, form)),
        "wrong": wrong,
    }
    return visitor.printer.page("people/verify.html", values, notice=wrong.whole)


def _here(visitor: Visitor) -> str:
    """This page, with the request of an app that waits for it."""
    query = visitor.request.scope["query_string"].decode("ascii", "replace")
    return f"/verify?{query}" if query else "/verify"


async def _confirmed(visitor: Visitor, address: str) -> Response:
    """Say that it is done, and go on with the request of an app that waited for it."""
    question = pending.find(visitor, asked_for(visitor.request, "for") or "")
    values: dict[str, object] = {
        "address": address,
        "signed_in": visitor.visit,
        "door": question.door if question else "",
    }
    values["offers"] = question is None and await welcome.offers(visitor)
    return visitor.printer.page("people/confirmed.html", values)


def awaited(profile: Profile) -> str | None:
    """The address that waits to be confirmed, if there is one."""
    return profile.email_wanted or (None if profile.is_confirmed else profile.email)


async def _is_confirmed(visitor: Visitor, link: Link) -> bool:
    profile = await visitor.house.read(addresses.of_account, link.account_id)
    return profile.is_confirmed and profile.email == link.address


async def _link(visitor: Visitor) -> Link | None:
    return await visitor.house.read(links.find, Purpose.CONFIRM, _text(visitor))


def _is_theirs(visitor: Visitor, link: Link) -> bool:
    return visitor.visit is not None and visitor.visit.account_id == link.account_id


def _text(visitor: Visitor) -> str:
    return str(visitor.request.path_params["token"])
