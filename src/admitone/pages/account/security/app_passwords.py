"""This file makes and takes back app passwords: for apps that ask for user name and password themselves."""

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import gettext
from admitone.flows.people import app_passwords
from admitone.model.faults import Fault, Refused
from admitone.model.people.factors import AppPassword
from admitone.model.web.networks import network_of
from admitone.pages.account.frame import numbered, sheet, signed_in, tell
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.headers import SCRIPTED
from admitone.pages.moments import ago, day
from admitone.pages.printer import shown
from admitone.pages.words import Notice, say_refused

PATH = "/account/security/app-passwords"


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/security/app-passwords: those that there are, and the field for the name of another."""
    kept = await visitor.house.glance(app_passwords.all_of, signed_in(visitor).account_id)
    values = {
        "app_passwords": [_row(visitor, each) for each in kept],
        "typed": form.get("name", ""),
        "form_key": form_key(visitor, purpose(visitor, form)),
    }
    return sheet(visitor, "account/security/app_passwords.html", values, notice=notice)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/security/app-passwords: make one, and show it this once."""
    name = form.get("name", "")
    try:
        text = await visitor.house.write(
            app_passwords.add, signed_in(visitor).account_id, name, network_of(visitor.address)
        )
    except Refused as refused:
        if refused.fault not in (Fault.NAME_BAD, Fault.TOO_MANY_KEPT):
            raise
        return await show(visitor, form, say_refused(refused))
    values = {"name": shown(name), "app_password": text}
    return sheet(visitor, "account/security/app_password_new.html", values, policy=SCRIPTED)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "make an app password"


async def show_remove(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/security/app-passwords/{number}: what ends with it."""
    kept = await visitor.house.glance(app_passwords.all_of, signed_in(visitor).account_id)
    found = next((each for each in kept if each.id == numbered(visitor)), None)
    if found is None:
        raise Refused(Fault.ROUTE_UNKNOWN)
    values = {**_row(visitor, found), "form_key": form_key(visitor, purpose_remove(visitor, form))}
    return sheet(visitor, "account/security/app_password_remove.html", values, notice=notice)


async def act_remove(visitor: Visitor, _form: Form) -> Response:
    """POST /account/security/app-passwords/{number}: take it back; one that is gone already stays gone."""
    who, network = signed_in(visitor).account_id, network_of(visitor.address)
    name = await visitor.house.write(app_passwords.remove, who, numbered(visitor), network)
    if name is not None:
        tell(visitor, gettext("The app password for {app} no longer works.", app=name))
    return RedirectResponse(PATH, 303)


def purpose_remove(visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return f"remove app password\0{numbered(visitor)}"


def _row(visitor: Visitor, kept: AppPassword) -> dict[str, object]:
    return {
        "path": f"{PATH}/{kept.id}",
        "name": shown(kept.name),
        "made": day(kept.made_at, visitor.now),
        "used": ago(kept.used_at, visitor.now) if kept.used_at is not None else None,
    }
