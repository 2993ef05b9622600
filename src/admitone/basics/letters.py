"""This file holds every mail that people get, word for word; each is sent as text and as simple HTML.

Blanks in braces are filled after translating. Subjects have none, so that nothing anybody chose stands in a header.
Security notices carry no link on purpose: look-alike mails are a common lure (ux.md §5).
"""

from enum import StrEnum
from typing import Final, NamedTuple

from admitone.basics.languages import Message, mark

CODE: Final = Message("{code}")
LINK: Final = Message("{link}")


class Letter(StrEnum):
    """Which mail. The value is what the outbox keeps; it never changes once released."""

    CONFIRM_ADDRESS = "confirm address"
    ADDRESS_IN_USE = "address in use"
    RESET_PASSWORD = "reset password"
    ADDRESS_CHANGED = "address changed"
    INVITATION = "invitation"

    PASSWORD_CHANGED = "password changed"
    NEW_DEVICE = "new device"
    PASSKEY_ADDED = "passkey added"
    PASSKEY_REMOVED = "passkey removed"
    AUTHENTICATOR_ON = "authenticator on"
    AUTHENTICATOR_OFF = "authenticator off"
    RECOVERY_CODES_MADE = "recovery codes made"
    RECOVERY_CODE_USED = "recovery code used"
    APP_PASSWORD_MADE = "app password made"
    APP_PASSWORD_USED = "app password used"
    APP_CONNECTED = "app connected"
    APP_CONNECTED_BY_LOGIN = "app connected by login"
    EXPORT_READY = "export ready"
    DELETION_STARTED = "deletion started"
    ACCOUNT_DELETED = "account deleted"


class Words(NamedTuple):
    """What one letter says. A paragraph that is CODE or LINK stands on a line of its own."""

    subject: Message
    paragraphs: tuple[Message, ...]


# Stands at the end of every letter.
FOOT: Final = mark(
    "{product} on {host} sent this to {address}, for the account @{username}. Nobody reads answers to it."
)
# The same without an account.
FOOT_OF_NOBODY: Final = mark("{product} on {host} sent this to {address}. Nobody reads answers to it.")

HOW: Final = mark("It happened {when}, from the network {network}.")
WAS_IT_YOU: Final = mark(
    "If this was you, there is nothing to do. If it wasn’t, open {product} yourself (there is no link in this mail on "
    "purpose), go to Sign-in history, sign out everywhere else and change your password."
)


# Of a new connection. Other notices have no link; this one can do nothing but disconnect that app (security.md M10).
APP_SUBJECT: Final = mark("An app was connected to your account")
APP_CAN: Final = mark(
    "The app “{app}” by {maker} can now see and change the ratings, lists, favourites and watchlist of @{username}."
)
APP_UNDO: Final = (
    mark(
        "If this was you, there is nothing to do. If it wasn’t, or if somebody sent you the link to approve, open this "
        "link within seven days and press the button there. It disconnects the app and does nothing else:"
    ),
    LINK,
    mark("In Connected apps on {product} you can also see what the app changed, and undo it."),
)


def _notice(subject: Message, sentence: Message, *more: Message) -> Words:
    return Words(subject, (sentence, HOW, *more, WAS_IT_YOU))


WORDS: Final[dict[Letter, Words]] = {
    Letter.CONFIRM_ADDRESS: Words(
        mark("Confirm your e-mail address"),
        (
            mark("Hello @{username}, this is your code:"),
            CODE,
            mark("Or open this link and press the button there:"),
            LINK,
            mark("Both work for a day, once, and stop working when a newer mail is sent."),
            mark("If you didn’t ask for this, leave this mail alone. Nothing happens without the code or the button."),
        ),
    ),
    Letter.ADDRESS_IN_USE: Words(
        mark("You already have an account"),
        (
            mark(
                "Somebody, perhaps you, gave this e-mail address for the account @{other}. It belongs to your "
                "account @{username} already, and an address can belong to one account only."
            ),
            mark(
                "If it was you, sign in as @{username}. If you forgot the password, choose “Forgot your "
                "password?” there."
            ),
            mark("If it wasn’t you, there is nothing to do."),
        ),
    ),
    Letter.RESET_PASSWORD: Words(
        mark("Set a new password"),
        (
            mark("Somebody, perhaps you, asked for a new password for @{username}. Open this link to choose one:"),
            LINK,
            mark("It works for one hour, once, and stops working when a newer mail is sent."),
            mark("If you didn’t ask for this, leave this mail alone. Your password stays as it is."),
        ),
    ),
    Letter.ADDRESS_CHANGED: Words(
        mark("Your e-mail address was changed"),
        (
            mark("The e-mail address of @{username} was changed. Mails go to the new address from now on."),
            HOW,
            (
                mark(
                    "If this was you, there is nothing to do. If it wasn’t, open this link within seven days, take the "
                    "change back and set a new password:"
                )
            ),
            LINK,
        ),
    ),
    Letter.INVITATION: Words(
        mark("You are invited"),
        (
            mark("You are invited to make an account on {host}. Open this link to choose a username and a password:"),
            LINK,
            mark("It works once, until {until}."),
        ),
    ),
    Letter.PASSWORD_CHANGED: _notice(
        mark("Your password was changed"), mark("The password of @{username} was changed.")
    ),
    Letter.NEW_DEVICE: _notice(
        mark("New sign-in to your account"),
        mark("Somebody signed in as @{username} with {name}, on a device we hadn’t seen before."),
    ),
    Letter.PASSKEY_ADDED: _notice(
        mark("A passkey was added to your account"),
        mark("The passkey “{name}” can sign in as @{username} from now on."),
    ),
    Letter.PASSKEY_REMOVED: _notice(
        mark("A passkey was removed from your account"),
        mark("The passkey “{name}” can’t sign in as @{username} any more."),
    ),
    Letter.AUTHENTICATOR_ON: _notice(
        mark("Your authenticator app is on"),
        mark("Signing in as @{username} now asks for a code from an authenticator app."),
    ),
    Letter.AUTHENTICATOR_OFF: _notice(
        mark("Your authenticator app is off"),
        mark("Signing in as @{username} no longer asks for a code from an authenticator app."),
    ),
    Letter.RECOVERY_CODES_MADE: _notice(
        mark("New recovery codes were made"),
        mark("@{username} has new recovery codes. The old ones don’t work any more."),
    ),
    Letter.RECOVERY_CODE_USED: _notice(
        mark("A recovery code was used"),
        mark("Somebody signed in as @{username} with a recovery code. Codes left: {left}."),
    ),
    Letter.APP_PASSWORD_MADE: _notice(
        mark("An app password was made"),
        mark("The app password “{name}” lets an app sign in as @{username} from now on."),
    ),
    Letter.APP_PASSWORD_USED: _notice(
        mark("An app password was used for the first time"),
        mark("An app signed in as @{username} with the app password “{name}”."),
    ),
    Letter.APP_CONNECTED: Words(
        APP_SUBJECT,
        (APP_CAN, mark("It was approved on {host} {when}, with {browser}, from the network {network}."), *APP_UNDO),
    ),
    Letter.APP_CONNECTED_BY_LOGIN: Words(
        APP_SUBJECT,
        (
            APP_CAN,
            mark("It was approved with your user name and a password {when}, from the network {network}."),
            *APP_UNDO,
            mark("If somebody else knows your password, open {product} yourself and change it."),
        ),
    ),
    Letter.EXPORT_READY: Words(
        mark("Your data is ready"),
        (
            mark("The file with everything we hold about @{username} is ready. It is kept for seven days."),
            mark("Open {product} yourself and go to Your data to download it."),
        ),
    ),
    Letter.DELETION_STARTED: _notice(
        mark("Your account is set to be deleted"),
        mark("The account @{username} will be deleted on {until}. Its apps were disconnected."),
        mark("To keep it, sign in before then and choose “Keep my account”."),
    ),
    Letter.ACCOUNT_DELETED: Words(
        mark("Your account was deleted"),
        (mark("The account @{username} and everything in it was deleted."),),
    ),
}
