"""This file names every reason for which Admit One refuses something.

Faults are finer than what goes over the wire on purpose: `wire.answers` and `pages.words` are total tables over them,
and the log tells the true reason behind an answer that must not.
"""

from enum import StrEnum


class Fault(StrEnum):
    """Why something was refused. The value is what the log and the audit say; it never changes once released."""

    # Who asks: the app
    APP_MISSING = "app_missing"  # no credential at all
    APP_UNKNOWN = "app_unknown"  # a key or read token that nobody was given, or that was taken back
    APP_SWITCHED_OFF = "app_switched_off"
    BEARER_WRONG = "bearer_wrong"  # no bearer token, or not of the kind that the operation asks for
    SCOPE_MISSING = "scope_missing"  # a bearer token without the permission to write

    # Where to
    ROUTE_UNKNOWN = "route_unknown"
    METHOD_UNSUPPORTED = "method_unsupported"
    PATH_BAD = "path_bad"  # a NUL or bytes that are not UTF-8

    # What was sent
    REQUEST_BAD = "request_bad"  # not HTTP as we read it
    HEAD_TOO_LARGE = "head_too_large"
    BODY_BAD = "body_bad"  # not the JSON or form it says it is
    BODY_TOO_LARGE = "body_too_large"
    BODY_ENCODED = "body_encoded"  # compressed bodies are not read
    PARAMETER_MISSING = "parameter_missing"
    PARAMETER_BAD = "parameter_bad"
    PAGE_BAD = "page_bad"
    CONFIRM_MISSING = "confirm_missing"
    TOO_MANY_APPENDED = "too_many_appended"

    # Request tokens
    TOKEN_MISSING = "token_missing"
    TOKEN_UNKNOWN = "token_unknown"  # never made, or swept long after its end
    TOKEN_OF_OTHER_APP = "token_of_other_app"
    TOKEN_OF_OTHER_GENERATION = "token_of_other_generation"  # v3's where v4's is wanted, or the reverse
    TOKEN_EXPIRED = "token_expired"
    TOKEN_PENDING = "token_pending"  # nobody has approved it yet
    TOKEN_DENIED = "token_denied"
    TOKEN_SPENT = "token_spent"  # exchanged once already
    TOKEN_DECIDED = "token_decided"  # by another person, or the other way by the same one
    TOKEN_REVOKED = "token_revoked"  # its approver was switched off or removed in between

    # Sessions
    SESSION_MISSING = "session_missing"
    SESSION_UNKNOWN = "session_unknown"  # never made, ended, or another app's
    GUEST_UNKNOWN = "guest_unknown"  # never made, another app's, or unused for an hour
    ACCESS_TOKEN_UNKNOWN = "access_token_unknown"  # a user access token that was revoked, or is another app's
    SIGNED_TOKEN_BAD = "signed_token_bad"  # not a token of the kind that is wanted that we signed
    SESSION_NOT_FOUND = "session_not_found"  # asked to end a session that this app does not have

    # People
    LOGIN_MISSING = "login_missing"  # user name or password not given
    LOGIN_WRONG = "login_wrong"
    LOGIN_LIMITED = "login_limited"
    LOGIN_INSECURE = "login_insecure"  # a password over plain HTTP from beyond loopback
    HASHING_BUSY = "hashing_busy"
    ACCOUNT_SWITCHED_OFF = "account_switched_off"
    ACCOUNT_UNKNOWN = "account_unknown"
    USERNAME_BAD = "username_bad"
    USERNAME_TAKEN = "username_taken"
    NAME_BAD = "name_bad"
    NAME_TAKEN = "name_taken"
    PASSWORD_TOO_SHORT = "password_too_short"
    PASSWORD_TOO_LONG = "password_too_long"
    PASSWORD_LISTED = "password_listed"  # on the list of those that attackers try first
    PASSWORD_GUESSABLE = "password_guessable"  # a pattern, or about the person
    PASSWORD_WRONG = "password_wrong"  # the present one, where another is to be set
    SIGN_UP_CLOSED = "sign_up_closed"
    INVITATION_UNKNOWN = "invitation_unknown"  # never made, used, or over
    MAIL_OFF = "mail_off"  # this server sends no mail
    LINK_DEAD = "link_dead"  # a link in a mail that was used, replaced, or is over
    CODE_WRONG = "code_wrong"  # of the eight digits in a mail
    EMAIL_TAKEN = "email_taken"  # confirmed by another account; said only to whoever has the mailbox
    EMAIL_UNCONFIRMED = "email_unconfirmed"
    RECOVERED_LATELY = "recovered_lately"  # for a day after a lost password, what cannot be undone waits
    ADDRESS_CHANGED_LATELY = "address_changed_lately"  # the old one can still take it back
    EMAIL_BAD = "email_bad"
    STEP_CODE_WRONG = "step_code_wrong"  # a one-time or recovery code that does not fit, or was taken before
    CODE_LIMITED = "code_limited"
    SECOND_STEP_NEEDED = "second_step_needed"  # the password alone is not enough for this account
    HALFWAY_OVER = "halfway_over"  # too long between password and code, or the password was changed meanwhile
    PASSKEY_BAD = "passkey_bad"  # what the browser sent is not an answer of a passkey to our question
    PASSKEY_UNKNOWN = "passkey_unknown"  # of no account here
    PASSKEY_LATE = "passkey_late"  # the question is too old, or was answered before
    PASSKEY_TAKEN = "passkey_taken"  # this passkey is connected already
    TOO_MANY_KEPT = "too_many_kept"  # more passkeys or app passwords than anybody needs
    NOT_TICKED = "not_ticked"
    VISIT_MISSING = "visit_missing"  # nobody is signed in on this browser
    FORM_STALE = "form_stale"  # the synchroniser value or the origin of a form is not ours

    # Where the browser goes next
    RETURN_ADDRESS_BAD = "return_address_bad"
    RETURN_ADDRESS_NOT_REGISTERED = "return_address_not_registered"

    # Titles, ratings, lists
    TITLE_UNKNOWN = "title_unknown"
    RATING_MISSING = "rating_missing"
    RATING_TOO_LOW = "rating_too_low"
    RATING_TOO_HIGH = "rating_too_high"
    RATING_NOT_HALF = "rating_not_half"
    LIST_UNKNOWN = "list_unknown"
    LIST_PRIVATE = "list_private"
    LIST_OF_OTHER = "list_of_other"
    LIST_SPAM = "list_spam"  # many lists at once with names that a program made up
    LIST_ITEM_TWICE = "list_item_twice"
    LIST_ITEM_ABSENT = "list_item_absent"
    EXTERNAL_SOURCE_BAD = "external_source_bad"

    # The upstream of a sandbox
    UPSTREAM_DOWN = "upstream_down"  # nobody answers there
    UPSTREAM_SLOW = "upstream_slow"
    UPSTREAM_REFUSED = "upstream_refused"  # it does not take our token
    UPSTREAM_BAD = "upstream_bad"  # it broke off, failed itself, or answered with what is no JSON
    NOT_RECORDED = "not_recorded"  # only what was recorded is played, and this was not

    # What people bring and take away
    RECORDS_UNKNOWN = "records_unknown"  # no file that any service we know writes
    RECORDS_BROKEN = "records_broken"  # an archive that cannot be opened
    RECORDS_TOO_LARGE = "records_too_large"
    RECORDS_OF_MANY = "records_of_many"  # the ratings of several people, and nobody said whose to take
    RECORDS_MISSING = "records_missing"  # no file was chosen
    JOB_UNKNOWN = "job_unknown"
    JOB_RUNNING = "job_running"

    # The house itself
    RATE_LIMITED = "rate_limited"
    STORE_BUSY = "store_busy"  # the database did not let us in in time; nothing was done
    STORE_DOWN = "store_down"  # the database cannot be reached or cannot write
    OUTCOME_UNKNOWN = "outcome_unknown"  # the connection broke while a commit was on its way
    OVERLOADED = "overloaded"  # more is asked than can be answered in time; nothing was done
    LEAVING = "leaving"  # this process was told to stop; another will answer
    CRASHED = "crashed"  # a bug of ours


class Refused(Exception):
    """A refusal with its named reason.

    `retry_after` is in whole seconds, for the faults that end by waiting. `detail` is for the log and the developer,
    never for the wire; it must not hold a secret. `account_id` is for our own pages: whose account it is, told only
    when they have just proved to be that person.
    """

    def __init__(
        self, fault: Fault, *, retry_after: int | None = None, detail: str = "", account_id: int | None = None
    ) -> None:
        """Keep the reason; see the class."""
        super().__init__(fault.value)
        self.fault = fault
        self.retry_after = retry_after
        self.detail = detail
        self.account_id = account_id
