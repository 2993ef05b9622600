"""This file says what is kept of an approval: how somebody gave it, from which network, on which browser."""

from enum import StrEnum
from typing import NamedTuple

from admitone.model.limits import Limit

# Mails about the same app, approved in the same way from the same networks: programs that sign in anew with each run
# would fill a mailbox, and the mail from the one approval that somebody else gave would be lost among them.
SAME_AGAIN = Limit("same-connection", burst=1, interval_ms=24 * 60 * 60 * 1000)


class How(StrEnum):
    """How somebody approved. The values are kept and never change once released."""

    PAGE = "page"
    LOGIN = "login"  # user name and password, given to the app itself
    APP_PASSWORD = "app password"


class Approval(NamedTuple):
    """Who approves is known; this is how, from which network, and on which browser as `web.browsers` writes it down."""

    how: How = How.PAGE
    network: str = ""
    browser: str = ""
