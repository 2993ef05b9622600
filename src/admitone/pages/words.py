"""This file says in plain words what every fault means to the person who reads the page: a total table."""

from dataclasses import dataclass

from admitone.basics.languages import Message, gettext, mark, ngettext
from admitone.model.faults import Fault, Refused


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says about one fault: its status, a heading, what happened and what to do.

    `{wait}` stands for a length of time, `{app}` for the app's name;
    `seal` is the picture beside it: `late`, `no` or `attention`.
    """

    status: int
    title: Message
    sentences: tuple[Message, ...] = ()
    seal: str = "attention"


@dataclass(frozen=True, slots=True)
class Notice:
    """Words in the reader's language, their blanks filled in: above a form or on a page of their own."""

    status: int
    title: str
    sentences: tuple[str, ...]
    seal: str = "attention"
    retry_after: int | None = None
    fault: Fault | None = None


# One page for every request that cannot be decided any more, or never could: nobody learns which (ux.md §7.9).
EXPIRED = Words(
    404,
    mark("This request has expired"),
    (
        mark(
            "Requests to connect an app last 60 minutes and work once. "
            "This link is too old, was already used, or was cut short when it was copied."
        ),
        mark("Go back to the app and choose “sign in” or “connect” there again. You’ll get a new link."),
    ),
    "late",
)
# The same where requests are of the fourth generation.
EXPIRED_FOURTH = Words(
    404,
    EXPIRED.title,
    (
        mark(
            "Requests to connect an app last 15 minutes and work once. "
            "This link is too old, was already used, or was cut short when it was copied."
        ),
        EXPIRED.sentences[1],
    ),
    "late",
)
NOT_HERE = Words(
    404, mark("There is no page here"), (mark("The address may have been cut short or mistyped. Check it again."),)
)
NOT_UNDERSTOOD = Words(
    400,
    mark("We couldn’t read what was sent"),
    (mark("Go back to the page you came from, load it again and send it once more."),),
)
SIGN_IN_FIRST = Words(
    401, mark("Sign in first"), (mark("You are not signed in on this browser. Sign in and try again."),)
)
APP_TROUBLE = Words(
    401, mark("This app isn’t known here"), (mark("Tell the people who make the app: its key doesn’t work here."),)
)
COME_BACK = Words(
    503, mark("We’re not ready right now"), (mark("Nothing was changed. Wait {wait} and try again."),), "late"
)
NO_SUCH_TITLE = Words(404, mark("We don’t know that title"), (mark("Search for it again: it may have been removed."),))
HALF_POINTS = Words(422, mark("Choose a rating from 0.5 to 10"), (mark("Ratings go in steps of half a point."),))
NO_SUCH_LIST = Words(
    404, mark("There is no such list"), (mark("It may have been deleted, or its owner keeps it private."),)
)

WORDS: dict[Fault, Words] = {
    Fault.APP_MISSING: APP_TROUBLE,
    Fault.APP_UNKNOWN: APP_TROUBLE,
    Fault.APP_SWITCHED_OFF: Words(
        403,
        mark("This app can’t be connected"),
        (mark("{app} was switched off by the people who run this server."), mark("Nothing was approved.")),
        "no",
    ),
    Fault.BEARER_WRONG: APP_TROUBLE,
    Fault.SCOPE_MISSING: APP_TROUBLE,
    Fault.ROUTE_UNKNOWN: NOT_HERE,
    Fault.METHOD_UNSUPPORTED: Words(
        405,
        mark("This page can’t be used that way"),
        (mark("Open it from the page that has the link or button to it."),),
    ),
    Fault.PATH_BAD: NOT_HERE,
    Fault.REQUEST_BAD: NOT_UNDERSTOOD,
    Fault.HEAD_TOO_LARGE: Words(
        431, mark("That was too much at once"), (mark("Open the page again in a new window."),)
    ),
    Fault.BODY_BAD: NOT_UNDERSTOOD,
    Fault.BODY_TOO_LARGE: Words(
        413, mark("That was too much at once"), (mark("Nothing was saved. Send a shorter text."),)
    ),
    Fault.BODY_ENCODED: Words(
        415, mark("We couldn’t read what was sent"), (mark("Use an ordinary browser to send this form."),)
    ),
    Fault.PARAMETER_MISSING: Words(
        422, mark("Something is missing"), (mark("Fill in every field and send it again."),)
    ),
    Fault.PARAMETER_BAD: Words(
        422, mark("Something isn’t right yet"), (mark("Check what you filled in and send it again."),)
    ),
    Fault.PAGE_BAD: Words(404, mark("There is no such page of this list"), (mark("Go back to its first page."),)),
    Fault.CONFIRM_MISSING: Words(
        422, mark("Nothing was removed"), (mark("Confirm that you want to remove it and send it again."),)
    ),
    Fault.TOO_MANY_APPENDED: Words(422, mark("That was too much at once"), (mark("Ask for fewer things in one go."),)),
    Fault.TOKEN_MISSING: EXPIRED,
    Fault.TOKEN_UNKNOWN: EXPIRED,
    Fault.TOKEN_OF_OTHER_APP: EXPIRED,
    Fault.TOKEN_OF_OTHER_GENERATION: EXPIRED,
    Fault.TOKEN_EXPIRED: EXPIRED,
    Fault.TOKEN_PENDING: EXPIRED,
    Fault.TOKEN_DENIED: EXPIRED,
    Fault.TOKEN_SPENT: EXPIRED,
    Fault.TOKEN_DECIDED: EXPIRED,
    Fault.TOKEN_REVOKED: EXPIRED,
    Fault.SESSION_MISSING: SIGN_IN_FIRST,
    Fault.SESSION_UNKNOWN: SIGN_IN_FIRST,
    Fault.ACCESS_TOKEN_UNKNOWN: SIGN_IN_FIRST,
    Fault.SIGNED_TOKEN_BAD: EXPIRED,
    Fault.SESSION_NOT_FOUND: Words(404, mark("That connection is gone"), (mark("It was disconnected already."),)),
    Fault.LOGIN_MISSING: Words(
        422, mark("We couldn’t sign you in"), (mark("Fill in both your username and your password."),)
    ),
    Fault.LOGIN_WRONG: Words(
        422,
        mark("We couldn’t sign you in"),
        (
            mark(
                "The username or password isn’t right. "
                "Check both, or ask the person who runs this server for a new password."
            ),
        ),
    ),
    Fault.LOGIN_LIMITED: Words(429, mark("Too many tries"), (mark("Wait {wait} and try again."),), "late"),
    Fault.LOGIN_INSECURE: Words(
        403,
        mark("This isn’t safe here"),
        (mark("Passwords are only accepted over https. Open the address with https."),),
    ),
    Fault.HASHING_BUSY: Words(
        503, mark("Many people are signing in right now"), (mark("Wait {wait} and try again."),), "late"
    ),
    Fault.ACCOUNT_SWITCHED_OFF: Words(
        403,
        mark("Your account is switched off"),
        (mark("Ask the people who run this server to switch it on again."),),
        "no",
    ),
    Fault.ACCOUNT_UNKNOWN: Words(404, mark("There is no such person here"), (mark("Check the name again."),)),
    Fault.USERNAME_BAD: Words(
        422, mark("Choose another username"), (mark("Use letters, numbers, dots and dashes. Others can see it."),)
    ),
    Fault.USERNAME_TAKEN: Words(422, mark("Choose another username"), (mark("This one is taken."),)),
    Fault.NAME_BAD: Words(
        422, mark("Choose another name"), (mark("Use up to 60 characters that can be shown on a page."),)
    ),
    Fault.NAME_TAKEN: Words(422, mark("Choose another name"), (mark("That name is too close to an existing app."),)),
    Fault.PASSWORD_TOO_SHORT: Words(422, mark("Choose a longer password"), (mark("A sentence is fine."),)),
    Fault.PASSWORD_TOO_LONG: Words(422, mark("Choose a shorter password"), (mark("Use at most 1,024 bytes."),)),
    Fault.PASSWORD_LISTED: Words(
        422,
        mark("Choose another password"),
        (mark("This one is on lists of passwords that attackers try first."),),
    ),
    Fault.PASSWORD_GUESSABLE: Words(
        422,
        mark("Choose another password"),
        (mark("This one is too easy to guess: it repeats itself, follows a pattern, or is about you."),),
    ),
    Fault.PASSWORD_WRONG: Words(
        422, mark("Your password isn’t right"), (mark("Type the password you use now once more."),)
    ),
    Fault.SIGN_UP_CLOSED: Words(
        403,
        mark("You can’t make an account here"),
        (mark("This server takes no new accounts. Ask the person who runs it."),),
        "no",
    ),
    Fault.INVITATION_UNKNOWN: Words(
        404,
        mark("This invitation doesn’t work"),
        (mark("It was used already, is too old, or was cut short when it was copied. Ask for a new one."),),
        "late",
    ),
    Fault.MAIL_OFF: Words(
        503,
        mark("This server doesn’t send e-mail"),
        (mark("Ask the person who runs it."),),
        "no",
    ),
    Fault.LINK_DEAD: Words(
        404,
        mark("This link no longer works"),
        (mark("It was used already, a newer one was sent, or it is too old."),),
        "late",
    ),
    Fault.CODE_WRONG: Words(
        422,
        mark("That code isn’t right"),
        (mark("Check the newest mail, and type its eight digits once more."),),
    ),
    Fault.EMAIL_TAKEN: Words(
        409,
        mark("This e-mail address belongs to another account"),
        (mark("Sign in with that account, or use another address here."),),
        "no",
    ),
    Fault.EMAIL_UNCONFIRMED: Words(
        403,
        mark("Confirm your e-mail address first"),
        (mark("Open the mail we’ve sent you, or have it sent again. Then come back here."),),
    ),
    Fault.RECOVERED_LATELY: Words(
        403,
        mark("Not yet"),
        (mark("A new password was set by mail less than a day ago. For safety, this waits until a day has passed."),),
        "late",
    ),
    Fault.ADDRESS_CHANGED_LATELY: Words(
        403,
        mark("Not yet"),
        (
            mark(
                "The e-mail address of this account was changed less than a week ago. For safety, nothing is erased "
                "before then."
            ),
        ),
        "late",
    ),
    Fault.EMAIL_BAD: Words(
        422, mark("Check the e-mail address"), (mark("Enter an e-mail address like name@example.com."),)
    ),
    Fault.STEP_CODE_WRONG: Words(
        422, mark("That code isn’t right, or it’s too old"), (mark("Wait for the next one and try again."),)
    ),
    Fault.CODE_LIMITED: Words(429, mark("Too many tries"), (mark("Wait {wait}, or use a passkey."),), "late"),
    Fault.SECOND_STEP_NEEDED: Words(422, mark("One more step"), (mark("Enter the code from your authenticator app."),)),
    Fault.HALFWAY_OVER: Words(
        422, mark("Please sign in again"), (mark("That took too long. Start again with your password."),)
    ),
    Fault.PASSKEY_BAD: Words(422, mark("That didn’t work"), (mark("Try again, or choose another way."),)),
    Fault.PASSKEY_UNKNOWN: Words(
        422, mark("We couldn’t sign you in"), (mark("This passkey isn’t connected to an account here."),)
    ),
    Fault.PASSKEY_LATE: Words(422, mark("Please try again"), (mark("That took too long. Nothing was changed."),)),
    Fault.PASSKEY_TAKEN: Words(
        422, mark("Nothing was created"), (mark("This device already has a passkey for your account."),)
    ),
    Fault.TOO_MANY_KEPT: Words(
        422, mark("There are too many already"), (mark("Remove one that you no longer use first."),)
    ),
    Fault.NOT_TICKED: Words(
        422,
        mark("Store the codes first"),
        (mark("They are shown this one time only. Tick the box once you have stored them."),),
    ),
    Fault.VISIT_MISSING: SIGN_IN_FIRST,
    Fault.FORM_STALE: Words(
        422,
        mark("Please send it again"),
        (mark("This page was open for a long time, so we’ve refreshed it. Please send it again."),),
    ),
    Fault.RETURN_ADDRESS_BAD: Words(
        400,
        mark("This request was put together wrongly"),
        (mark("{app} asks to send you to an address that can’t be used. Nothing was approved."),),
        "no",
    ),
    Fault.RETURN_ADDRESS_NOT_REGISTERED: Words(
        400,
        mark("This request was put together wrongly"),
        (mark("It asks to send you to an address that {app} hasn’t registered. Nothing was approved."),),
        "no",
    ),
    Fault.TITLE_UNKNOWN: NO_SUCH_TITLE,
    Fault.RATING_MISSING: HALF_POINTS,
    Fault.RATING_TOO_LOW: HALF_POINTS,
    Fault.RATING_TOO_HIGH: HALF_POINTS,
    Fault.RATING_NOT_HALF: HALF_POINTS,
    Fault.LIST_UNKNOWN: NO_SUCH_LIST,
    Fault.LIST_PRIVATE: NO_SUCH_LIST,
    Fault.LIST_OF_OTHER: Words(
        403, mark("This list isn’t yours"), (mark("Only the person who made it can change it."),), "no"
    ),
    Fault.LIST_SPAM: Words(429, mark("Too many lists at once"), (mark("Wait {wait} and try again."),), "late"),
    Fault.LIST_ITEM_TWICE: Words(422, mark("That’s already on this list"), (mark("Nothing was changed."),)),
    Fault.EXTERNAL_SOURCE_BAD: NOT_UNDERSTOOD,
    Fault.GUEST_UNKNOWN: SIGN_IN_FIRST,
    Fault.LIST_ITEM_ABSENT: Words(422, mark("That isn’t on this list"), (mark("It may have been removed already."),)),
    Fault.RECORDS_UNKNOWN: Words(
        422,
        mark("We don’t know this kind of file"),
        (mark("Choose a file of TMDB, IMDb, Letterboxd, Trakt, MovieLens or this server, just as you got it."),),
    ),
    Fault.RECORDS_BROKEN: Words(
        422,
        mark("We couldn’t open this archive"),
        (mark("It may be damaged or locked. Download it again, or unpack it and choose the files in it."),),
    ),
    Fault.RECORDS_TOO_LARGE: Words(
        422,
        mark("That is more than fits into one import"),
        (mark("Choose up to 15 megabytes with at most 100,000 entries. You can import several times."),),
    ),
    Fault.RECORDS_OF_MANY: Words(
        422,
        mark("This file holds the ratings of several people"),
        (mark("Type your number, as it stands in the column userId, and choose the file again."),),
    ),
    Fault.RECORDS_MISSING: Words(
        422, mark("Choose a file"), (mark("Nothing was sent. Choose a file on your device."),)
    ),
    Fault.JOB_UNKNOWN: Words(
        404, mark("There is nothing here any more"), (mark("Imports and archives are kept for 7 days."),)
    ),
    Fault.JOB_RUNNING: Words(
        422, mark("This is being done already"), (mark("Wait until it is finished, then start the next."),), "late"
    ),
    Fault.RATE_LIMITED: Words(429, mark("Too many tries"), (mark("Wait {wait} and try again."),), "late"),
    Fault.UPSTREAM_DOWN: COME_BACK,
    Fault.UPSTREAM_SLOW: COME_BACK,
    Fault.UPSTREAM_REFUSED: COME_BACK,
    Fault.UPSTREAM_BAD: COME_BACK,
    Fault.NOT_RECORDED: COME_BACK,
    Fault.STORE_BUSY: COME_BACK,
    Fault.OVERLOADED: COME_BACK,
    Fault.LEAVING: COME_BACK,
    Fault.STORE_DOWN: COME_BACK,
    Fault.OUTCOME_UNKNOWN: Words(
        503,
        mark("We don’t know whether that worked"),
        (mark("Wait {wait}, then look whether it was done before you repeat it."),),
    ),
    Fault.CRASHED: Words(
        500,
        mark("Something broke on our side"),
        (mark("It isn’t your fault. Try again, and if it happens again tell the people who run this server."),),
    ),
}

# What the pages ask of a form themselves.
CHOOSE = Words(422, mark("Choose one"), (mark("Choose Deny or Approve."),))


def say(fault: Fault, *, app: str = "", retry_after: int | None = None) -> Notice:
    """What to tell a person about `fault`, with the app's name and the seconds to wait filled in (ux.md §5)."""
    return told(WORDS[fault], app=app or gettext("The app"), retry_after=retry_after, fault=fault)


def say_fourth(refused: Refused) -> Notice:
    """What to tell a person about a refusal where requests are of the fourth generation."""
    words = WORDS[refused.fault]
    words = EXPIRED_FOURTH if words is EXPIRED else words
    return told(words, app=gettext("The app"), retry_after=refused.retry_after, fault=refused.fault)


def say_refused(refused: Refused, *, app: str = "") -> Notice:
    """What to tell a person about a refusal that a flow raised."""
    return say(refused.fault, app=app, retry_after=refused.retry_after)


def told(words: Words, *, app: str = "", retry_after: int | None = None, fault: Fault | None = None) -> Notice:
    """Words as the reader's language has them."""
    sentences = tuple(gettext(sentence, app=app, wait=wait(retry_after)) for sentence in words.sentences)
    return Notice(words.status, gettext(words.title), sentences, words.seal, retry_after, fault)


def other_address(public_url: str) -> Notice:
    """What to tell a person whose browser came here by an address that is not this server's own."""
    only = gettext("This page works at {address} only. Open it there.", address=public_url)
    return Notice(422, gettext("Please use the other address"), (only,))


def wait(seconds: int | None) -> str:
    """A length of time to wait, rounded up to whole minutes."""
    if seconds is None:
        return gettext("a minute")
    return ngettext("{count} minute", "{count} minutes", max(1, -(-seconds // 60)))
