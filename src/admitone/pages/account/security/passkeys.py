"""This file lets people create passkeys, name and remove them (ux.md §7.12)."""

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import gettext
from admitone.flows.people import addresses, factors, passkeys
from admitone.flows.people.passkeys import New
from admitone.model.faults import Fault, Refused
from admitone.model.people.factors import Passkey
from admitone.model.web.networks import network_of
from admitone.pages.account.frame import numbered, sheet, signed_in, tell
from admitone.pages.account.security.overview import PATH, card
from admitone.pages.entrance import questions
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.headers import SCRIPTED
from admitone.pages.words import Notice, say_refused

CREATE = "create a passkey"
ON_THE_FORM = {Fault.PASSKEY_BAD, Fault.PASSKEY_LATE, Fault.PASSKEY_TAKEN, Fault.TOO_MANY_KEPT, Fault.NAME_BAD}


async def show_new(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/security/passkeys/new: what a passkey is, and the button that creates one."""
    options, who = "", signed_in(visitor).account_id
    await visitor.house.glance(addresses.may_change_factors, who)
    if visitor.site.passkey_host:
        asked = questions.asked(visitor, CREATE)
        options = await visitor.house.read(passkeys.creation_options, who, questions.party(visitor), asked)
    values = {"options": options, "form_key": form_key(visitor, purpose_new(visitor, form))}
    return sheet(visitor, "account/security/passkey_new.html", values, notice=notice, policy=SCRIPTED)


async def act_new(visitor: Visitor, form: Form) -> Response:
    """POST /account/security/passkeys/new: keep what the browser created, under its maker's name."""
    text = form.get(questions.CREDENTIAL, "")
    new = New(text, _name(visitor), network_of(visitor.address))
    who = signed_in(visitor).account_id
    try:
        party, asked = questions.party(visitor), questions.asked(visitor, CREATE)
        await visitor.house.write(passkeys.add, who, new, party, asked)
    except Refused as refused:
        if refused.fault not in ON_THE_FORM:
            raise
        return await show_new(visitor, form, say_refused(refused))
    tell(visitor, gettext("Passkey created"))
    return RedirectResponse(PATH, 303)


def purpose_new(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return CREATE


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/security/passkeys/{number}: its name, to be changed."""
    passkey = await _find(visitor, numbered(visitor))
    values = {
        **card(visitor, passkey),
        "typed": form.get("name", passkey.name),
        "form_key": form_key(visitor, purpose(visitor, form)),
    }
    return sheet(visitor, "account/security/passkey.html", values, notice=notice)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/security/passkeys/{number}: give it another name."""
    try:
        name = await visitor.house.write(
            passkeys.rename, signed_in(visitor).account_id, numbered(visitor), form.get("name", "")
        )
    except Refused as refused:
        if refused.fault is not Fault.NAME_BAD:
            raise
        return await show(visitor, form, say_refused(refused))
    if name is None:
        raise Refused(Fault.ROUTE_UNKNOWN)
    tell(visitor, gettext("Saved."))
    return RedirectResponse(PATH, 303)


def purpose(visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return f"rename passkey\0{numbered(visitor)}"


async def show_remove(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/security/passkeys/{number}/remove: what remains without it."""
    passkey = await _find(visitor, numbered(visitor))
    values = {
        **card(visitor, passkey),
        "factors": await visitor.house.glance(factors.of_account, signed_in(visitor).account_id),
        "form_key": form_key(visitor, purpose_remove(visitor, form)),
    }
    return sheet(visitor, "account/security/passkey_remove.html", values, notice=notice)


async def act_remove(visitor: Visitor, _form: Form) -> Response:
    """POST /account/security/passkeys/{number}/remove: disconnect it; one that is gone already stays gone."""
    network = network_of(visitor.address)
    name = await visitor.house.write(passkeys.remove, signed_in(visitor).account_id, numbered(visitor), network)
    if name is not None:
        tell(visitor, gettext("{passkey} is removed. Delete it in your password manager as well.", passkey=name))
    return RedirectResponse(PATH, 303)


def purpose_remove(visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return f"remove passkey\0{numbered(visitor)}"


async def _find(visitor: Visitor, number: int) -> Passkey:
    kept = await visitor.house.glance(passkeys.all_of, signed_in(visitor).account_id)
    found = next((each for each in kept if each.id == number), None)
    if found is None:
        raise Refused(Fault.ROUTE_UNKNOWN)
    return found


def _name(visitor: Visitor) -> str:
    """What a passkey is called whose maker nobody knows."""
    system = visitor.browser.system
    return gettext("Passkey on {system}", system=system) if system else gettext("Passkey")
