"""This file shows what is kept about a person as a whole: an archive to take away, ways in and out (ux.md §7.15)."""

from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response, StreamingResponse

from admitone.basics.languages import figure, gettext
from admitone.flows.people import addresses
from admitone.flows.records import exporting, works
from admitone.flows.records import jobs as running
from admitone.model.faults import Fault, Refused
from admitone.model.records.jobs import Job, Task
from admitone.pages.account.frame import sheet, signed_in, tell
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.moments import day
from admitone.pages.words import Notice, say_refused

PLACE = "/account/data"
# Every so many seconds a page that waits for something is loaded again; a link does the same.
AGAIN_S = "3"
MEGABYTE = 1_000_000


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/data: the archive and how far it is, the import and how far that is, the way out."""
    account_id = signed_in(visitor).account_id
    archive = await visitor.house.read(running.find, account_id, Task.EXPORT)
    address = await visitor.house.glance(addresses.of_account, account_id)
    values = {
        "archive": archive,
        "told": visitor.house.post is not None and address.is_confirmed,
        "size": _size(archive) if archive else "",
        "kept_until": day(archive.expires_at, visitor.now) if archive else None,
        "import_": await visitor.house.read(running.find, account_id, Task.IMPORT),
        "form_key": form_key(visitor, purpose(visitor, form)),
    }
    page = sheet(visitor, "account/records.html", values, notice=notice)
    if archive is not None and archive.state == "running":
        page.headers["refresh"] = AGAIN_S
    return page


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/data: let the archive be made."""
    try:
        await exporting.begin(visitor.house, signed_in(visitor).account_id)
    except Refused as refused:
        if refused.fault is not Fault.JOB_RUNNING:
            raise
        return await show(visitor, form, say_refused(refused))
    return RedirectResponse(PLACE, 303, background=BackgroundTask(works.attend, visitor.house))


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "make archive"


async def fetch(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /account/data/archive: the archive itself, for whoever has just proved who they are."""
    try:
        job = await visitor.house.write(exporting.ready, signed_in(visitor).account_id)
    except Refused as refused:
        if refused.fault is not Fault.JOB_UNKNOWN:
            raise
        tell(visitor, gettext("There is no file to download. Make a new one."))
        return RedirectResponse(PLACE, 303)
    headers = {
        "content-length": str(job.total),
        "content-disposition": 'attachment; filename="admit-one.zip"',
    }
    return StreamingResponse(exporting.parts(visitor.house, job), media_type="application/zip", headers=headers)


def _size(archive: Job) -> str:
    if archive.total < MEGABYTE:
        return gettext("{size} kB", size=figure(max(1, archive.total // 1000)))
    return gettext("{size} MB", size=figure(round(archive.total / MEGABYTE, 1)))
