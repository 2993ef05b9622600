"""This file leads whoever has deleted their account, and signs in again, to the page where they can still keep it."""

import json
from typing import NamedTuple

from starlette.responses import RedirectResponse, Response

from admitone.basics.digests import Kind
from admitone.flows.records import leaving
from admitone.model.faults import Fault, Refused
from admitone.pages.guard import Visitor, cookie_name
from admitone.pages.moments import MINUTE

LEAVING = "leaving"
LIFE = 10 * MINUTE


class Returning(NamedTuple):
    """Who gave the right password or passkey of an account that is leaving, and when it is erased.

    `both_steps` says that nothing is left to prove: a passkey was given.
    """

    account_id: int
    username: str
    erase_at: int
    both_steps: bool = False


async def back_in(visitor: Visitor, refused: Refused, *, both_steps: bool = False) -> Response | None:
    """The way to that page, for ten minutes; None when it is refused for another reason than that they are leaving."""
    if refused.fault is not Fault.ACCOUNT_SWITCHED_OFF or refused.account_id is None:
        return None
    found = await visitor.house.read(leaving.of_account, refused.account_id)
    if found is None or found.erase_at <= visitor.now:
        return None
    told = json.dumps(Returning(found.account_id, found.username, found.erase_at, both_steps))
    visitor.keep(LEAVING, visitor.house.digests.seal(Kind.LEAVING, told, visitor.now + LIFE), LIFE // 1000)
    return RedirectResponse("/leaving", 303)


def returning(visitor: Visitor) -> Returning | None:
    """Who is at the browser, as far as they may decide about an account that is leaving."""
    sealed = visitor.cookies.get(cookie_name(visitor.site, LEAVING), "")
    told = visitor.house.digests.unseal(Kind.LEAVING, sealed, visitor.now) if sealed else None
    return Returning(*json.loads(told)) if told else None
