"""This file shows recovery codes, once, and makes new ones (ux.md §7.12)."""

from starlette.responses import RedirectResponse, Response

from admitone.basics.digests import Kind
from admitone.basics.languages import gettext
from admitone.flows.people import factors, recovery_codes
from admitone.model.faults import Fault
from admitone.model.web.networks import network_of
from admitone.pages.account.frame import sheet, signed_in, tell
from admitone.pages.account.security.overview import PATH
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.headers import SCRIPTED
from admitone.pages.moments import HOUR
from admitone.pages.words import Notice, say

CODES = "codes"


async def show(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /account/security/recovery-codes: how many are left, and the button that makes new ones."""
    found = await visitor.house.glance(factors.of_account, signed_in(visitor).account_id)
    if not found.authenticator:
        return RedirectResponse(PATH, 303)
    values = {"factors": found, "form_key": form_key(visitor, purpose(visitor, form))}
    return sheet(visitor, "account/security/recovery_codes.html", values, notice=notice)


async def act(visitor: Visitor, form: Form) -> Response:
    """POST /account/security/recovery-codes: make new ones; the old ones are worth nothing."""
    who = signed_in(visitor).account_id
    if not (await visitor.house.glance(factors.of_account, who)).authenticator:
        return await show(visitor, form, None)
    made = await visitor.house.write(recovery_codes.replace, who, network_of(visitor.address))
    return shown_once(visitor, made)


def purpose(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "new recovery codes"


def shown_once(visitor: Visitor, codes: list[str], notice: Notice | None = None) -> Response:
    """The page with the codes: the direct answer to what made them, and never to be had again."""
    text = f"{signed_in(visitor).account_id}|{' '.join(codes)}"
    values = {
        "codes": codes,
        "sealed": visitor.house.digests.seal(Kind.RECOVERY_CODE, text, visitor.now + HOUR),
        "stored_key": form_key(visitor, purpose_stored(visitor, {})),
        "download_key": form_key(visitor, purpose_download(visitor, {})),
    }
    return sheet(visitor, "account/security/recovery_codes_new.html", values, notice=notice, policy=SCRIPTED)


async def show_stored(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET …/stored and …/download: nothing is here without the codes; a stale form has them still."""
    codes = _carried(visitor, form)
    return shown_once(visitor, codes, notice) if codes and notice else RedirectResponse(PATH, 303)


async def act_stored(visitor: Visitor, form: Form) -> Response:
    """POST /account/security/recovery-codes/stored: go on, once the box is ticked."""
    codes = _carried(visitor, form)
    if "stored" not in form and codes:
        return shown_once(visitor, codes, say(Fault.NOT_TICKED))
    tell(visitor, gettext("Your authenticator app is on, and your recovery codes are stored."))
    return RedirectResponse(PATH, 303)


def purpose_stored(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "recovery codes stored"


async def act_download(visitor: Visitor, form: Form) -> Response:
    """POST /account/security/recovery-codes/download: the same codes as a text file."""
    codes = _carried(visitor, form)
    if codes is None:
        return RedirectResponse(PATH, 303)
    heading = gettext("Recovery codes for {host}. Each works once.", host=visitor.site.host)
    text = "\n".join([heading, "", *codes, ""])
    headers = {"content-disposition": 'attachment; filename="recovery-codes.txt"'}
    return Response(text, media_type="text/plain; charset=utf-8", headers=headers)


def purpose_download(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "download recovery codes"


def _carried(visitor: Visitor, form: Form) -> list[str] | None:
    text = visitor.house.digests.unseal(Kind.RECOVERY_CODE, form.get(CODES, ""), visitor.now)
    who, _, codes = (text or "").partition("|")
    return codes.split() if codes and who == str(signed_in(visitor).account_id) else None
