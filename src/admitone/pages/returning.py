"""This file leads whoever has deleted their account, and signs in again, to the page where they can still keep it."""

import json
from typing import NamedTuple

from starlette.responses import RedirectResponse, Response

from admitone.basics.digests import Kind
from admitone.flows.records import leaving
from admitone.pages.guard import Visitor, cookie_name
from admitone.pages.moments import MINUTE

LEAVING = "leaving"
LIFE = 10 * MINUTE


class Returning(NamedTuple):
    """Who gave the right password of an account that is leaving, and when it is erased."""

    account_id: int
    username: str
    erase_at: int


async def back_in(visitor: Visitor, username: str) -> Response | None:
    """The way to that page, for ten minutes; None when the account is not leaving. Only after the right password."""
    found = await visitor.house.read(leaving.by_name, username)
    if found is None or found.erase_at <= visitor.now:
        return None
    told = json.dumps(Returning(found.account_id, found.username, found.erase_at))
    visitor.keep(LEAVING, visitor.house.digests.seal(Kind.LEAVING, told, visitor.now + LIFE), LIFE // 1000)
    return RedirectResponse("/leaving", 303)


def returning(visitor: Visitor) -> Returning | None:
    """Who is at the browser, as far as they may decide about an account that is leaving."""
    sealed = visitor.cookies.get(cookie_name(visitor.site, LEAVING), "")
    told = visitor.house.digests.unseal(Kind.LEAVING, sealed, visitor.now) if sealed else None
    return Returning(*json.loads(told)) if told else None
