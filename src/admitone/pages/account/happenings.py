"""This file says in plain words what happened to an account: a table over the kinds that its owner reads of."""

from typing import NamedTuple

from admitone.basics.languages import Message, gettext, mark
from admitone.flows.events import Happened
from admitone.model.people.history import Event
from admitone.model.visits import Way
from admitone.model.web.browsers import as_kept
from admitone.pages.moments import Moment, ago
from admitone.pages.printer import shown

# `{app}` is the name of an app, `{name}` what its owner called something, `{way}` how they proved who they are.
HAPPENED: dict[str, Message] = {
    Happened.TOKEN_DENIED: mark("You said no to {app}"),
    Happened.SESSION_STARTED: mark("{app} was connected"),
    Happened.SESSION_ENDED: mark("{app} was disconnected"),
    Happened.DISCONNECTED_BY_MAIL: mark("{app} was disconnected with the link in a mail"),
    Happened.APPS_DISCONNECTED: mark("All apps were disconnected"),
    Happened.EMAIL_CONFIRMED: mark("E-mail address confirmed"),
    Happened.EMAIL_CHANGED: mark("E-mail address changed"),
    Happened.EMAIL_REVERTED: mark("Change of the e-mail address taken back"),
    Happened.EXPORT_STARTED: mark("A copy of your data was asked for"),
    Happened.EXPORT_FETCHED: mark("A copy of your data was downloaded"),
    Happened.IMPORT_STARTED: mark("An import was started"),
    Happened.IMPORT_DONE: mark("An import was finished"),
    Happened.DELETION_TAKEN_BACK: mark("The deletion of your account was taken back"),
    Happened.APP_ADDED: mark("App {app} registered"),
    Happened.APP_ROTATED: mark("New keys made for {app}"),
    Happened.APP_REMOVED: mark("An app of yours was removed"),
    Happened.SIGNED_IN: mark("Signed in {way}"),
    Happened.SIGNED_OUT: mark("Signed out"),
    Happened.SIGNED_OUT_ELSEWHERE: mark("Signed out on another browser"),
    Happened.WRONG_PASSWORD: mark("Wrong password"),
    Happened.WRONG_CODE: mark("Wrong code"),
    Happened.APP_PASSWORD_NEEDED: mark("An app was given your password and turned away"),
    Happened.PASSWORD_SET: mark("Password changed"),
    Happened.ACCOUNT_ADDED: mark("Account created"),
    Happened.AUTHENTICATOR_ON: mark("Authenticator app turned on"),
    Happened.AUTHENTICATOR_OFF: mark("Authenticator app turned off"),
    Happened.RECOVERY_CODES_MADE: mark("New recovery codes made"),
    Happened.RECOVERY_CODE_USED: mark("Recovery code used"),
    Happened.PASSKEY_ADDED: mark("Passkey {name} added"),
    Happened.PASSKEY_RENAMED: mark("Passkey renamed to {name}"),
    Happened.PASSKEY_REMOVED: mark("Passkey {name} removed"),
    Happened.PASSKEY_COPIED: mark("A passkey was turned away: another copy of it has been used"),
    Happened.APP_PASSWORD_MADE: mark("App password for {name} made"),
    Happened.APP_PASSWORD_USED: mark("App password for {name} used for the first time"),
    Happened.APP_PASSWORD_REMOVED: mark("App password for {name} removed"),
    Happened.EXPORT_READY: mark("A copy of your data was made"),
    Happened.DELETION_STARTED: mark("Your account was set to be deleted"),
}
WAYS: dict[str, Message] = {
    Way.PASSWORD: mark("with your password"),
    Way.PASSKEY: mark("with a passkey"),
    Way.CODE: mark("with your password and a code"),
    Way.RECOVERY_CODE: mark("with your password and a recovery code"),
}
AN_APP = mark("An app that is gone")


class Row(NamedTuple):
    """One line of the history: when, what, on which browser, from which network."""

    when: Moment
    what: str
    browser: str
    network: str


def row(event: Event, now: int) -> Row:
    """An event in the reader's language; one of a kind that has no words here is told by its name."""
    way, _, browser = event.detail.partition(" ")
    signed_in = event.kind == Happened.SIGNED_IN
    says = HAPPENED.get(event.kind, Message(event.kind))
    what = gettext(
        says,
        app=shown(event.app) or gettext(AN_APP),
        name=shown(event.detail),
        way=gettext(WAYS.get(way, WAYS[Way.PASSWORD])) if signed_in else "",
    )
    return Row(ago(event.at, now), what, as_kept(browser).words if signed_in else "", event.network)
