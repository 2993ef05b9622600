"""Is the whole public face of the client."""

from admitone_client.answers import Account, RequestToken
from admitone_client.clients import AdmitOne, AsyncAdmitOne
from admitone_client.errors import (
    AdmitOneError,
    InvalidApiKey,
    InvalidRequestToken,
    NoPermission,
    Refused,
    SessionDenied,
    Unreachable,
    WrongLogin,
)

__all__ = [
    "Account",
    "AdmitOne",
    "AdmitOneError",
    "AsyncAdmitOne",
    "InvalidApiKey",
    "InvalidRequestToken",
    "NoPermission",
    "Refused",
    "RequestToken",
    "SessionDenied",
    "Unreachable",
    "WrongLogin",
]
__version__ = "0.1.0"
