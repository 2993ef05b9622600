"""This file keeps on the browser that somebody has given the right password and not yet the second step: sealed."""

import json
from typing import NamedTuple

from admitone.basics.digests import Kind
from admitone.flows import logins
from admitone.flows.logins import Proof
from admitone.model.people.factors import HALFWAY_MS
from admitone.pages.guard import Visitor, cookie_name

HALFWAY = "halfway"


class Halfway(NamedTuple):
    """Whose password was given, what it was marked with, and whether to stay signed in."""

    account_id: int
    marked: str
    remember: bool


def keep(visitor: Visitor, proof: Proof, *, remember: bool) -> None:
    """Let the browser come back with the second step within ten minutes; no other browser can."""
    text = json.dumps([proof.account_id, logins.mark(visitor.house, proof), remember, _holder(visitor)])
    sealed = visitor.house.digests.seal(Kind.HALFWAY, text, visitor.now + HALFWAY_MS)
    visitor.keep(HALFWAY, sealed, HALFWAY_MS // 1000)


def find(visitor: Visitor) -> Halfway | None:
    """Who is halfway in on this browser, or None."""
    sealed = visitor.cookies.get(cookie_name(visitor.site, HALFWAY), "")
    text = visitor.house.digests.unseal(Kind.HALFWAY, sealed, visitor.now) if sealed else None
    if text is None:
        return None
    account_id, marked, remember, holder = json.loads(text)
    return Halfway(account_id, marked, remember) if holder == _holder(visitor) else None


def forget(visitor: Visitor) -> None:
    """Take it back: whoever it was is in, or starts again."""
    visitor.drop(HALFWAY)


def _holder(visitor: Visitor) -> str:
    return visitor.house.digests.of(Kind.HALFWAY, visitor.holder).hex()
