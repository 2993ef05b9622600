"""This file prints the pages of the account in their common frame, and carries a word from one of them to the next."""

from collections.abc import Mapping

from admitone.basics.digests import Kind
from admitone.model.faults import Fault, Refused
from admitone.model.paging import number_of
from admitone.model.visits import Visit
from admitone.pages.account.menu import MENU, OVERVIEW, current
from admitone.pages.guard import Visitor, cookie_name
from admitone.pages.headers import PLAIN, Policy
from admitone.pages.moments import HOUR
from admitone.pages.printer import Sheet, person
from admitone.pages.words import Notice

SAID = "said"
LARGEST_NUMBER = 10**18 - 1


def signed_in(visitor: Visitor) -> Visit:
    """Who is signed in. Raises VISIT_MISSING for nobody, which the route table's guard keeps from happening."""
    if visitor.visit is None:
        raise Refused(Fault.VISIT_MISSING)
    return visitor.visit


def numbered(visitor: Visitor) -> int:
    """The number of the one thing that the address names. Raises ROUTE_UNKNOWN for what is no number of anything."""
    return number_in(str(visitor.request.path_params["number"]))


def number_in(text: str) -> int:
    """The number of something that an address names in a text. Raises ROUTE_UNKNOWN for what is no number."""
    number = number_of(text, LARGEST_NUMBER)
    if number is None:
        raise Refused(Fault.ROUTE_UNKNOWN)
    return number


def sheet(
    visitor: Visitor,
    template: str,
    values: Mapping[str, object] | None = None,
    *,
    notice: Notice | None = None,
    policy: Policy = PLAIN,
) -> Sheet:
    """Print a page of the account: menu, who is signed in, and above it all what `tell` left."""
    visit = signed_in(visitor)
    framed = {
        "person": person(visit),
        "menu": (OVERVIEW, *MENU),
        "current": current(visitor.request.scope["path"]),
        "said": _told(visitor),
    }
    return visitor.printer.page(template, {**framed, **(values or {})}, policy=policy, notice=notice)


def tell(visitor: Visitor, said: str) -> None:
    """Let the next page of the account begin with what was just done, once."""
    tell_to(visitor, signed_in(visitor).account_id, said)


def tell_to(visitor: Visitor, who: int, said: str) -> None:
    """Let the next page of the account begin with what was just done, for somebody who is just being signed in."""
    visitor.keep(SAID, visitor.house.digests.seal(Kind.SAID, f"{who}|{said}", visitor.now + HOUR), None)


def _told(visitor: Visitor) -> str:
    sealed = visitor.cookies.get(cookie_name(visitor.site, SAID))
    if not sealed:
        return ""
    visitor.drop(SAID)
    text = visitor.house.digests.unseal(Kind.SAID, sealed, visitor.now) or ""
    who, _, said = text.partition("|")
    # Somebody else may have signed in on this browser in between.
    return said if who == str(signed_in(visitor).account_id) else ""
