"""This file says what a program hears: the codes of wire/errors.json, and which of them stands for each fault."""

from functools import cache
from typing import NamedTuple

from admitone.model.faults import Fault, Refused
from admitone.wire.exchange import Answer, answer

# Code → HTTP status and sentence, to the letter (wire reference, errors). Only the codes we say.
CODES: dict[int, tuple[int, str]] = {
    1: (200, "Success."),
    3: (401, "Authentication failed: You do not have permissions to access the service."),
    5: (400, "Invalid parameters: Your request parameters are incorrect."),
    6: (404, "Invalid id: The pre-requisite id is invalid or not found."),
    7: (401, "Invalid API key: You must be granted a valid key."),
    8: (403, "Duplicate entry: The data you tried to submit already exists."),
    9: (503, "Service offline: This service is temporarily offline, try again later."),
    10: (401, "Suspended API key: Access to your account has been suspended, contact TMDB."),
    11: (500, "Internal error: Something went wrong, contact TMDB."),
    12: (201, "The item/record was updated successfully."),
    13: (200, "The item/record was deleted successfully."),
    17: (401, "Session denied."),
    18: (400, "Validation failed."),
    21: (200, "Entry not found: The item you are trying to edit cannot be found."),
    22: (400, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer."),
    24: (504, "Your request to the backend server timed out. Try again."),
    25: (429, "Your request count (#) is over the allowed limit of (40)."),
    26: (400, "You must provide a username and password."),
    27: (400, "Too many append to response objects: The maximum number of remote calls is 20."),
    29: (400, "You must confirm this action: Please provide a confirm=true parameter."),
    30: (401, "Invalid username and/or password: You did not provide a valid login."),
    31: (401, "Account disabled: Your account is no longer active. Contact TMDB if this is an error."),
    32: (401, "Email not verified: Your email address has not been verified."),
    33: (401, "Invalid request token: The request token is either expired or invalid."),
    34: (404, "The resource you requested could not be found."),
    35: (401, "Invalid token."),
    36: (401, "This token hasn't been granted write permission by the user."),
    37: (404, "The requested session could not be found."),
    38: (401, "You don't have permission to edit this resource."),
    39: (401, "This resource is private."),
    40: (200, "Nothing to update."),
    41: (422, "This request token hasn't been approved by the user."),
    42: (405, "This request method is not supported for this resource."),
    43: (502, "Couldn't connect to the backend server."),
    47: (400, "The input is not valid."),
}


class Says(NamedTuple):
    """What stands for a fault: a code, and where this fault differs from the code's row, the status or sentence."""

    code: int
    status: int | None = None
    message: str | None = None
    error: str | None = None
    errors: tuple[str, ...] = ()


FAULTS: dict[Fault, Says] = {
    Fault.APP_MISSING: Says(7),
    Fault.APP_UNKNOWN: Says(7),
    Fault.APP_SWITCHED_OFF: Says(10),
    Fault.BEARER_WRONG: Says(7),
    Fault.SCOPE_MISSING: Says(36),
    Fault.ROUTE_UNKNOWN: Says(34),
    Fault.METHOD_UNSUPPORTED: Says(42),
    Fault.PATH_BAD: Says(47, error="The path is not UTF-8, or holds a NUL."),
    Fault.REQUEST_BAD: Says(47, error="This is not HTTP/1.1 as this server reads it."),
    Fault.HEAD_TOO_LARGE: Says(47, status=431, error="The address and headers are larger than 64 KiB, or too many."),
    Fault.BODY_BAD: Says(5),
    Fault.BODY_TOO_LARGE: Says(47, status=413, error="The body is larger than 64 KiB."),
    Fault.BODY_ENCODED: Says(47, status=415, error="Send the body without Content-Encoding."),
    Fault.PARAMETER_MISSING: Says(5),
    Fault.PARAMETER_BAD: Says(5),
    Fault.PAGE_BAD: Says(22),
    Fault.CONFIRM_MISSING: Says(29),
    Fault.TOO_MANY_APPENDED: Says(27),
    Fault.TOKEN_MISSING: Says(6),
    Fault.TOKEN_UNKNOWN: Says(33),
    Fault.TOKEN_OF_OTHER_APP: Says(33),
    Fault.TOKEN_OF_OTHER_GENERATION: Says(33),
    Fault.TOKEN_EXPIRED: Says(33),
    Fault.TOKEN_PENDING: Says(33),
    Fault.TOKEN_DENIED: Says(33),
    Fault.TOKEN_SPENT: Says(33),
    Fault.TOKEN_DECIDED: Says(33),
    Fault.TOKEN_REVOKED: Says(33),
    Fault.SESSION_MISSING: Says(3),
    Fault.SESSION_UNKNOWN: Says(3),
    Fault.GUEST_UNKNOWN: Says(34),
    Fault.ACCESS_TOKEN_UNKNOWN: Says(35),
    Fault.SIGNED_TOKEN_BAD: Says(35),
    Fault.SESSION_NOT_FOUND: Says(37),
    Fault.LOGIN_MISSING: Says(26),
    Fault.LOGIN_WRONG: Says(30),
    Fault.LOGIN_LIMITED: Says(25),
    Fault.LOGIN_INSECURE: Says(
        47, status=403, error="A password may only be sent over HTTPS, or from the machine the server runs on."
    ),
    Fault.HASHING_BUSY: Says(25),
    Fault.ACCOUNT_SWITCHED_OFF: Says(31),
    Fault.ACCOUNT_UNKNOWN: Says(30),
    Fault.USERNAME_BAD: Says(47, error="A user name has letters, numbers, dots, dashes and underscores."),
    Fault.USERNAME_TAKEN: Says(47, error="This user name is taken."),
    Fault.NAME_BAD: Says(47, error="This name cannot be used."),
    Fault.NAME_TAKEN: Says(47, error="This name is too close to one that is taken."),
    Fault.PASSWORD_TOO_SHORT: Says(47, error="The password is too short."),
    Fault.PASSWORD_TOO_LONG: Says(47, error="The password is too long."),
    Fault.PASSWORD_LISTED: Says(47, error="The password is on lists that attackers try first."),
    Fault.PASSWORD_GUESSABLE: Says(47, error="The password is too easy to guess."),
    Fault.PASSWORD_WRONG: Says(30),
    Fault.SIGN_UP_CLOSED: Says(47, error="This server takes no new accounts."),
    Fault.INVITATION_UNKNOWN: Says(47, error="This invitation does not work."),
    Fault.MAIL_OFF: Says(47, error="This server sends no mail."),
    Fault.LINK_DEAD: Says(47, error="This link does not work any more."),
    Fault.CODE_WRONG: Says(47, error="This code is not right."),
    Fault.EMAIL_TAKEN: Says(47, error="This e-mail address belongs to another account."),
    Fault.EMAIL_UNCONFIRMED: Says(32),
    Fault.RECOVERED_LATELY: Says(47, error="Wait a day after setting a new password by mail."),
    Fault.ADDRESS_CHANGED_LATELY: Says(47, error="Wait a week after changing the e-mail address."),
    Fault.EMAIL_BAD: Says(47, error="This is no e-mail address."),
    # Word for word as a wrong password, which it is to whoever guesses (security.md F19).
    Fault.SECOND_STEP_NEEDED: Says(30),
    Fault.STEP_CODE_WRONG: Says(30),
    Fault.CODE_LIMITED: Says(25),
    Fault.HALFWAY_OVER: Says(30),
    Fault.PASSKEY_BAD: Says(30),
    Fault.PASSKEY_UNKNOWN: Says(30),
    Fault.PASSKEY_LATE: Says(30),
    Fault.PASSKEY_TAKEN: Says(47, error="This passkey is connected already."),
    Fault.TOO_MANY_KEPT: Says(47, error="There are too many already."),
    Fault.NOT_TICKED: Says(47, error="The codes were not stored."),
    Fault.VISIT_MISSING: Says(3),
    Fault.FORM_STALE: Says(3),
    Fault.RETURN_ADDRESS_BAD: Says(47, error="This address cannot be returned to."),
    Fault.RETURN_ADDRESS_NOT_REGISTERED: Says(47, error="This address is not registered for this app."),
    Fault.TITLE_UNKNOWN: Says(34),
    Fault.RATING_MISSING: Says(5),
    Fault.RATING_TOO_LOW: Says(18, message="Value too low: Value must be greater than 0.0."),
    Fault.RATING_TOO_HIGH: Says(18, message="Value too high: Value must be less than, or equal to 10.0."),
    Fault.RATING_NOT_HALF: Says(18, message="Value invalid: Values must be a multiple of 0.50."),
    Fault.LIST_UNKNOWN: Says(34),
    Fault.LIST_PRIVATE: Says(39),
    Fault.LIST_OF_OTHER: Says(38),
    Fault.LIST_SPAM: Says(18, errors=("Content is suspected to be spam",)),
    Fault.LIST_ITEM_TWICE: Says(8),
    Fault.LIST_ITEM_ABSENT: Says(21),
    Fault.EXTERNAL_SOURCE_BAD: Says(5),
    Fault.UPSTREAM_DOWN: Says(43),
    Fault.UPSTREAM_SLOW: Says(24),
    Fault.UPSTREAM_REFUSED: Says(47, status=502, error="The upstream of this sandbox does not take its token."),
    Fault.UPSTREAM_BAD: Says(43),
    Fault.NOT_RECORDED: Says(47, status=502, error="Nothing was recorded for this call, and no upstream is asked."),
    Fault.RECORDS_UNKNOWN: Says(47, error="No service is known that writes such a file."),
    Fault.RECORDS_BROKEN: Says(47, error="This archive cannot be opened."),
    Fault.RECORDS_TOO_LARGE: Says(47, error="These files hold too much."),
    Fault.RECORDS_OF_MANY: Says(47, error="This file holds the ratings of several people."),
    Fault.RECORDS_MISSING: Says(5),
    Fault.JOB_UNKNOWN: Says(34),
    Fault.JOB_RUNNING: Says(8),
    Fault.RATE_LIMITED: Says(25),
    Fault.STORE_BUSY: Says(9),
    Fault.OVERLOADED: Says(9),
    Fault.LEAVING: Says(9),
    Fault.STORE_DOWN: Says(9),
    Fault.OUTCOME_UNKNOWN: Says(9),
    Fault.CRASHED: Says(11),
}

# What session/new says of every token that cannot be exchanged: one code, so that nobody learns why (wire A.4).
SESSION_DENIED: dict[Fault, Says] = {
    fault: Says(17)
    for fault in (
        Fault.TOKEN_UNKNOWN,
        Fault.TOKEN_OF_OTHER_APP,
        Fault.TOKEN_OF_OTHER_GENERATION,
        Fault.TOKEN_EXPIRED,
        Fault.TOKEN_PENDING,
        Fault.TOKEN_DENIED,
        Fault.TOKEN_SPENT,
        Fault.TOKEN_DECIDED,
        Fault.TOKEN_REVOKED,
    )
}

# Of a token that nobody has decided yet the fourth generation tells: its clients wait for it (wire C.2).
NOT_YET: dict[Fault, Says] = {Fault.TOKEN_PENDING: Says(41)}

# Where a list is asked about one item, absence is like that of everything else (wire C.5).
NOT_ON_LIST: dict[Fault, Says] = {Fault.LIST_ITEM_ABSENT: Says(34)}

# These codes carry one key more (wire 1.4).
FAILURES = {17, 47}


@cache
def done(code: int, status: int | None = None) -> Answer:
    """The answer to a write that succeeded: code 1, 12 or 13, with the status given or the code's own."""
    usual, message = CODES[code]
    return answer({"success": True, "status_code": code, "status_message": message}, status or usual)


def refused(refusal: Refused, at_this_route: dict[Fault, Says] | None = None) -> Answer:
    """The answer to a refusal; `at_this_route` holds what this operation says differently from all others."""
    says = (at_this_route or {}).get(refusal.fault) or FAULTS[refusal.fault]
    status, message = CODES[says.code]
    content: dict[str, object] = {
        "success": False,
        "status_code": says.code,
        "status_message": says.message or message,
    }
    if says.code in FAILURES:
        content["failure"] = True
    if says.error:
        content["error"] = says.error
    if says.errors:
        content["errors"] = says.errors
    headers = () if refusal.retry_after is None else (("Retry-After", str(refusal.retry_after)),)
    return answer(content, says.status or status, *headers)
