"""This file is the table of all pages: who shows each, and who acts on its form."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from starlette.responses import Response

from admitone.pages import access, consent, front, signin
from admitone.pages.account import apps, disconnect, overview
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor
from admitone.pages.headers import PLAIN, RESULT, Policy
from admitone.pages.words import Notice

# Show a page, with what was typed and what was wrong with it; for GET, HEAD and forms that come back. Changes nothing.
Show = Callable[[Visitor, Form, Notice | None], Coroutine[Any, Any, Response]]
# Act on a form; called only for one that `guard.is_ours` believes.
Act = Callable[[Visitor, Form], Coroutine[Any, Any, Response]]
# What the form of a page is for: its synchroniser is good for nothing else.
Purpose = Callable[[Visitor, Form], str]


class Who(StrEnum):
    """Who may open a page, and send its form."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"  # whoever is not signs in first and comes back
    CONFIRMED = "confirmed"  # signed in, and proved it within 15 minutes; else asked again, and then brought back


@dataclass(frozen=True, slots=True)
class Page:
    """One address. `policy` is for what goes wrong on it; with `act` it has a form, and then it has a `purpose`."""

    path: str
    show: Show
    act: Act | None = None
    purpose: Purpose | None = None
    policy: Policy = PLAIN
    who: Who = Who.ANYBODY

    def __post_init__(self) -> None:
        """A form without a purpose could be answered with another form's synchroniser."""
        if (self.act is None) != (self.purpose is None):
            raise TypeError(f"{self.path}: a page that acts has a purpose, and only such a page")

    @property
    def methods(self) -> list[str]:
        """What browsers may send: a form too where there is one, if only the one that asks to confirm."""
        return ["GET", "POST"] if self.act or self.who is Who.CONFIRMED else ["GET"]


OWN = Who.SIGNED_IN
PAGES = (
    Page("/", front.show),
    Page("/help", front.show_help),
    Page("/privacy", front.show_privacy),
    Page("/signin", signin.show, signin.act, signin.purpose),
    Page("/signout", signin.show_out, signin.act_out, signin.purpose_out),
    Page("/account", overview.show, who=OWN),
    Page("/account/apps", apps.show, who=OWN),
    Page("/account/apps/disconnect-all", disconnect.show_all, disconnect.act_all, disconnect.purpose, who=OWN),
    Page("/account/apps/disconnect-unused", disconnect.show_unused, disconnect.act_unused, disconnect.purpose, who=OWN),
    Page("/account/apps/{app}", apps.show_one, who=OWN),
    Page("/account/apps/{app}/disconnect", disconnect.show_app, disconnect.act_app, disconnect.purpose, who=OWN),
    Page(
        "/account/apps/{app}/{session}/disconnect",
        disconnect.show_one,
        disconnect.act_one,
        disconnect.purpose,
        who=OWN,
    ),
    Page("/authenticate/allow", consent.neutral, policy=RESULT),
    Page("/authenticate/deny", consent.neutral, policy=RESULT),
    Page("/authenticate/{token}", consent.show, consent.act, consent.purpose, RESULT),
    Page("/authenticate/{token}/allow", consent.show, consent.act_allow, consent.purpose, RESULT),
    Page("/authenticate/{token}/deny", consent.show, consent.act_deny, consent.purpose, RESULT),
    Page("/auth/access", access.show, policy=RESULT),
    Page("/auth/access/approve", access.show_approved, access.act_approve, access.purpose, RESULT),
    Page("/auth/access/deny", access.show_denied, access.act_deny, access.purpose, RESULT),
    Page("/authenticate", consent.nothing, policy=RESULT),
    Page("/authenticate/{rest:path}", consent.nothing, policy=RESULT),
)
