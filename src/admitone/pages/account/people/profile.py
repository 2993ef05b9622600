"""This file lets people say what apps are told of them (ux.md §7.11)."""

from starlette.responses import RedirectResponse, Response

from admitone.basics import catalogue
from admitone.basics.languages import gettext, languages
from admitone.flows.people import addresses, profile
from admitone.model.faults import Fault, Refused
from admitone.model.people.profile import Profile, Wishes
from admitone.pages.account.frame import sheet, signed_in, tell
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.people.fields import NAME, Wrong, add, typed
from admitone.pages.people.tastes import zones
from admitone.pages.words import Notice, say_refused

PATH = "/account/profile"


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/profile: what is there, to be changed."""
    return await _form(visitor, form, Wrong(notice=notice))


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/profile: keep it."""
    try:
        await visitor.house.write(profile.save, signed_in(visitor).account_id, _wishes(form))
    except Refused as refused:
        if refused.fault in {Fault.PARAMETER_BAD, Fault.EMAIL_UNCONFIRMED}:
            return await _form(visitor, form, Wrong(notice=say_refused(refused)))
        wrong = Wrong()
        add(wrong, refused, 0, form)
        return await _form(visitor, form, wrong)
    tell(visitor, gettext("Saved."))
    return RedirectResponse(PATH, 303)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "profile"


def _wishes(form: Form) -> Wishes:
    return Wishes(
        name=typed(form, NAME),
        iso_639_1=form.get("language", ""),
        iso_3166_1=form.get("country", ""),
        include_adult="adult" in form,
        gravatar="gravatar" in form,
        time_zone=form.get("time_zone", "") if form.get("time_zone", "") in zones() else "",
        appearance=form.get("appearance", ""),
    )


def _kept(found: Profile) -> Wishes:
    known = found.is_confirmed and found.gravatar_hash == addresses.gravatar(found.email or "")
    tastes = (found.time_zone, found.appearance)
    return Wishes(found.name, found.iso_639_1, found.iso_3166_1, bool(found.include_adult), known, *tastes)


async def _form(visitor: Visitor, form: Form, wrong: Wrong) -> Response:
    found = await visitor.house.read(addresses.of_account, signed_in(visitor).account_id)
    spoken, others = languages(), catalogue.languages()
    values = {
        "form_key": form_key(visitor, purpose(visitor, form)),
        # Those that the pages speak come first.
        "languages": [(code, each.name) for code, each in spoken.items()]
        + sorted((code, name) for code, name in others.items() if code not in spoken),
        "countries": sorted(catalogue.countries().items(), key=lambda each: each[1]),
        "wishes": _wishes(form) if NAME in form else _kept(found),
        "zones": zones(),
        "confirmed": found.is_confirmed,
        "email": found.email,
        "wrong": wrong,
    }
    return sheet(visitor, "account/people/profile.html", values, notice=wrong.whole)
