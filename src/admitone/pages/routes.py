"""This file is the table of all pages: who shows each, and who acts on its form."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from starlette.responses import Response

from admitone.pages import access, consent, front, signin
from admitone.pages.account import apps, bringing, disconnect, history, leaving, overview, records, undo
from admitone.pages.account.people import email, password, profile
from admitone.pages.account.security import app_passwords, authenticator, passkeys
from admitone.pages.account.security import overview as protection
from admitone.pages.account.security import recovery_codes as codes
from admitone.pages.entrance import known, passkey, second_step
from admitone.pages.films import entries, lists, marks, posters, ratings
from admitone.pages.films import search as searching
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor
from admitone.pages.headers import PLAIN, RESULT, Policy
from admitone.pages.people import disconnect as by_mail
from admitone.pages.people import forgot, signup, verify, welcome
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
    """One address. `policy` is for what goes wrong on it; with `act` it has a form, and then it has a `purpose`.

    `uploads` says that the form may bring files.
    """

    path: str
    show: Show
    act: Act | None = None
    purpose: Purpose | None = None
    policy: Policy = PLAIN
    who: Who = Who.ANYBODY
    uploads: bool = False

    def __post_init__(self) -> None:
        """A form without a purpose could be answered with another form's synchroniser."""
        if (self.act is None) != (self.purpose is None):
            raise TypeError(f"{self.path}: a page that acts has a purpose, and only such a page")

    @property
    def methods(self) -> list[str]:
        """What browsers may send: a form too where there is one, if only the one that asks to confirm."""
        return ["GET", "POST"] if self.act or self.who is Who.CONFIRMED else ["GET"]


OWN = Who.SIGNED_IN


def _confirmed(path: str, show: Show, act: Act, purpose: Purpose) -> Page:
    return Page(f"/account/security/{path}", show, act, purpose, who=Who.CONFIRMED)


SECURITY = (
    _confirmed("passkeys/new", passkeys.show_new, passkeys.act_new, passkeys.purpose_new),
    _confirmed("passkeys/{number}", passkeys.show, passkeys.act, passkeys.purpose),
    _confirmed("passkeys/{number}/remove", passkeys.show_remove, passkeys.act_remove, passkeys.purpose_remove),
    _confirmed("authenticator", authenticator.show, authenticator.act, authenticator.purpose),
    _confirmed("authenticator/off", authenticator.show_off, authenticator.act_off, authenticator.purpose_off),
    _confirmed("recovery-codes", codes.show, codes.act, codes.purpose),
    _confirmed("recovery-codes/stored", codes.show_stored, codes.act_stored, codes.purpose_stored),
    _confirmed("recovery-codes/download", codes.show_stored, codes.act_download, codes.purpose_download),
    _confirmed("app-passwords", app_passwords.show, app_passwords.act, app_passwords.purpose),
    _confirmed(
        "app-passwords/{number}",
        app_passwords.show_remove,
        app_passwords.act_remove,
        app_passwords.purpose_remove,
    ),
)

ENTRY = "/lists/{list}/{kind}/{title}"
EPISODE = "/ratings/episode/{title}/{season}/{episode}"
FILMS = (
    Page("/ratings", ratings.show, who=OWN),
    Page(f"{posters.PATH}/{{kind}}/{{title}}", posters.show, who=OWN),
    Page("/ratings/search", searching.show, who=OWN),
    Page("/ratings/tv/{title}/episode", ratings.find_episode, who=OWN),
    *(
        page
        for path in (EPISODE, "/ratings/{kind}/{title}")
        for page in (
            Page(path, ratings.show_one, ratings.act, ratings.purpose, who=OWN),
            Page(f"{path}/remove", ratings.show_one, ratings.act_remove, ratings.purpose, who=OWN),
        )
    ),
    *(
        page
        for shelf in (marks.FAVOURITES, marks.WATCHLIST)
        for page in (
            Page(shelf.path, shelf.show, who=OWN),
            Page(f"{shelf.path}/search", shelf.look, who=OWN),
            Page(f"{shelf.path}/{{kind}}/{{title}}", shelf.show_one, shelf.act, shelf.purpose, who=OWN),
            Page(f"{shelf.path}/{{kind}}/{{title}}/remove", shelf.show_one, shelf.act_remove, shelf.purpose, who=OWN),
        )
    ),
    Page("/lists", lists.show, who=OWN),
    Page("/lists/new", lists.show_new, lists.act_new, lists.purpose_new, who=OWN),
    Page("/lists/{list}", entries.show, who=OWN),
    Page("/lists/{list}/edit", lists.show_edit, lists.act_edit, lists.purpose, who=OWN),
    Page("/lists/{list}/clear", lists.show_clear, lists.act_clear, lists.purpose, who=OWN),
    Page("/lists/{list}/delete", lists.show_delete, lists.act_delete, lists.purpose, who=OWN),
    Page("/lists/{list}/search", entries.look, who=OWN),
    Page(ENTRY, entries.show_one, entries.act, entries.purpose, who=OWN),
    Page(f"{ENTRY}/add", entries.show_one, entries.act_add, entries.purpose, who=OWN),
    Page(f"{ENTRY}/move", entries.show_one, entries.act_move, entries.purpose, who=OWN),
    Page(f"{ENTRY}/remove", entries.show_one, entries.act_remove, entries.purpose, who=OWN),
)

PAGES = (
    Page("/", front.show),
    Page("/help", front.show_help),
    Page("/privacy", front.show_privacy),
    Page("/signin", signin.show, signin.act, signin.purpose),
    Page("/signin/passkey", passkey.show, passkey.act, passkey.purpose),
    Page("/signin/code", second_step.show, second_step.act, second_step.purpose),
    Page("/signin/recovery", second_step.show_recovery, second_step.act_recovery, second_step.purpose),
    Page("/signout", signin.show_out, signin.act_out, signin.purpose_out),
    Page("/signup", signup.show, signup.act, signup.purpose),
    Page("/verify", verify.show, verify.act, verify.purpose, who=OWN),
    Page("/verify/again", verify.show, verify.again, verify.purpose_again, who=OWN),
    Page("/verify/{token}", verify.show_link, verify.act_link, verify.purpose_link),
    Page(welcome.PATH, welcome.show, who=OWN),
    Page("/forgot", forgot.show, forgot.act, forgot.purpose),
    Page("/reset/{token}", forgot.show_reset, forgot.act_reset, forgot.purpose_reset),
    Page("/revert/{token}", forgot.show_revert, forgot.act_revert, forgot.purpose_revert),
    Page("/disconnect/{token}", by_mail.show, by_mail.act, by_mail.purpose),
    Page("/account", overview.show, who=OWN),
    Page("/account/profile", profile.show, profile.act, profile.purpose, who=OWN),
    Page("/account/email", email.show, email.act, email.purpose, who=Who.CONFIRMED),
    Page("/account/password", password.show, password.act, password.purpose, who=Who.CONFIRMED),
    Page("/account/password/apps", password.show_apps, password.act_apps, password.purpose_apps, who=OWN),
    Page("/account/apps", apps.show, who=OWN),
    Page("/account/apps/disconnect-all", disconnect.show_all, disconnect.act_all, disconnect.purpose, who=OWN),
    Page("/account/apps/disconnect-unused", disconnect.show_unused, disconnect.act_unused, disconnect.purpose, who=OWN),
    Page("/account/apps/{app}", apps.show_one, who=OWN),
    Page("/account/apps/{app}/changes", undo.show, who=OWN),
    Page("/account/apps/{app}/undo", undo.ask, undo.act, undo.purpose, who=OWN),
    Page("/account/apps/{app}/disconnect", disconnect.show_app, disconnect.act_app, disconnect.purpose, who=OWN),
    Page(
        "/account/apps/{app}/{session}/disconnect",
        disconnect.show_one,
        disconnect.act_one,
        disconnect.purpose,
        who=OWN,
    ),
    Page("/account/history", history.show, history.act, history.purpose, who=OWN),
    Page("/account/security", protection.show, who=OWN),
    *SECURITY,
    Page("/account/data", records.show, records.act, records.purpose, who=OWN),
    Page("/account/data/archive", records.fetch, who=Who.CONFIRMED),
    Page("/account/data/import", bringing.show, bringing.act, bringing.purpose, who=OWN, uploads=True),
    Page("/account/data/import/start", bringing.back, bringing.act_start, bringing.purpose_start, who=OWN),
    Page("/account/data/import/forget", bringing.back, bringing.act_forget, bringing.purpose_forget, who=OWN),
    Page("/account/delete", leaving.show, leaving.act, leaving.purpose, who=Who.CONFIRMED),
    *FILMS,
    Page("/leaving", leaving.show_pending, leaving.act_pending, leaving.purpose_pending),
    Page("/authenticate/allow", consent.neutral, policy=RESULT),
    Page("/authenticate/deny", consent.neutral, policy=RESULT),
    Page("/authenticate/{token}", consent.show, consent.act, consent.purpose, RESULT),
    Page("/authenticate/{token}/allow", consent.show, consent.act_allow, consent.purpose, RESULT),
    Page("/authenticate/{token}/deny", consent.show, consent.act_deny, consent.purpose, RESULT),
    Page("/auth/access", access.show, policy=RESULT),
    Page("/auth/access/approve", access.show_approved, access.act_approve, access.purpose, RESULT),
    Page("/auth/access/deny", access.show_denied, access.act_deny, access.purpose, RESULT),
    Page("/login", known.to_sign_in),
    Page("/settings/sessions/api", known.to_apps),
    Page("/settings/api", known.to_apps),
    Page("/authenticate", consent.nothing, policy=RESULT),
    Page("/authenticate/{rest:path}", consent.nothing, policy=RESULT),
)
