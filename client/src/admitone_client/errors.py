"""Holds every way in which a call can fail.

AdmitOneError
├── Unreachable                no answer came, or none that this protocol knows
└── Refused                    the server said no: .status, .code, .message, .retry_after
    ├── NoPermission           code 3: no session, or one that is over
    ├── InvalidApiKey          code 7
    ├── SessionDenied          code 17: not approved yet, denied, expired or used; the server does not say which
    ├── WrongLogin             code 30
    └── InvalidRequestToken    code 33
"""

from collections.abc import Mapping
from typing import Final


class AdmitOneError(Exception):
    """Anything that goes wrong between this client and the server."""


class Unreachable(AdmitOneError):
    """No answer, or none that this protocol knows. Whether the server did what it was asked is not known."""


class Refused(AdmitOneError):
    """The server understood and said no."""

    def __init__(self, status: int, code: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.message} (code {self.code}, HTTP {self.status})"


class NoPermission(Refused):
    """Code 3: the call needs a session, and this one is unknown or over."""


class InvalidApiKey(Refused):
    """Code 7: the API key or read access token is missing or unknown."""


class SessionDenied(Refused):
    """Code 17: the request token is not approved. Nothing was used up: it can still be approved and asked again."""


class WrongLogin(Refused):
    """Code 30: the username or the password is wrong."""


class InvalidRequestToken(Refused):
    """Code 33: the request token is unknown or expired."""


NAMED: Final[Mapping[int, type[Refused]]] = {
    3: NoPermission,
    7: InvalidApiKey,
    17: SessionDenied,
    30: WrongLogin,
    33: InvalidRequestToken,
}
