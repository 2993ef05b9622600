"""This file keeps on the browser that somebody has given the right password and not yet the second step: sealed."""

import json
from typing import NamedTuple

from admitone.basics.digests import Kind
from admitone.flows import logins
from admitone.flows.logins import Proof
from admitone.model.people.factors import HALFWAY_MS
from admitone.pages.guard import Visitor, cookie_name, unsealed

HALFWAY = "halfway"


class Halfway(NamedTuple):
    """Whose password was given, what it was marked with, whether to stay signed in, and if attackers try it first."""

    account_id: int
    marked: str
    remember: bool
    listed: bool = False


def keep(visitor: Visitor, proof: Proof, *, remember: bool, listed: bool) -> None:
    """Let the browser come back with the second step within ten minutes; no other browser can."""
    half = Halfway(proof.account_id, logins.mark(visitor.house, proof), remember, listed)
    # Without what is usual: beside a new program the one of the release before still reads these.
    text = json.dumps([*(half if listed else half[:-1]), _holder(visitor)])
    sealed = visitor.house.digests.seal(Kind.HALFWAY, text, visitor.now + HALFWAY_MS)
    visitor.keep(HALFWAY, sealed, HALFWAY_MS // 1000)


def find(visitor: Visitor) -> Halfway | None:
    """Who is halfway in on this browser, or None."""
    sealed = visitor.cookies.get(cookie_name(visitor.site, HALFWAY), "")
    match unsealed(visitor, Kind.HALFWAY, sealed):
        case [int() as who, str() as marked, bool() as remember, *listed, str() as holder] if holder == _holder(
            visitor
        ):
            return Halfway(who, marked, remember, *listed[:1])
    return None


def forget(visitor: Visitor) -> None:
    """Take it back: whoever it was is in, or starts again."""
    visitor.drop(HALFWAY)


def _holder(visitor: Visitor) -> str:
    return visitor.house.digests.of(Kind.HALFWAY, visitor.holder).hex()
