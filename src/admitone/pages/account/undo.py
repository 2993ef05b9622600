"""This file shows people what an app wrote, and undoes it: one thing, or all of it."""

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import gettext, mark, ngettext
from admitone.flows.connected import undo
from admitone.model.connected.changes import ABSENT, Change, Kind, Thing, Undone, parts
from admitone.model.faults import Fault, Refused
from admitone.pages.account.apps import app_named
from admitone.pages.account.frame import number_in, sheet, signed_in, tell
from admitone.pages.forms import Form, asked_for, page_asked_for
from admitone.pages.guard import Visitor, form_key
from admitone.pages.moments import Moment, ago
from admitone.pages.printer import shown
from admitone.pages.words import Notice

NUMBERS = ("list_id", "media_id", "season", "episode")
TOLD = (Undone.DONE, Undone.PERSON, Undone.APP, Undone.GONE, Undone.FILLED)
WHY = {
    Undone.DONE: mark("It is undone."),
    Undone.BEFORE: mark("It was undone before."),
    Undone.PERSON: mark("Nothing was changed: it has been changed since, by you."),
    Undone.APP: mark("Nothing was changed: another app has changed it since."),
    Undone.GONE: mark("Nothing was changed: the list isn’t there any more."),
    Undone.FILLED: mark("Nothing was changed: something else is on that list now."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that an app changed, in words; points are 0 for what was or is no rating."""

    thing: Thing
    name: str
    list_name: str
    when: Moment
    added: bool
    removed: bool
    before: float
    after: float
    undone: bool


async def show(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /account/apps/{app}/changes: what an app wrote, the latest first."""
    number = page_asked_for(visitor.request)
    account_id = signed_in(visitor).account_id
    found = await visitor.house.read(undo.written, account_id, app_named(visitor), number)
    found.page.must_be_there()
    values = {
        "app_name": shown(found.app.name),
        "public_id": found.app.public_id,
        "rows": [_row(change, found.now) for change in found.page.rows],
        "page": found.page,
        "left": found.left,
    }
    return sheet(visitor, "account/changes.html", values)


async def ask(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/apps/{app}/undo: whether to undo all that an app wrote, or the one thing that the address names."""
    account_id, thing = signed_in(visitor).account_id, _thing(visitor, form)
    found = await visitor.house.read(undo.written, account_id, app_named(visitor), 1)
    change = None
    if thing is not None:
        change = await visitor.house.read(undo.find, account_id, app_named(visitor), thing)
    values = {
        "app_name": shown(found.app.name),
        "public_id": found.app.public_id,
        "left": found.left,
        "row": None if change is None else _row(change, found.now),
        "carried": {} if thing is None else thing._asdict(),
        "form_key": form_key(visitor, _purpose(visitor, thing)),
    }
    return visitor.printer.page("account/undo.html", values, notice=notice)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/apps/{app}/undo: undo it, and say on the next page what was undone and what was not and why."""
    account_id, public_id, thing = signed_in(visitor).account_id, app_named(visitor), _thing(visitor, form)
    if thing is None:
        report = await undo.everything(visitor.house, account_id, public_id)
        tell(visitor, _told(report))
    else:
        _, outcome = await visitor.house.write(undo.one, account_id, public_id, thing)
        tell(visitor, gettext(WHY[outcome]))
    return RedirectResponse(f"/account/apps/{public_id}/changes", 303)


def purpose(visitor: Visitor, form: Form) -> str:
    """What the form is for: one app, and one thing of it or everything."""
    return _purpose(visitor, _thing(visitor, form))


def _purpose(visitor: Visitor, thing: Thing | None) -> str:
    return f"undo\0{visitor.request.scope['path']}\0{thing}"


def _thing(visitor: Visitor, form: Form) -> Thing | None:
    """The one thing that the form or the address names; None for everything. Raises ROUTE_UNKNOWN for nonsense."""
    said = {name: form.get(name) or asked_for(visitor.request, name) or "" for name in Thing._fields}
    if not said["kind"]:
        return None
    if said["kind"] not in list(Kind) or said["media_type"] not in ("", "movie", "tv", "episode"):
        raise Refused(Fault.ROUTE_UNKNOWN)
    numbers = {name: number_in(said[name] or "0") for name in NUMBERS}
    return Thing(said["kind"], media_type=said["media_type"], **numbers)


def _row(change: Change, now: int) -> Row:
    rated = change.thing.kind == Kind.RATING
    before, after = change.before, change.after
    return Row(
        thing=change.thing,
        name=shown(change.title) or f"#{change.thing.media_id}",
        list_name=shown(change.list_name) or f"#{change.thing.list_id}",
        when=ago(change.at, now),
        added=before == ABSENT and after != ABSENT,
        removed=before != ABSENT and after == ABSENT,
        before=parts(before)[0] / 2 if rated and before != ABSENT else 0,
        after=parts(after)[0] / 2 if rated and after != ABSENT else 0,
        undone=change.undone_at is not None,
    )


def _told(report: undo.Report) -> str:
    """What was undone, and what was kept and why."""
    done, person, app, gone, filled = (report.outcomes[outcome] for outcome in TOLD)
    said = [ngettext("{count} change is undone.", "{count} changes are undone.", done)]
    if person:
        said.append(
            ngettext("{count} was kept: changed since by you.", "{count} were kept: changed since by you.", person)
        )
    if app:
        said.append(_kept_by_app(app))
    if gone:
        said.append(ngettext("{count} was left: its list is gone.", "{count} were left: their lists are gone.", gone))
    if filled:
        said.append(_kept_lists(filled))
    return " ".join(said)


def _kept_by_app(count: int) -> str:
    return ngettext(
        "{count} was kept: changed since by another app.", "{count} were kept: changed since by another app.", count
    )


def _kept_lists(count: int) -> str:
    return ngettext(
        "{count} list was kept: something else is on it.", "{count} lists were kept: something else is on them.", count
    )
