"""This file lets people bring what they kept elsewhere: choose files, look, confirm, watch, read what became of it."""

from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import Message, gettext, mark
from admitone.flows.records import importing, works
from admitone.flows.records import jobs as running
from admitone.flows.records.importing import LeftOut
from admitone.model.faults import Fault, Refused
from admitone.model.paging import Page
from admitone.model.records.entries import Skip, Sort
from admitone.model.records.jobs import Job, JobState, Outcome, Task
from admitone.pages.account.frame import sheet, signed_in
from admitone.pages.account.records import AGAIN_S
from admitone.pages.forms import Form, asked_for, page_asked_for
from admitone.pages.guard import Visitor, form_key
from admitone.pages.words import Notice, say, say_refused

PLACE = "/account/data/import"
ON_THE_FORM = {
    Fault.RECORDS_UNKNOWN,
    Fault.RECORDS_BROKEN,
    Fault.RECORDS_TOO_LARGE,
    Fault.RECORDS_OF_MANY,
    Fault.RECORDS_MISSING,
    Fault.JOB_RUNNING,
}
TEMPLATES = {
    JobState.READING: "account/import_waits.html",
    JobState.READY: "account/import_shown.html",
    JobState.RUNNING: "account/import_waits.html",
    JobState.DONE: "account/import_done.html",
    JobState.FAILED: "account/import_done.html",
}
SORTS: dict[Sort, Message] = {
    Sort.RATING: mark("Ratings"),
    Sort.FAVORITE: mark("Favourites"),
    Sort.WATCHLIST: mark("Watchlist"),
    Sort.LISTED: mark("On lists"),
}
OUTCOMES: dict[Outcome, Message] = {
    Outcome.ADDED: mark("Added"),
    Outcome.CHANGED: mark("Changed, because what you had was older"),
    Outcome.KEPT: mark("Left as it was, because what you have is newer"),
    Outcome.SAME: mark("There already"),
}
REASONS: dict[Skip, Message] = {
    Skip.LINE_BAD: mark("We couldn’t read this."),
    Skip.RATING_BAD: mark("It has no rating from 0.5 to 10 in steps of half a point."),
    Skip.NO_COUNTERPART: mark("Nothing like it is kept here: a whole season, a game, or something only watched."),
    Skip.NAMELESS: mark("It doesn’t say which title it means."),
    Skip.OF_ACCOUNT: mark("It belongs to the account that the archive was made of, and isn’t brought along."),
    Skip.UNKNOWN: mark("We don’t know this title."),
    Skip.AMBIGUOUS: mark("Several titles are called so, and we can’t tell which it is."),
}


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/data/import: the form, or how far the import is that was begun."""
    account_id = signed_in(visitor).account_id
    job = await visitor.house.read(running.find, account_id, Task.IMPORT)
    if job is None or notice is not None or asked_for(visitor.request, "new") is not None:
        return _form(visitor, form, notice, running=job is not None and job.state == JobState.RUNNING)
    return await _of_job(visitor, form, job, None)


async def _of_job(visitor: Visitor, form: Form, job: Job, notice: Notice | None) -> Response:
    state = JobState(job.state)
    values: dict[str, object] = {
        "job": job,
        "start_key": form_key(visitor, purpose_start(visitor, form)),
        "forget_key": form_key(visitor, purpose_forget(visitor, form)),
    }
    if state is JobState.READY:
        values |= _shown(job)
    elif state in (JobState.DONE, JobState.FAILED):
        values |= await _told(visitor, job)
    page = sheet(visitor, TEMPLATES[state], values, notice=notice)
    if state in (JobState.READING, JobState.RUNNING):
        page.headers["refresh"] = AGAIN_S
    return page


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/data/import: read the files that were chosen, and show what is in them."""
    sent = [file for file in visitor.files if file.content]
    try:
        if not sent:
            raise Refused(Fault.RECORDS_MISSING)  # noqa: TRY301 - told like every other refusal
        await importing.begin(visitor.house, signed_in(visitor).account_id, sent, form.get("whose", "").strip())
    except Refused as refused:
        if refused.fault not in ON_THE_FORM:
            raise
        return await show(visitor, form, say_refused(refused))
    return RedirectResponse(PLACE, 303)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "bring files"


async def back(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET …/start and …/forget: there is nothing but their buttons, which stand on the page of the import."""
    job = await visitor.house.read(running.find, signed_in(visitor).account_id, Task.IMPORT) if notice else None
    return await _of_job(visitor, form, job, notice) if job else RedirectResponse(PLACE, 303)


async def act_start(visitor: Visitor, _form: Form) -> Response:
    """POST /account/data/import/start: do what was shown. Pressed twice, it is done once."""
    try:
        await visitor.house.write(importing.start, signed_in(visitor).account_id)
    except Refused as refused:
        if refused.fault is not Fault.JOB_UNKNOWN:
            raise
    return RedirectResponse(PLACE, 303, background=BackgroundTask(works.attend, visitor.house))


def purpose_start(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "start import"


async def act_forget(visitor: Visitor, form: Form) -> Response:
    """POST /account/data/import/forget: leave what was read alone."""
    try:
        await running.clear(visitor.house, signed_in(visitor).account_id, Task.IMPORT)
    except Refused as refused:
        if refused.fault is not Fault.JOB_RUNNING:
            raise
        return await show(visitor, form, say(Fault.JOB_RUNNING))
    return RedirectResponse(PLACE, 303)


def purpose_forget(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "forget import"


def _form(visitor: Visitor, form: Form, notice: Notice | None, *, running: bool) -> Response:
    values = {
        "form_key": form_key(visitor, purpose(visitor, form)),
        "whose": form.get("whose", ""),
        "asks_whose": "whose" in form and notice is not None,
        "of_many": notice is not None and notice.fault is Fault.RECORDS_OF_MANY,
        "running": running,
    }
    return sheet(visitor, "account/import.html", values, notice=notice)


def _shown(job: Job) -> dict[str, object]:
    preview = importing.preview(job)
    sorts = [(gettext(SORTS[sort]), preview.sorts[sort]) for sort in Sort if sort in preview.sorts]
    return {"preview": preview, "sorts": sorts}


async def _told(visitor: Visitor, job: Job) -> dict[str, object]:
    counts = await visitor.house.read(importing.outcomes, job)
    number = page_asked_for(visitor.request)
    page: Page[LeftOut] = await visitor.house.read(importing.left_out, job, number)
    return {
        "failed": job.state == JobState.FAILED,
        "outcomes": [(gettext(OUTCOMES[each]), counts.get(each.value, 0)) for each in Outcome],
        "left_out": [
            (each, gettext(SORTS[each.sort]) if each.sort else "", gettext(REASONS[each.why])) for each in page.rows
        ],
        "total": page.total,
        "number": number,
        "pages": page.pages,
    }
